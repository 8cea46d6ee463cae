import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LabNotebooks } from '../../src/lab/notebook/notebook';
import { subjectOfBundle } from '../../src/lab/notebook/bundle';

vi.mock('../../src/screens/registry.gen', () => import('../fake_screens'));
vi.mock('@jupyterlab/notebook', () => ({ NotebookActions: {} }));
vi.mock('@jupyterlab/services', () => ({ KernelMessage: {} }));

const TYPE = 'application/vnd.test.run+json';
const of = (id: string) => ({ [TYPE]: { version: 1, workspace: 'w', view: { id } } });
const DATA = of('r');

interface Output {
  data: object;
}

interface Shown extends Output {
  metadata: object;
  setData(options: { metadata: object }): void;
}

/** A notebook of cells of code with these sources and ids, as far as it is used. */
function notebook(cells: Record<string, string>, context: object = {}) {
  const told: ((sender: unknown, state: string) => void)[] = [];
  const node = document.createElement('div');
  const widgets = Object.entries(cells).map(([id, source]) => {
    const shown: Output[] = [];
    const outputs = {
      get length() {
        return shown.length;
      },
      get: (place: number) => shown[place]!,
      add: (output: Output) => shown.push(output),
      clear: () => void (shown.length = 0)
    };
    const model = {
      ...{ id, type: 'code', outputs, executionCount: null as number | null },
      sharedModel: { getSource: () => source }
    };
    return { node: node.appendChild(document.createElement('div')), model, shown };
  });
  return {
    node,
    widgets,
    content: { widgets, model: { cells: widgets.map(({ model }) => model) } },
    context: {
      path: 'a.ipynb',
      isReady: true,
      ready: Promise.resolve(),
      model: { dirty: true },
      contentsModel: { writable: true },
      saveState: { connect: (slot: (typeof told)[number]) => told.push(slot) },
      save: vi.fn(async () => undefined),
      ...context
    },
    saved: (state: string) => told.forEach(slot => slot(null, state))
  };
}

type Panel = ReturnType<typeof notebook>;

async function open(panel: Panel, autosave: boolean | null = true): Promise<LabNotebooks> {
  const tracker = {
    find: (is: (one: Panel) => boolean) => [panel].find(is),
    forEach: (call: (one: Panel) => void) => call(panel),
    widgetAdded: { connect: () => undefined }
  };
  const found = new LabNotebooks(tracker as never, autosave === null ? null : { autosave });
  await panel.context.ready;
  return found;
}

beforeEach(() => sessionStorage.clear());

describe('a notebook', () => {
  const saves = async (context: object, autosave: boolean | null = true): Promise<number> => {
    const panel = notebook({ one: '1' }, context);
    const notebooks = await open(panel, autosave);
    notebooks.save(panel.node);
    notebooks.save(document.createElement('div'));
    return panel.context.save.mock.calls.length;
  };

  it('is saved where it has changed, as its application does now and then', async () => {
    expect(await saves({})).toBe(1);
    expect(await saves({}, null)).toBe(1);
  });

  it.each([
    ['it has not changed', { model: { dirty: false } }, true],
    ['it cannot be written', { contentsModel: { writable: false } }, true],
    ['it is not loaded', { isReady: false }, true],
    ['the user has switched that off', {}, false]
  ])('is left alone where %s', async (_, context, autosave) => {
    expect(await saves(context, autosave)).toBe(0);
  });
});

describe('a notebook that is loaded again', () => {
  /** Shows an output below the second cell. */
  const shown = async (id = 'r'): Promise<{ panel: Panel; forget: (() => void) | null }> => {
    const panel = notebook({ one: '1', two: '2' });
    const notebooks = await open(panel);
    const subject = subjectOfBundle(of(id))!;
    expect(notebooks.hold(document.createElement('div'), subject, of(id))).toBeNull();
    return { panel, forget: notebooks.hold(panel.widgets[1]!.node, subject, of(id)) };
  };
  const again = async (
    cells: Record<string, string>,
    before: Output[] = [],
    count: number | null = null
  ): Promise<number[]> => {
    const panel = notebook(cells);
    panel.widgets[1]?.shown.push(...before);
    for (const { model } of panel.widgets) {
      model.executionCount = count;
    }
    await open(panel);
    return panel.widgets.map(one => one.shown.length);
  };

  it('shows what its file does not hold', async () => {
    await shown();
    const panel = notebook({ one: '1', two: '2' });
    await open(panel);
    expect(panel.widgets[1]!.shown).toEqual([
      { output_type: 'display_data', data: DATA, metadata: {} }
    ]);
    expect(panel.widgets[0]!.shown).toEqual([]);
  });

  it('knows its cells by what they say where their ids are new', async () => {
    await shown();
    expect(await again({ x: '1', y: '2' })).toEqual([0, 1]);
    expect(await again({ x: '1', y: 'other' })).toEqual([0, 0]);
    expect(await again({ x: '1' })).toEqual([0]);
  });

  it('shows nothing twice', async () => {
    await shown();
    expect(await again({ one: '1', two: '2' }, [{ data: DATA }])).toEqual([0, 1]);
    expect(await again({ one: '1', two: '2' }, [{ data: DATA }], 7)).toEqual([0, 1]);
    expect(await again({ one: '1', two: '2' }, [{ data: { 'text/plain': '' } }])).toEqual([0, 2]);
    expect(await again({ one: '1', two: '2' }, [{ data: { [TYPE]: {} } }])).toEqual([0, 2]);
  });

  it('shows each of several outputs of a cell', async () => {
    await shown('r');
    await shown('s');
    expect(await again({ one: '1', two: '2' })).toEqual([0, 2]);
    expect(await again({ one: '1', two: '2' }, [{ data: of('s') }])).toEqual([0, 2]);
  });

  it('shows what runs rather than what an earlier execution left', async () => {
    await shown('r');
    await shown('s');
    const before = [{ data: { 'text/plain': 'before' } }, { data: of('old') }];
    expect(await again({ one: '1', two: '2' }, before, 3)).toEqual([0, 2]);
  });

  it('remembers nothing that was saved, cleared or closed', async () => {
    const { panel, forget } = await shown();
    panel.saved('started');
    panel.saved('failed');
    expect(await again({ one: '1', two: '2' })).toEqual([0, 1]);
    panel.saved('completed');
    expect(await again({ one: '1', two: '2' })).toEqual([0, 0]);
    const other = await shown();
    other.forget!();
    forget!();
    expect(await again({ one: '1', two: '2' })).toEqual([0, 0]);
  });

  it('shows outputs as they were shown, where nobody has saved that', async () => {
    const output = (): Shown => ({
      data: DATA,
      metadata: {},
      setData({ metadata }) {
        this.metadata = metadata;
      }
    });
    const opened = async (cells: Record<string, string>): Promise<[Panel, LabNotebooks]> => {
      const panel = notebook(cells);
      panel.widgets[1]?.shown.push({ data: {} }, output());
      return [panel, await open(panel)];
    };
    const [before, notebooks] = await opened({ one: '1', two: '2' });
    const held = { mime: TYPE, view: { a: 1 } };
    notebooks.holdView(before.widgets[1]!.node, subjectOfBundle(DATA)!, held);
    notebooks.holdView(document.createElement('div'), subjectOfBundle(DATA)!, held);
    const viewAgain = async (cells: Record<string, string>): Promise<unknown> =>
      ((await opened(cells))[0].widgets[1]!.shown[1] as Shown).metadata;
    expect(await viewAgain({ one: '1', two: '2' })).toEqual({ [TYPE]: { view: { a: 1 } } });
    expect(await viewAgain({ one: '1', two: 'other' })).toEqual({});
    before.saved('completed');
    expect(await viewAgain({ one: '1', two: '2' })).toEqual({});
  });
});
