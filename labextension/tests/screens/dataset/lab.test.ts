import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity } from '../../../src/lab/activity';
import { datasetCode } from '../../../src/ui/code';
import type { Front } from '../../../src/lab/front';
import { LabHost } from '../../../src/lab/host';
import { Output } from '../../../src/lab/output';
import { PanelData } from '../../../src/screens/workspace/panel_data';
import { PanelView } from '../../../src/screens/workspace/panel_view';
import { Screen } from '../../../src/lab/screen';
import { Source } from '../../../src/lab/source';
import { wishOf } from '../../../src/lab/wish';
import { plainly } from '../../../src/ui/host';
import { MIME } from '../../../src/ui/snapshot';
import type { DatasetRowView, DatasetsView } from '../../../src/contract.gen';
import { json, page, Server, settle, Stream } from '../../lab/server';

const made: { view: { id: string }; updates: number; isDisposed: boolean }[] = [];
vi.mock('../../../src/screens/dataset/mount', () => ({
  mountDataset: (parent: HTMLElement, { view }: { view: { id: string } }) => {
    if (view.id === 'broken') {
      throw new Error('It broke.');
    }
    const one = { view, updates: 0, isDisposed: false };
    made.push(one);
    parent.append(`dataset ${view.id}`);
    return { update: () => (one.updates += 1), dispose: () => (one.isDisposed = true) };
  }
}));

const P = '<img src=x onerror="window.__pwned=1">';
let server: Server;
let front: Front;
let opened: unknown[][];
let inserted: string[];

beforeEach(() => {
  made.length = 0;
  opened = [];
  inserted = [];
  server = new Server();
  const source = new Source(server, plainly);
  const places = {
    openRun: () => undefined,
    openRuns: () => undefined,
    openCompare: () => undefined,
    openDataset: (...all: unknown[]) => void opened.push(all)
  };
  const notebooks = {
    insert: (_: unknown, code: string) => inserted.push(code) < 2,
    session: () => null,
    save: () => undefined
  };
  front = { source, activity: new Activity(source), t: plainly, places, notebooks };
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const find = (address: string) =>
  server.requests.filter(request => request.address.startsWith(address)).at(-1)!;

async function loaded(): Promise<void> {
  await vi.dynamicImportSettled();
  await settle();
}

describe('the host', () => {
  it('inserts code, and says where there is no notebook for it', () => {
    const host = new LabHost(front, 'w"s', document.body);
    host.codeForDataset!('a\u202e\\b\n"', 3);
    expect(inserted).toEqual([datasetCode('w"s', 'a\u202e\\b\n"', 3)]);
    expect(inserted[0]).toContain(
      'ws = Workspace.get(name="w\\"s")\ndataset = Dataset.get_by_name(ws, "a\\u202e\\\\b\\n\\"", version=3)'
    );
    expect(() => host.codeForDataset!('a', 1)).toThrow('Open a notebook first');
    host.openDataset!('people', 2);
    expect(opened).toEqual([['w"s', 'people', 2]]);
  });

  it('has neither in a page without them', () => {
    const host = new LabHost({ ...front, places: null, notebooks: null }, 'w', document.body);
    expect([host.codeForDataset, host.openDataset]).toEqual([undefined, undefined]);
  });

  it('takes the arguments of the command where they have their form', () => {
    expect(wishOf({ dataset: 'd', version: 2 })).toMatchObject({ dataset: 'd', version: 2 });
    expect(wishOf({ dataset: 1, version: '2' })).toMatchObject({
      dataset: undefined,
      version: undefined
    });
  });
});

describe('an output', () => {
  const node = document.createElement('div');
  const html = { show: async () => undefined, hide: () => undefined };
  const bundle = (id: string): Record<string, unknown> => ({
    [MIME.dataset]: { version: 1, workspace: 'w', view: { id } }
  });

  it('loads the screen, draws it, and takes newer states', async () => {
    const output = new Output(node, MIME.dataset, front, html);
    await output.render(bundle('a'));
    expect(node.textContent).toBe('dataset a');
    await output.render(bundle('a'));
    expect(made.map(({ updates }) => updates)).toEqual([1]);
    await output.render(bundle('b'));
    expect(made.map(({ isDisposed }) => isDisposed)).toEqual([true, false]);
    expect(node.textContent).toBe('dataset b');
    output.dispose();
  });

  it('that was put away before the screen came draws nothing', async () => {
    const output = new Output(node, MIME.dataset, front, html);
    const drawn = output.render(bundle('a'));
    output.dispose();
    await drawn;
    expect(made).toEqual([]);
  });

  it('says what cannot be drawn', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await new Output(node, MIME.dataset, front, html).render(bundle('broken'));
    expect(node.textContent).toBe('This output could not be drawn: It broke.');
  });
});

describe('a tab', () => {
  it.each([
    [
      { version: 2 },
      { name: 'people', id: 'i' },
      'people, version 2',
      { dataset: 'people', version: 2 }
    ],
    [{}, { name: 'people', id: 'i' }, 'people', { dataset: 'people' }],
    [{}, { name: null, id: '0123456789' }, 'Dataset 01234567', { dataset: 'people' }]
  ])('with %j of %j is called %j', async (more, view, title, question) => {
    const node = document.createElement('div');
    const titles: string[] = [];
    const screen = new Screen(
      node,
      front,
      { kind: 'dataset', workspace: 'w', dataset: 'people', ...more },
      told => titles.push(told)
    );
    expect(server.last.address).toBe('workspaces/w/ask/dataset');
    expect(server.last.body).toEqual(question);
    await server.last.answer(json(view));
    await loaded();
    expect(titles).toEqual([title]);
    expect(node.textContent).toBe(`dataset ${view.id}`);
    screen.dispose();
    expect(made[0]!.isDisposed).toBe(true);
  });

  it('of what is not there says so', async () => {
    const node = document.createElement('div');
    const screen = new Screen(node, front, { kind: 'dataset', workspace: 'w', dataset: P });
    await server.last.answer(json({ message: `There is no dataset “${P}”.` }, 404));
    await loaded();
    expect(node.textContent).toContain(`There is no dataset “${P}”.`);
    expect(node.querySelector('img')).toBeNull();
    screen.dispose();
  });
});

describe('the data in the side panel', () => {
  const row = (name: string, fields: Partial<DatasetRowView> = {}): DatasetRowView => ({
    ...{
      name,
      version: 3,
      id: name,
      kind: 'tabular',
      files: 2,
      size: 1_500,
      created: '2026-01-01T10:00:00Z',
      description: P,
      rows: 1_234,
      columns: 5
    },
    ...fields
  });
  const data = (rows: DatasetRowView[]): DatasetsView => ({
    workspace: 'w',
    rows,
    datastores: [
      { name: 'workspaceblobstore', type: 'AzureBlob', address: '/home/ada', is_default: true },
      { name: P, type: 'Url', address: `s3://${P}`, is_default: false }
    ]
  });

  async function shown(answer: Response): Promise<PanelData> {
    const part = new PanelData(front);
    const looked = part.look('w');
    await server.last.answer(answer);
    await looked;
    return part;
  }
  const buttons = (part: PanelData): HTMLButtonElement[] => [
    ...part.node.querySelectorAll('button')
  ];

  it('lists datasets, which open, and datastores with the default one marked', async () => {
    const rows = [
      row('people'),
      row(P, { rows: null }),
      row('images', { kind: 'file', rows: null, files: 1 }),
      row('one', { rows: 1 })
    ];
    const part = await shown(json(data(rows)));
    expect(buttons(part).map(button => button.textContent)).toEqual([
      'peoplev31,234 rows',
      `${P}v31.5 kB`,
      'imagesv31 file',
      'onev31 row'
    ]);
    expect(
      [...part.node.querySelectorAll('.aml-panel-stores li')].map(one => one.textContent)
    ).toEqual(['workspaceblobstoredefaultAzureBlob · /home/ada', `${P}Url · s3://${P}`]);
    expect(part.node.querySelector('img')).toBeNull();
    buttons(part)[1]!.click();
    expect(opened).toEqual([['w', P]]);
  });

  it('changes in place', async () => {
    const part = await shown(json(data([row('people')])));
    document.body.append(part.node);
    const button = buttons(part)[0]!;
    button.focus();
    const looked = part.look('w');
    await server.last.answer(json(data([row('new'), row('people', { version: 4 })])));
    await looked;
    expect(document.activeElement).toBe(button);
    expect(button.textContent).toBe('peoplev41,234 rows');
    part.node.remove();
  });

  it('says when there are none, and what is wrong', async () => {
    expect((await shown(json(data([])))).node.textContent).toContain('There are no datasets yet.');
    const part = await shown(json({ message: 'The store is away.' }, 503));
    expect(part.node.textContent).toContain('The store is away.');
    expect(part.node.hidden).toBe(false);
    const looked = part.look('w');
    await server.last.answer(json(data([row('people')])));
    await looked;
    expect(part.node.querySelector<HTMLElement>('[role=status]')!.hidden).toBe(true);
  });

  it('leaves an answer for another workspace aside', async () => {
    const part = new PanelData(front);
    const [first, second] = [part.look('v'), part.look('w')];
    await find('workspaces/w/').answer(json(data([row('ours')])));
    await find('workspaces/v/').answer(json(data([row('theirs')])));
    await Promise.all([first, second]);
    expect(buttons(part).map(button => button.textContent)).toEqual(['oursv31,234 rows']);
  });

  it('is looked at when the panel is shown, and when a run came or ended', async () => {
    vi.useFakeTimers();
    const node = document.createElement('div');
    const view = new PanelView(node, front);
    const asked = (): number =>
      server.addresses.filter(address => address.endsWith('/ask/datasets')).length;
    const answered = async (): Promise<void> => {
      await vi.advanceTimersByTimeAsync(6_000);
      await find('workspaces').answer(json(['w']));
      await find('workspaces/w/ask/experiments').answer(json({ workspace: 'w', rows: [] }));
    };
    view.show();
    const events = new Stream();
    await find('activity').answer(events.response);
    await vi.advanceTimersByTimeAsync(0);
    await find('workspaces').answer(json(['w']));
    await find('workspaces/w/ask/experiments').answer(json({ workspace: 'w', rows: [] }));
    expect(asked()).toBe(1);
    const run = {
      workspace: 'w',
      id: 'r',
      short_id: 'r',
      number: 1,
      name: 'r',
      experiment: 'e',
      status: 'Running',
      started: null,
      elapsed: 1
    };
    await events.tell('view', '1', { runs: [run] });
    await answered();
    expect(asked()).toBe(2);
    await events.tell('view', '2', { runs: [{ ...run, elapsed: 2 }] });
    await answered();
    expect(asked()).toBe(2);
    await events.tell('view', '3', { runs: [] });
    await answered();
    expect(asked()).toBe(3);
    view.dispose();
  });

  it('that a server does not know is an error of its own part', async () => {
    expect((await shown(page(404))).node.textContent).toContain('not enabled');
  });
});
