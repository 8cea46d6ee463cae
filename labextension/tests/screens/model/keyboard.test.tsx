import { describe, expect, it, vi } from 'vitest';
import { model, P } from '../models/sample';
import { button, settle } from '../run/scene';
import { fill, find, host, parent, show, submit, text } from './scene';

const key = (node: Element, name: string): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true });
  node.dispatchEvent(event);
  return event;
};
const node = (kind: string): SVGElement =>
  parent.querySelector<SVGElement>(`.aml-lineage-${kind}`)!;

describe('the lineage by keyboard', () => {
  it('is reached by Tab where it leads somewhere', async () => {
    await show(model(), {}, { open: vi.fn() });
    expect(node('run').getAttribute('tabindex')).toBe('0');
    expect(node('model').getAttribute('tabindex')).toBeNull();
  });

  it.each(['Enter', ' '])('opens by %j, which goes no further', async name => {
    const [open, outside] = [vi.fn(), vi.fn()];
    await show(model(), {}, { open });
    document.body.addEventListener('keydown', outside);
    const event = key(node('run'), name);
    expect(open).toHaveBeenCalledWith({ kind: 'run', run: 'run-1' });
    expect([event.defaultPrevented, outside.mock.calls.length]).toEqual([true, 0]);
    key(node('run'), 'x');
    expect([open.mock.calls.length, outside.mock.calls.length]).toEqual([1, 1]);
    document.body.removeEventListener('keydown', outside);
  });

  it('opens below where there are no tabs, and closes again', async () => {
    await show();
    key(node('service'), 'Enter');
    await settle();
    expect(text('.aml-drawer')).toContain('service scorer');
    find('.aml-drawer .aml-close').click();
    await settle();
    expect(text('.aml-drawer')).toBe('');
  });

  it('shortens long titles, and says them in full', async () => {
    const long = `${P} ${'x'.repeat(60)}`;
    const { lineage } = model();
    const nodes = lineage.nodes.map(one => ({ ...one, title: long }));
    await show(model({ lineage: { ...lineage, nodes } }));
    expect(node('run').querySelector('text')!.textContent.length).toBeLessThan(22);
    expect(node('run').querySelector('title')!.textContent).toContain(long);
    expect(parent.querySelector('img')).toBeNull();
  });
});

describe('the focus', () => {
  it('is in the form, and back at its button after it', async () => {
    await show();
    const edit = button(parent, 'Edit');
    edit.click();
    await settle();
    expect(document.activeElement).toBe(find('form textarea'));
    key(document.activeElement!, 'Escape');
    await settle();
    expect(document.activeElement).toBe(edit);
    expect(edit.getAttribute('aria-expanded')).toBe('false');
  });

  it('is on the way back when a version is to be deleted', async () => {
    await show();
    button(parent, 'Delete…').focus();
    button(parent, 'Delete…').click();
    await settle();
    expect(document.activeElement).toBe(button(parent, 'No'));
    key(document.activeElement!, 'Escape');
    await settle();
    expect(document.activeElement).toBe(button(parent, 'Delete…'));
    expect(host.questions('delete_model')).toEqual([]);
  });
});

describe('what is edited', () => {
  it('is sent by tags, properties and stage as they differ', async () => {
    await show(model(), { update_model: () => model({ stage: 'Archived' }) });
    button(parent, 'Edit').click();
    await settle();
    fill('form label:nth-of-type(2) textarea', 'team=red\nnew');
    fill('form label:nth-of-type(3) textarea', 'origin=lab\nby=ada');
    const stage = find('form select') as HTMLSelectElement;
    stage.value = 'Archived';
    stage.dispatchEvent(new Event('change', { bubbles: true }));
    await submit();
    expect(host.questions('update_model')).toEqual([
      expect.objectContaining({ model: 'digits:2', stage: 'Archived', properties: { by: 'ada' } })
    ]);
    expect(text('header')).toContain('Archived');
  });

  it('is kept on the screen while others change the version', async () => {
    await show();
    button(parent, 'Edit').click();
    await settle();
    fill('form textarea', 'half a sentence');
    mountedAgain();
    await settle();
    expect((find('form textarea') as HTMLTextAreaElement).value).toBe('half a sentence');
    expect(host.questions('model')).toHaveLength(1);
  });
});

/** The page is hidden and seen again, upon which a screen asks anew. */
function mountedAgain(): void {
  for (const isHidden of [true, false]) {
    Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }
}
