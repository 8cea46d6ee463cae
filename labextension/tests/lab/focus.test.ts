import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Focus } from '../../src/lab/focus';
import type { Subject } from '../../src/ui/host';

let focus: Focus;

beforeEach(() => {
  const page = `
    <main><section id="cell"><div id="run"><input id="in-run"></div></section>
      <section id="other-cell" tabindex="-1"></section></main>
    <div id="table"><p id="row"></p><div id="drawer"><p id="in-drawer"></p></div></div>
    <div id="modal-command-palette"><input id="palette"></div>
    <div class="jp-Dialog"><input id="dialog"></div>`;
  document.body.replaceChildren(
    ...new DOMParser().parseFromString(page, 'text/html').body.children
  );
  focus = new Focus(document);
  mark('run', { kind: 'run', run: 'a' });
  mark('table', { kind: 'runs' });
});

const node = (id: string): HTMLElement => document.getElementById(id)!;
const mark = (id: string, subject: Subject, workspace = 'w'): void =>
  focus.mark(node(id), { workspace, subject, renew: () => undefined });
const go = (id: string, type = 'focusin'): void =>
  void node(id).dispatchEvent(new Event(type, { bubbles: true }));
const kindOf = (kind?: string): string | undefined => focus.current(null, kind)?.subject.kind;

describe('where the user is', () => {
  it.each(['focusin', 'pointerdown'])('is what has the %s', type => {
    expect(kindOf()).toBeUndefined();
    go('in-run', type);
    expect(kindOf()).toBe('run');
    go('row', type);
    expect(kindOf()).toBe('runs');
    go('other-cell', type);
    expect(kindOf()).toBeUndefined();
  });

  it('stays while a command is chosen, and a dialog asks', () => {
    go('in-run');
    go('palette');
    go('dialog', 'pointerdown');
    expect(kindOf()).toBe('run');
  });

  it('stays while a cell takes the focus for what is clicked in it', () => {
    go('in-run', 'pointerdown');
    go('cell');
    expect(kindOf()).toBe('run');
  });

  it('is at a line of a list, as long as the list is there', () => {
    go('row');
    focus.look(node('table'), 'v', { kind: 'run', run: 'b' });
    expect(focus.current(null, 'run')).toMatchObject({ workspace: 'v', subject: { run: 'b' } });
    expect(kindOf('runs')).toBe('runs');
    expect(kindOf('dataset')).toBeUndefined();
    focus.look(node('table'), 'v', null);
    expect(kindOf('run')).toBeUndefined();
    focus.look(node('table'), 'v', { kind: 'run', run: 'b' });
    mark('table', { kind: 'compare' });
    expect(kindOf('run')).toBeUndefined();
  });

  it('is at the innermost screen', () => {
    focus.look(node('table'), 'w', { kind: 'run', run: 'row' });
    mark('drawer', { kind: 'run', run: 'inner' });
    go('in-drawer');
    expect(focus.current(null, 'run')?.subject).toEqual({ kind: 'run', run: 'inner' });
    expect(kindOf('runs')).toBe('runs');
  });

  it('is nowhere once that is gone', () => {
    go('in-run');
    focus.mark(node('run'), null);
    expect(kindOf()).toBeUndefined();
    mark('run', { kind: 'run' });
    go('in-run');
    node('run').remove();
    expect(kindOf()).toBeUndefined();
  });

  it('is in the tab in use where it is nowhere else', () => {
    const ofTable = (kind?: string): unknown => focus.current(node('table'), kind)?.subject;
    expect(ofTable()).toEqual({ kind: 'runs' });
    go('in-run');
    expect(ofTable('runs')).toEqual({ kind: 'runs' });
    expect(ofTable()).toEqual({ kind: 'run', run: 'a' });
  });

  it('is at no screen that is of no workspace', () => {
    mark('drawer', { kind: 'workspace' }, '');
    go('in-drawer');
    expect(kindOf()).toBe('runs');
  });

  it('has its line drawn anew by its list', () => {
    const renew = vi.fn();
    focus.mark(node('table'), { workspace: 'w', subject: { kind: 'runs' }, renew });
    go('row');
    focus.look(node('table'), 'w', { kind: 'run', run: 'b' });
    focus.current(null, 'run')!.renew();
    expect(renew).not.toHaveBeenCalled();
  });
});
