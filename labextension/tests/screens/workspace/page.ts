// The panel in a page, before a server that a test speaks for.
import { vi } from 'vitest';
import type { DatasetRowView, DatasetsView, ExperimentRowView } from '../../../src/contract.gen';
import { LabHost } from '../../../src/lab/host';
import { mount } from '../../../src/screens/workspace/screen';
import type { ActiveRun } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';
import { frontOf } from '../../lab/front';
import { json, Server, Stream } from '../../lab/server';

export const P = '<img src=x onerror="window.__pwned=1">';
let server: Server;

export interface Page {
  server: Server;
  node: HTMLElement;
  panel: Mounted;
  opened: unknown[];
}

export function makePage(): Page {
  server = new Server();
  const opened: unknown[] = [];
  const places = {
    open: (workspace: string, subject: object) => void opened.push([workspace, subject])
  };
  const front = frontOf(server, { places });
  const node = document.createElement('div');
  document.body.replaceChildren(node);
  const panel = mount(node, { version: 1, workspace: '', view: {} }, new LabHost(front, '', node));
  return { server, node, panel, opened };
}

/** The newest request to an address that begins like this. */
export const find = (address: string) =>
  server.requests.filter(request => request.address.startsWith(address)).at(-1)!;

export const asked = (ending: string): number =>
  server.addresses.filter(address => address.endsWith(ending)).length;

/** Let what waits be drawn. */
export const drawn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(300);

export async function answerExperiments(
  rows: ExperimentRowView[],
  names: string[] = ['w'],
  workspace = names[0]!
): Promise<void> {
  await find('workspaces').answer(json(names));
  await find(`workspaces/${encodeURIComponent(workspace)}/ask/experiments`).answer(
    json({ workspace, rows })
  );
  await drawn();
}

export async function stream(): Promise<Stream> {
  const opened = new Stream();
  await find('activity').answer(opened.response);
  await vi.advanceTimersByTimeAsync(0);
  return opened;
}

export const experiment = (
  name: string,
  by_status: Record<string, number> = { Running: 1, Failed: 2 },
  is_archived = false
): ExperimentRowView => ({
  ...{ name, id: name, created: null, is_archived, by_status, tags: {} },
  runs: Object.values(by_status).reduce((sum, count) => sum + count, 0)
});

export const active = (id: string, fields: Partial<ActiveRun> = {}): ActiveRun => ({
  ...{ workspace: 'w', id, short_id: id, number: 1, name: `run ${id}`, experiment: 'e' },
  ...{ status: 'Running', started: null, elapsed: 5 },
  ...fields
});

export const dataset = (name: string, fields: Partial<DatasetRowView> = {}): DatasetRowView => ({
  ...{
    name,
    version: 3,
    id: name,
    kind: 'tabular',
    files: 2,
    size: 1_500,
    rows: 1_234,
    columns: 5
  },
  ...{ created: '2026-01-01T10:00:00Z', description: P },
  ...fields
});

export const datasets = (rows: DatasetRowView[]): DatasetsView => ({
  workspace: 'w',
  rows,
  datastores: [
    { name: 'workspaceblobstore', type: 'AzureBlob', address: '/home/ada', is_default: true },
    { name: P, type: 'Url', address: `s3://${P}`, is_default: false }
  ]
});
