import { describe, expect, it, vi } from 'vitest';
import { LabNotebooks } from '../../src/lab/notebook';

vi.mock('@jupyterlab/notebook', () => ({ NotebookActions: {} }));
vi.mock('@jupyterlab/services', () => ({ KernelMessage: {} }));

describe('a notebook', () => {
  const save = vi.fn(async () => undefined);
  const saves = (context: object, autosave: boolean | null = true): number => {
    save.mockClear();
    const panel = {
      node: document.createElement('div'),
      context: {
        isReady: true,
        model: { dirty: true },
        contentsModel: { writable: true },
        save,
        ...context
      }
    };
    const tracker = { find: (is: (one: typeof panel) => boolean) => [panel].find(is) };
    const notebooks = new LabNotebooks(tracker as never, autosave === null ? null : { autosave });
    notebooks.save(panel.node);
    notebooks.save(document.createElement('div'));
    return save.mock.calls.length;
  };

  it('is saved where it has changed, as its application does now and then', () => {
    expect(saves({})).toBe(1);
    expect(saves({}, null)).toBe(1);
  });

  it.each([
    ['it has not changed', { model: { dirty: false } }, true],
    ['it cannot be written', { contentsModel: { writable: false } }, true],
    ['it is not loaded', { isReady: false }, true],
    ['the user has switched that off', {}, false]
  ])('is left alone where %s', (_, context, autosave) => {
    expect(saves(context, autosave)).toBe(0);
  });
});
