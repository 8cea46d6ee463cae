import { describe, expect, it, vi } from 'vitest';
import type { ImportanceView } from '../../../src/contract.gen';
import {
  button,
  change,
  click,
  find,
  findAll,
  host,
  labelled,
  mount,
  panel,
  run,
  shown,
  tab,
  TRIALS,
  viewOf
} from './page';

vi.mock('../../../src/ui/chart/chart', () => import('./chart_stub'));

const importance = (more: Partial<ImportanceView> = {}): ImportanceView => ({
  ...{ metric: 'acc', method: 'correlation', runs: 3, explained: null, skipped: [], problem: '' },
  parameters: [{ name: 'lr', importance: 0.75, correlation: 0.9 }],
  ...more
});
const names = (): string[] => findAll('.aml-importance th[scope=row]').map(one => one.textContent);
const two = TRIALS.map(one => ({ ...one, metrics: { ...one.metrics, f1: one.number } }));

describe('what is asked of the host', () => {
  it('is said to load, then why it is refused, and is asked again by a button', async () => {
    let isAway = true;
    const answers = {
      importance: (): ImportanceView => {
        if (isAway) {
          throw new Error('not <yet>\nready');
        }
        return importance();
      }
    };
    await mount(TRIALS, { answers });
    await tab('Importance');
    expect(find('[role=alert]').textContent).toContain('This cannot be shown: not <yet>\nready');
    isAway = false;
    await click(button('Try again'));
    expect([names(), find('[role=alert]')]).toEqual([['lr'], null]);
  });

  it('is of the question that is asked last, whichever answer comes last', async () => {
    const waiting = new Map<string, (answer: ImportanceView) => void>();
    const answers = {
      importance: ({ metric }: { metric: string }) =>
        new Promise(resolve => waiting.set(metric, resolve))
    };
    await mount(two, { answers });
    await tab('Importance');
    expect(panel().querySelector('[aria-busy=true]')).not.toBeNull();
    await change(labelled('Objective'), 'f1');
    const of = (name: string): ImportanceView =>
      importance({ parameters: [{ name, importance: 1, correlation: 0 }] });
    await shown(() => waiting.get('f1')!(of('of f1')));
    await shown(() => waiting.get('acc')!(of('of acc')));
    expect(names()).toEqual(['of f1']);
  });

  it('keeps its last answer where the next one is refused while runs go on', async () => {
    let count = 0;
    const answers = {
      importance: (): ImportanceView => {
        count += 1;
        if (count > 1) {
          throw new Error('away');
        }
        return importance();
      }
    };
    await mount(TRIALS, { answers });
    await tab('Importance');
    for (let turn = 0; turn < 6; turn += 1) {
      await host.view(viewOf(TRIALS));
    }
    expect([count > 1, names(), find('[role=alert]')]).toEqual([true, ['lr'], null]);
  });

  it('is of no use after its tab was left', async () => {
    let answer: (answer: ImportanceView) => void = () => undefined;
    const answers = { importance: () => new Promise(resolve => (answer = resolve as never)) };
    await mount(TRIALS, { answers });
    await tab('Importance');
    await tab('Table');
    await shown(() => answer(importance()));
    expect(names()).toEqual([]);
  });
});

describe('importance', () => {
  it('has a bar for each of twenty parameters, others by a button, and names as text', async () => {
    const parameters = Array.from({ length: 30 }, (_, at) => ({
      ...{ name: `<i>p${at}</i>`, importance: at === 0 ? 0.5 : 0 },
      correlation: at % 3 ? 0 : null
    }));
    await mount(TRIALS, { answers: { importance: () => importance({ parameters }) } });
    await tab('Importance');
    expect([names().length, names()[0]]).toEqual([20, '<i>p0</i>']);
    await click(button('show 10 more'));
    expect(names()).toHaveLength(30);
    const bars = findAll('.aml-importance-bar span').map(one => one.style.width);
    expect([bars[0], bars[1]]).toEqual(['100%', '0%']);
  });

  it('is nothing where no parameter matters, and never less', async () => {
    const nothing = { method: 'forest', explained: -0.4 } as const;
    const parameters = [{ name: 'lr', importance: 0, correlation: -0.5 }];
    await mount(TRIALS, { answers: { importance: () => importance({ ...nothing, parameters }) } });
    await tab('Importance');
    expect(panel().textContent).toContain('They explain 0 % of it.');
    expect(find('.aml-importance-bar span').style.width).toBe('0%');
    expect(panel().textContent).toContain('↘ acc falls (−0.50)');
  });
});

describe('differences to a baseline', () => {
  it('have a sign, and no word where neither way is better', async () => {
    const trials = [1, 2, 3].map(number =>
      run(number, { metrics: { speed: number * 1_000, acc: number === 3 ? 'NaN' : 0.5 } })
    );
    await mount(trials);
    await change(labelled('Baseline'), 'run-2');
    const changes = findAll('.aml-change').map(one => one.textContent);
    expect(changes).toEqual(['−1,000', 'baseline', '+1,000', '±0', 'baseline']);
  });

  it('go with the runs when another is taken, and end with none', async () => {
    await mount();
    await change(labelled('Baseline'), 'run-1');
    expect(findAll('.aml-change').map(one => one.textContent)).toEqual([
      'baseline',
      '+0.4 better',
      '+0.2 better'
    ]);
    await change(labelled('Goal'), 'lower');
    expect(findAll('.aml-change.aml-bad')).toHaveLength(2);
    await change(labelled('Baseline'), '');
    expect(findAll('.aml-change')).toHaveLength(0);
  });

  it('leave the table whole where the baseline is gone', async () => {
    await mount();
    await change(labelled('Baseline'), 'run-3');
    await host.view(viewOf(TRIALS.slice(0, 2)));
    expect([findAll('.aml-change').length, findAll('thead th').length]).toEqual([0, 2]);
  });
});
