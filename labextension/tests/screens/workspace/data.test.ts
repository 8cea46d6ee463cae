import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatasetRowView, DatasetsView } from '../../../src/contract.gen';
import { Activity } from '../../../src/lab/activity';
import type { Front } from '../../../src/lab/front';
import { LabHost } from '../../../src/lab/host';
import { Source } from '../../../src/lab/source';
import { PanelData } from '../../../src/screens/workspace/panel_data';
import { PanelView } from '../../../src/screens/workspace/panel_view';
import { plainly } from '../../../src/ui/host';
import { json, page, Server, Stream } from '../../lab/server';

const P = '<img src=x onerror="window.__pwned=1">';
let server: Server;
let front: Front;
let opened: unknown[];
const host = (): LabHost => new LabHost(front, '', document.body);

beforeEach(() => {
  opened = [];
  server = new Server();
  const source = new Source(server, plainly);
  const places = {
    open: (workspace: string, subject: object) => void opened.push([workspace, subject])
  };
  front = { source, activity: new Activity(source), t: plainly, places, notebooks: null };
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const find = (address: string) =>
  server.requests.filter(request => request.address.startsWith(address)).at(-1)!;

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
    const part = new PanelData(host(), host().workspaces);
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
    expect(opened).toEqual([['w', { kind: 'dataset', dataset: P }]]);
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
    const part = new PanelData(host(), host().workspaces);
    const [first, second] = [part.look('v'), part.look('w')];
    await find('workspaces/w/').answer(json(data([row('ours')])));
    await find('workspaces/v/').answer(json(data([row('theirs')])));
    await Promise.all([first, second]);
    expect(buttons(part).map(button => button.textContent)).toEqual(['oursv31,234 rows']);
  });

  it('is looked at when the panel is shown, and when a run came or ended', async () => {
    vi.useFakeTimers();
    const node = document.createElement('div');
    const view = new PanelView(node, host(), host().workspaces);
    const asked = (): number =>
      server.addresses.filter(address => address.endsWith('/datasets')).length;
    const answered = async (): Promise<void> => {
      await vi.advanceTimersByTimeAsync(6_000);
      await find('workspaces').answer(json(['w']));
      await find('workspaces/w/experiments').answer(json({ workspace: 'w', rows: [] }));
    };
    view.show();
    const events = new Stream();
    await find('activity').answer(events.response);
    await vi.advanceTimersByTimeAsync(0);
    await find('workspaces').answer(json(['w']));
    await find('workspaces/w/experiments').answer(json({ workspace: 'w', rows: [] }));
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
