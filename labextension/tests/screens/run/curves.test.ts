import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChartOptions } from '../../../src/ui/chart/draw';
import { mount as mountRun } from '../../../src/screens/run/screen';
import type { Mounted, RunSnapshot } from '../../../src/ui/snapshot';
import type { GhostView, RunView } from '../../../src/contract.gen';
import { button, metric, points, run, settle, snapshot, START, TestHost } from './scene';

interface Made {
  options: ChartOptions;
  zoom: ReturnType<typeof vi.fn>;
  dispose: ReturnType<typeof vi.fn>;
}
const charts = vi.hoisted(() => ({ made: [] as Made[], failing: '' }));
vi.mock('../../../src/ui/chart/draw', () => ({
  drawChart: (_parent: HTMLElement, options: ChartOptions) => {
    if (options.title === charts.failing) {
      throw new Error('no canvas');
    }
    const chart = {
      options,
      set: (some: Partial<ChartOptions>) => Object.assign(options, some),
      zoom: vi.fn(),
      dispose: vi.fn()
    };
    charts.made.push(chart);
    return chart;
  }
}));

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted<RunSnapshot>;

function mount(view: RunView = run(), answers: TestHost['answers'] = {}): void {
  host = new TestHost(answers);
  mounted = mountRun(parent, snapshot(view), host);
  host.link('live');
}

function labelled(words: string): HTMLInputElement {
  return [...parent.querySelectorAll('label')]
    .find(label => label.textContent!.startsWith(words))!
    .querySelector('input, select')!;
}

function change(control: HTMLInputElement, value: string | boolean): void {
  if (typeof value === 'boolean') {
    control.checked = value;
  } else {
    control.value = value;
  }
  control.dispatchEvent(new Event('input', { bubbles: true }));
  control.dispatchEvent(new Event('change', { bubbles: true }));
}

function ghost(role: GhostView['role'], number: number): GhostView {
  const other = {
    id: `r${number}`,
    short_id: 'r',
    number,
    name: 'n',
    experiment: 'e',
    status: 'Completed',
    elapsed: 1
  };
  return { role, metric: null, run: other, curves: { loss: points([4, 5]) } };
}

const names = (): string[] =>
  [...parent.querySelectorAll('.aml-run-curve-name')].map(each => each.textContent!);
const xs = (): number[] => Array.from(charts.made[0]!.options.series.at(-1)!.x);

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  charts.made.length = 0;
  charts.failing = '';
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  mounted.dispose();
  vi.useRealTimers();
  parent.remove();
});

describe('small multiples', () => {
  it('show twelve at first, more on request, and those of a name', () => {
    mount(run({ metrics: Array.from({ length: 15 }, (_, place) => metric(`m${place}`)) }));
    expect(names()).toHaveLength(12);
    button(parent.querySelector('[aria-label=Curves]')!, 'show 3 more').click();
    expect(names()).toHaveLength(15);
    const filter = parent.querySelector<HTMLInputElement>('.aml-run-head input[type=search]')!;
    change(filter, 'M14');
    expect(names()).toEqual(['m14']);
    expect(charts.made[0]!.dispose).toHaveBeenCalled();
  });

  it('leave out what was logged once, and need no filter when they are few', () => {
    mount(run({ metrics: [metric('loss'), metric('final', null)] }));
    expect(names()).toEqual(['loss']);
    expect(parent.querySelector<HTMLElement>('.aml-run-head input[type=search]')!.hidden).toBe(
      true
    );
    expect(parent.textContent).toContain('final');
  });

  it('live on where one cannot be drawn', () => {
    charts.failing = 'bad';
    mount(run({ metrics: [metric('bad'), metric('loss')] }));
    expect(parent.textContent).toContain('This part cannot be shown: no canvas');
    expect(charts.made).toHaveLength(1);
  });

  it('say how many values are infinite', () => {
    mount(run({ metrics: [metric('loss', [1, 'Infinity', '-Infinity', 'NaN', 2])] }));
    expect(parent.textContent).toContain('2 infinite values are not drawn');
    expect([...(charts.made[0]!.options.series[0]!.y as Float64Array)]).toEqual([
      1,
      NaN,
      NaN,
      NaN,
      2
    ]);
  });

  it('can be made large', () => {
    mount();
    const expand = button(parent, 'Expand loss');
    expand.click();
    expect(expand.getAttribute('aria-pressed')).toBe('true');
    expect(charts.made[0]!.options.height).toBeGreaterThan(300);
    expand.click();
    expect(charts.made[0]!.options.height).toBe(150);
  });

  it('hold a metric that has the name of what every object has', async () => {
    mount(run({ metrics: [metric('constructor'), metric('__proto__')] }), {
      ghosts: () => [ghost('previous', 3)]
    });
    change(labelled('previous'), true);
    await settle();
    expect(parent.textContent).not.toContain('cannot be shown');
    expect(charts.made.map(({ options }) => options.series.length)).toEqual([1, 1]);
  });
});

describe('controls', () => {
  it('set smoothing and the logarithmic axis', () => {
    mount();
    change(labelled('smoothing'), '0.6');
    change(labelled('log y'), true);
    expect(charts.made[0]!.options).toMatchObject({ smoothing: 0.6, logY: true });
  });

  it('set the axis, and offer epochs once they are counted', async () => {
    mount();
    const axis = labelled('x') as unknown as HTMLSelectElement;
    expect([...axis.options].map(option => option.value)).toEqual(['step', 'time']);
    expect(xs()).toEqual([0, 1, 2]);
    change(axis as never, 'time');
    expect(xs()).toEqual([1, 2, 3]);
    expect(charts.made[0]!.options.xText(90)).toBe('1 min 30 s');
    expect(charts.made[0]!.zoom).toHaveBeenCalledWith(null);
    host.tell({
      type: 'update',
      token: '',
      update: { metrics: [{ ...metric('epoch', [0, 1, 2]), more: null }] }
    });
    await settle();
    change(axis as never, 'epoch');
    expect(xs()).toEqual([0, 1, 2]);
    expect(charts.made[0]!.options.xLabel).toBe('epoch');
  });

  it('draw the best and the previous run behind, asked for once', async () => {
    mount(run(), { ghosts: () => [ghost('previous', 3), ghost('best', 2)] });
    change(labelled('best'), true);
    await settle();
    expect(charts.made[0]!.options.series.map(({ name, style }) => [name, style])).toEqual([
      ['best: run 2', 'ghost'],
      ['loss', 'line']
    ]);
    change(labelled('previous'), true);
    await settle();
    expect(charts.made[0]!.options.series).toHaveLength(3);
    change(labelled('best'), false);
    change(labelled('previous'), false);
    await settle();
    expect(charts.made[0]!.options.series).toHaveLength(1);
    expect(host.questions('ghosts')).toHaveLength(1);
  });

  it('say when there is no such run, and when it cannot be read', async () => {
    let answer = (): GhostView[] => [];
    mount(run(), { ghosts: () => answer() });
    change(labelled('best'), true);
    await settle();
    expect(parent.textContent).toContain('there is no such run: best');
    mounted.dispose();
    answer = () => {
      throw new Error('the server is away');
    };
    mount(run(), { ghosts: () => answer() });
    change(labelled('best'), true);
    await settle();
    expect(parent.textContent).toContain('The other runs cannot be read: the server is away');
  });
});

describe('zoom', () => {
  const many = (): RunView => run({ metrics: [metric('loss', [1, 2, 3, 4], { count: 900 })] });

  it('asks for the stretch at full resolution, once the reader holds still, and shows it', async () => {
    mount(many(), {
      points: () => ({ steps: [1, 1.5, 2], times: [2, 2.5, 3], values: [2, 9, 3] })
    });
    const { zoomed } = charts.made[0]!.options;
    zoomed!([0.5, 2.5]);
    zoomed!([1, 2]);
    await settle();
    expect(host.questions('points')).toEqual([
      { run: 'run-1-long-id', metric: 'loss', x: 'step', low: 1, high: 2, limit: 2_000 }
    ]);
    expect(xs()).toEqual([0, 1, 1.5, 2, 3]);
    button(parent, 'Reset zoom').click();
    expect(charts.made[0]!.zoom).toHaveBeenCalledWith(null);
    expect(xs()).toEqual([0, 1, 2, 3]);
  });

  it('asks by time where the axis is epochs', async () => {
    mount(
      run({ metrics: [metric('loss', [1, 2, 3], { count: 900 }), metric('epoch', [0, 1, 2])] }),
      { points: () => null }
    );
    change(labelled('x'), 'epoch');
    charts.made[0]!.options.zoomed!([0.5, 1.5]);
    await settle();
    expect(host.questions('points')).toMatchObject([{ x: 'time', low: 2, high: 2 }]);
  });

  it('asks nothing where all points are there', async () => {
    mount();
    charts.made[0]!.options.zoomed!([0, 1]);
    await settle();
    expect(host.questions('points')).toEqual([]);
  });

  it('forgets an answer that comes after all is shown again, and says what failed', async () => {
    let arrive = (): void => undefined;
    mount(many(), {
      points: () => new Promise(resolve => (arrive = () => resolve(points([7, 7, 7]))))
    });
    charts.made[0]!.options.zoomed!([1, 2]);
    await settle();
    charts.made[0]!.options.zoomed!(null);
    arrive();
    await settle();
    expect(xs()).toEqual([0, 1, 2, 3]);
    host.answers.points = () => Promise.reject(new Error('away'));
    charts.made[0]!.options.zoomed!([1, 2]);
    await settle();
    expect(parent.textContent).toContain('The points between cannot be read: away');
  });
});
