import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PipelinesView, ViewEvent } from '../../../src/contract.gen';
import entry from '../../../src/screens/pipelines';
import { mount } from '../../../src/screens/pipelines/screen';
import { plainly, type Host, type Listener } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';

const opened = vi.fn();
const ask = vi.fn();
let parent: HTMLElement;
let mounted: Mounted;
let listener: Listener<ViewEvent<PipelinesView>>;

const host = {
  ...{ t: plainly, workspace: 'ws', open: opened, ask },
  follow: (_kind: string, _subject: object, _token: unknown, given: typeof listener) => {
    listener = given;
    return { stop: () => undefined };
  }
} as unknown as Host;

const VIEW: PipelinesView = {
  ...{ workspace: 'ws', more: true },
  runs: ['b', 'a'].map((id, at) => ({
    ...{ id, name: `<b>${id}</b>`, number: at, experiment: 'e', status: 'Completed' },
    ...{ created: null, started: null, seconds: at, total: 3, done: 3, reused: 1, failed: 0 }
  })),
  published: [
    {
      ...{ id: 'p', name: 'nightly', version: '1', description: '', status: 'Active' },
      ...{ created: null, steps: 3, parameters: ['rate'] }
    }
  ],
  endpoints: [],
  schedules: [
    {
      ...{ id: 's', name: 'each night', description: '', status: 'Disabled', when: 'Every day' },
      ...{ target: 'nightly', experiment: 'e', next: null, last: 'x', last_state: 'failed' },
      ...{ last_run: 'b', problem: 'is Disabled' }
    }
  ]
};

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(500);
const names = (): string[] =>
  [...parent.querySelectorAll('.aml-open')].map(one => one.textContent ?? '');

async function openTab(id: string): Promise<void> {
  parent.querySelector<HTMLElement>(`[data-tab=${id}]`)!.click();
  await settle();
}

function button(words: string): HTMLElement {
  return [...parent.querySelectorAll('button')].find(one => one.textContent === words)!;
}

beforeEach(() => {
  vi.useFakeTimers();
  parent = document.body.appendChild(document.createElement('div'));
  mounted = mount(parent, { version: 1, workspace: 'ws', view: VIEW }, host);
  listener.link('live');
});

afterEach(async () => {
  await settle();
  mounted.dispose();
  parent.remove();
  vi.useRealTimers();
  vi.resetAllMocks();
});

describe('the lists of pipelines', () => {
  it('are counted in their tabs, and show names as text', () => {
    expect(parent.textContent).toContain('Runs 2+Published 1Endpoints 0Schedules 1');
    expect(names()).toEqual(['<b>b</b>', '<b>a</b>']);
  });

  it('are sorted by the reader', async () => {
    const head = [...parent.querySelectorAll<HTMLElement>('[role=columnheader]')].find(one =>
      one.textContent?.startsWith('Pipeline')
    )!;
    head.click();
    await settle();
    expect(names().sort()).toEqual(['<b>a</b>', '<b>b</b>']);
  });

  it('open a run', async () => {
    parent.querySelector<HTMLElement>('.aml-open')!.click();
    await settle();
    expect(opened).toHaveBeenCalledWith({ kind: 'pipeline', run: 'b' });
  });

  it('let a pipeline be disabled, and say why it could not be', async () => {
    ask.mockRejectedValueOnce(new Error('you may only read'));
    await openTab('published');
    button('Disable').click();
    await settle();
    expect(parent.querySelector('[role=alert]')!.textContent).toContain('you may only read');
    const [published] = VIEW.published;
    ask.mockResolvedValueOnce({ ...VIEW, published: [{ ...published, status: 'Disabled' }] });
    button('Disable').click();
    await settle();
    const asked = { kind: 'published', id: 'p', is_active: false };
    expect(ask).toHaveBeenLastCalledWith('pipeline_set_active', asked);
    expect(button('Enable')).toBeDefined();
    expect(parent.querySelector('[role=alert]')).toBeNull();
  });

  it('say how one is made where there is none', async () => {
    await openTab('endpoints');
    expect(parent.textContent).toContain('PipelineEndpoint.publish');
  });

  it('show what is wrong with a schedule, and lead to its last run', async () => {
    await openTab('schedules');
    expect(parent.textContent).toContain('x · failed');
    parent.querySelector<HTMLElement>('.aml-open')!.click();
    await settle();
    expect(opened).toHaveBeenCalledWith({ kind: 'pipeline', run: 'b' });
  });

  it('change as they are told', async () => {
    listener.event({ type: 'view', token: 't', view: { ...VIEW, runs: [] } });
    await settle();
    expect(parent.textContent).toContain('No pipeline has run.');
    mounted.update({ version: 1, workspace: 'ws', view: VIEW });
    await settle();
    expect(names()).toEqual([]);
    listener.link('detached', 'away');
    mounted.update({ version: 1, workspace: 'ws', view: VIEW });
    await settle();
    expect(names()).toHaveLength(2);
  });

  it('begin with the list that they were opened for', async () => {
    mounted.dispose();
    ask.mockResolvedValue(VIEW);
    const subject = { kind: 'pipelines', list: 'schedules' };
    const snapshot = await entry.snapshot(host, subject);
    expect(entry.subjectOf(snapshot)).toEqual(subject);
    expect(entry.command!.subjectOf({ list: 'schedules' })).toEqual(subject);
    mounted = mount(parent, snapshot, host);
    await settle();
    expect(parent.querySelector('[aria-selected=true]')!.textContent).toContain('Schedules');
  });

  it('are known to hosts', async () => {
    ask.mockResolvedValue(VIEW);
    const snapshot = await entry.snapshot(host, { kind: 'pipelines' });
    expect(snapshot.view).toBe(VIEW);
    expect(entry.title(snapshot, { kind: 'pipelines' }, plainly)).toBe('Pipelines');
    expect(entry.subjectOf(snapshot)).toEqual({ kind: 'pipelines' });
    expect(entry.command!.subjectOf({})).toEqual({ kind: 'pipelines' });
  });
});
