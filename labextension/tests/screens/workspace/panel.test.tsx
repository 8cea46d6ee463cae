import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabHost } from '../../../src/lab/host';
import { mount } from '../../../src/screens/workspace/screen';
import { plainly } from '../../../src/ui/host';
import type { Mount } from '../../../src/ui/screen';
import { json, page as htmlPage, settle, type Stream } from '../../lab/server';
import { active, answerExperiments, drawn, experiment, find, makePage, P, stream } from './page';
import type { Page } from './page';

const mounts: unknown[] = [];
const mountRuns: Mount = (parent, snapshot) => {
  mounts.push((snapshot as { query?: unknown }).query);
  parent.append('screen runs');
  return { update: () => undefined, dispose: () => mounts.push('gone') };
};
vi.mock('../../../src/screens/registry.gen', async () => {
  const { default: runs } = await import('../../../src/screens/runs/index');
  return { SCREENS: [{ ...runs, load: async () => ({ mount: mountRuns }) }] };
});

let page: Page;
beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  mounts.length = 0;
});
afterEach(() => {
  page.panel.dispose();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const OLD = experiment('old', { Completed: 1 }, true);

async function shown(names = ['w'], rows = [experiment(P), OLD]): Promise<Stream> {
  page = makePage();
  const events = await stream();
  await answerExperiments(rows, names);
  return events;
}
const region = (name: string): HTMLElement =>
  page.node.querySelector<HTMLElement>(`section[aria-label="${name}"]`)!;
const buttons = (name: string): HTMLButtonElement[] => [
  ...(region(name)?.querySelectorAll('button') ?? [])
];
const texts = (name: string): (string | null)[] => buttons(name).map(button => button.textContent);
const pressed = (): (string | null)[] =>
  buttons('Experiments')
    .filter(button => button.getAttribute('aria-pressed') === 'true')
    .map(button => button.textContent);
const answerRuns = async (): Promise<void> => {
  await find('workspaces/w/ask/runs').answer(json({ params: [], metrics: [], rows: [], more: 0 }));
  await drawn();
};

describe('the panel at the side', () => {
  it('lists experiments with their counts, and never as markup', async () => {
    await shown();
    expect(page.node.querySelector('img')).toBeNull();
    expect(texts('Experiments')).toEqual(['All runs', `${P}● 1 Running ✗ 2 Failed `]);
    expect(page.node.querySelector('select')).toBeNull();
  });

  it('says that there are no runs yet, and shows no table then', async () => {
    await shown(['w'], []);
    expect(region('Experiments').textContent).toContain('There are no runs yet.');
    expect(region('Runs')).toBeNull();
  });

  it('shows archived experiments when asked to, and remembers that', async () => {
    await shown();
    region('Experiments').querySelector('input')!.click();
    expect(texts('Experiments')[2]).toBe('oldarchived✓ 1 Completed ');
    page.panel.dispose();
    await shown();
    expect(texts('Experiments')).toHaveLength(3);
  });

  it('shows what runs, and opens it', async () => {
    const events = await shown();
    expect(region('Running')).toBeNull();
    await events.tell('view', '1', { runs: [active('r1', { name: P })] });
    await drawn();
    const button = buttons('Running')[0]!;
    expect(button.textContent).toBe(`● Running ${P}e`);
    button.click();
    expect(page.opened).toEqual([['w', { kind: 'run', run: 'r1' }]]);
    await events.tell('view', '2', { runs: [] });
    await drawn();
    expect(region('Running')).toBeNull();
  });

  it('shows the first of many runs, and the others when asked to', async () => {
    const events = await shown();
    const runs = Array.from({ length: 8 }, (_, place) => active(`r${place}`));
    await events.tell('view', '1', { runs });
    await drawn();
    expect(buttons('Running').at(-1)!.textContent).toBe('show 3 more');
    buttons('Running').at(-1)!.click();
    await drawn();
    expect(buttons('Running')).toHaveLength(8);
  });

  it('keeps the focus when something changes', async () => {
    const events = await shown();
    const button = buttons('Experiments')[1]!;
    button.focus();
    await events.tell('view', '2', { runs: [active('r1')] });
    await vi.advanceTimersByTimeAsync(2_000);
    await answerExperiments([experiment('new'), experiment(P, { Running: 2 })]);
    expect(document.activeElement).toBe(button);
    expect(button.textContent).toBe(`${P}● 2 Running `);
    expect(buttons('Experiments')).toHaveLength(3);
  });
});

describe('the runs in the panel', () => {
  it('are all runs at first, then those of the chosen experiment', async () => {
    await shown();
    expect(find('workspaces/w/ask/runs').body).toEqual({ query: {}, offset: 0, limit: 100 });
    await answerRuns();
    expect(region('Runs').querySelector('h3')!.textContent).toBe('All runs');
    buttons('Experiments')[1]!.click();
    await answerRuns();
    expect(mounts).toEqual([{}, 'gone', { experiment: P }]);
    expect(region('Runs').querySelector('h3')!.textContent).toBe(`Runs of ${P}`);
    expect(pressed()).toEqual([texts('Experiments')[1]]);
  });

  it('are those of the same experiment on the next page', async () => {
    await shown();
    buttons('Experiments')[1]!.click();
    page.panel.dispose();
    mounts.length = 0;
    await shown();
    await answerRuns();
    expect(mounts).toEqual([{ experiment: P }]);
  });

  it('are all runs where the experiment of the last page is gone', async () => {
    await shown();
    buttons('Experiments')[1]!.click();
    page.panel.dispose();
    await shown(['w'], [experiment('other')]);
    expect(pressed()).toEqual(['All runs']);
  });

  it('stay while experiments are looked at again', async () => {
    const events = await shown();
    await answerRuns();
    await events.tell('view', '1', { runs: [active('r1')] });
    await vi.advanceTimersByTimeAsync(2_000);
    await answerExperiments([experiment(P, { Running: 3 })]);
    expect(mounts).toEqual([{}]);
  });
});

describe('the workspaces of the panel', () => {
  it('are the user’s to choose among, and the choice is remembered', async () => {
    await shown(['w', P]);
    const select = page.node.querySelector('select')!;
    select.value = P;
    select.dispatchEvent(new Event('change'));
    expect(region('Experiments').textContent).toContain('Loading…');
    await drawn();
    await answerExperiments([experiment('theirs')], ['w', P], P);
    expect(texts('Experiments')[1]).toContain('theirs');
    page.panel.dispose();
    page = makePage();
    await stream();
    await answerExperiments([experiment('theirs')], ['w', P], P);
    expect(page.node.querySelector('select')!.value).toBe(P);
  });

  it('are told apart while one answers late', async () => {
    await shown(['w', 'v']);
    const select = page.node.querySelector('select')!;
    select.value = 'v';
    select.dispatchEvent(new Event('change'));
    await drawn();
    await find('workspaces').answer(json(['w', 'v']));
    select.value = 'w';
    select.dispatchEvent(new Event('change'));
    await find('workspaces/v/ask/experiments').answer(
      json({ workspace: 'v', rows: [experiment('late')] })
    );
    await vi.advanceTimersByTimeAsync(2_000);
    await answerExperiments([experiment('ours')], ['w', 'v']);
    expect(texts('Experiments')[1]).toContain('ours');
  });

  it('that went away is not waited for', async () => {
    localStorage.setItem('aml-magics:side-panel', JSON.stringify({ workspace: 'removed' }));
    await shown();
    expect(texts('Experiments')).toHaveLength(2);
  });
});

describe('what goes wrong in the panel', () => {
  it('is said where nothing could be read yet, and tried again', async () => {
    page = makePage();
    await vi.advanceTimersByTimeAsync(0);
    await find('workspaces').answer(htmlPage(404));
    await drawn();
    expect(page.node.textContent).toContain('The server extension aml_magics is not enabled.');
    const count = page.server.requests.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(page.server.requests).toHaveLength(count + 1);
  });

  it('leaves the last data where there was some', async () => {
    const events = await shown();
    await answerRuns();
    await events.tell('view', '1', { runs: [active('r1')] });
    await vi.advanceTimersByTimeAsync(2_000);
    await find('workspaces').answer(json(['w']));
    await find('workspaces/w/ask/experiments').answer(json({ message: 'The store is away.' }, 503));
    await drawn();
    const problem = page.node.querySelector('.aml-message')!;
    expect(problem.getAttribute('role')).toBe('status');
    expect(problem.textContent).toBe(
      'detached: showing the last data, trying again: The store is away.'
    );
    expect(texts('Experiments')).toHaveLength(2);
    expect(mounts).toEqual([{}]);
    await vi.advanceTimersByTimeAsync(6_000);
    await answerExperiments([experiment('new')]);
    expect(page.node.querySelector('.aml-message')).toBeNull();
  });

  it('in what the browser kept is as if it had kept nothing', async () => {
    for (const bad of ['{', 'null', '[]', '{"experiments": null, "workspace": 3}']) {
      localStorage.setItem('aml-magics:side-panel', bad);
      await shown();
      expect(pressed()).toEqual(['All runs']);
      page.panel.dispose();
    }
  });

  it('is no reason to fail where the browser keeps nothing', async () => {
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new Error('denied');
    });
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new Error('denied');
    });
    await shown();
    buttons('Experiments')[1]!.click();
    expect(pressed()).toHaveLength(1);
  });

  it('is that a host reaches one workspace only', async () => {
    await shown();
    const host = { t: plainly, workspace: 'w' } as unknown as LabHost;
    expect(() =>
      mount(document.createElement('div'), { version: 1, workspace: 'w', view: {} }, host)
    ).toThrow('Only one workspace can be reached from here.');
  });
});

describe('a panel that nobody sees', () => {
  it('asks for nothing', async () => {
    const events = await shown();
    await events.tell('view', '1', { runs: [active('r1')] });
    page.panel.dispose();
    await settle();
    expect(events.isCanceled).toBe(true);
    const count = page.server.requests.length;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(page.server.requests).toHaveLength(count);
  });
});
