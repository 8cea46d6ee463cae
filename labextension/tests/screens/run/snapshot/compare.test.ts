import { describe, expect, it, vi } from 'vitest';
import type { DiffView, GhostView } from '../../../../src/contract.gen';
import {
  button,
  done,
  findAll,
  host,
  mounted,
  open,
  openTab,
  parent,
  settle,
  shown,
  type
} from '../run_page';

vi.mock('../../../../src/ui/chart/chart', () => ({ Chart: () => null }));

const other = {
  ...{ id: 'r6', short_id: 'r6', number: 6, name: 'n', experiment: 'e' },
  ...{ status: 'Completed', elapsed: 1 }
};
const ghosts = (): GhostView[] => [{ role: 'previous', metric: null, run: other, curves: {} }];

function diff(fields: Partial<DiffView> = {}): DiffView {
  return { first: 'run 6', second: 'run 7', sections: [], texts: [], ...fields };
}

async function compare(
  answers: Parameters<typeof open>[1],
  more: Parameters<typeof open>[2] = {}
): Promise<void> {
  await open(done(), answers, more);
  await openTab('compare');
}

const box = (): HTMLInputElement => shown().querySelector('input')!;

async function submit(id: string): Promise<void> {
  await type(box(), id);
  button(shown(), 'Compare').click();
  await settle();
}

describe('a run beside another', () => {
  it('is asked for once the id is sent, and not while it is typed', async () => {
    await compare({ ghosts, diff: () => diff() });
    await type(box(), 'abc');
    expect(host.questions('diff')).toHaveLength(1);
    button(shown(), 'Compare').click();
    await settle();
    expect(host.questions('diff').at(-1)).toEqual({ run: 'abc', other: 'run-1-long-id' });
    await submit('  ');
    expect(host.questions('diff').at(-1)).toEqual({ run: 'r6', other: 'run-1-long-id' });
  });

  it('says why it cannot be shown, and is asked for again by a click or by the same id', async () => {
    let isAway = true;
    await compare({
      ghosts,
      diff: () => {
        if (isAway) {
          throw new Error('There is no run <b>.');
        }
        return diff();
      }
    });
    expect(shown().querySelector('[role=alert]')!.textContent).toContain(
      'This cannot be shown: There is no run <b>.'
    );
    await submit('abc');
    isAway = false;
    await submit('abc');
    expect(shown().textContent).toContain('The two runs are alike.');
    expect(host.questions('diff')).toHaveLength(3);
  });

  it('keeps the id over a look at another tab', async () => {
    await compare({ ghosts, diff: () => diff() });
    await submit('abc');
    await openTab('overview');
    await openTab('compare');
    expect(box().value).toBe('abc');
    expect(host.questions('diff').at(-1)).toEqual({ run: 'abc', other: 'run-1-long-id' });
  });

  it('that was asked for before is void where it comes late', async () => {
    const arrivals = new Map<string, () => void>();
    await compare({
      ghosts,
      diff: ({ run: id }) =>
        new Promise(ready => arrivals.set(id, () => ready(diff({ first: `run ${id}` }))))
    });
    await submit('b');
    await submit('c');
    arrivals.get('c')!();
    await settle();
    arrivals.get('b')!();
    await settle();
    expect(shown().textContent).toContain('from run c to run 7');
  });

  it('is offered as a screen of its own only where the host has a place for it', async () => {
    await compare({ ghosts, diff: () => diff() });
    expect(() => button(shown(), 'Beside each other')).toThrow();
  });

  it('opens with what is typed though it was not sent', async () => {
    const openScreen = vi.fn();
    await compare({ ghosts, diff: () => diff() }, { open: openScreen });
    await type(box(), ' abc ');
    button(shown(), 'Beside each other').click();
    await settle();
    expect(openScreen).toHaveBeenCalledExactlyOnceWith({
      kind: 'compare',
      runs: ['run-1-long-id', 'abc']
    });
  });

  it('opens nothing where there is no other run, which is said', async () => {
    const openScreen = vi.fn();
    await compare({ ghosts: () => [] }, { open: openScreen });
    button(shown(), 'Beside each other').click();
    await settle();
    expect(openScreen).not.toHaveBeenCalled();
    expect(shown().textContent).toContain('give the id of another');
  });

  it('asks who came before once, and again after that failed', async () => {
    let isAway = true;
    await compare({
      ghosts: () => {
        if (isAway) {
          throw new Error('away');
        }
        return ghosts();
      },
      diff: () => diff()
    });
    expect(shown().textContent).toContain('This cannot be shown: away');
    isAway = false;
    button(shown(), 'Try again').click();
    await settle();
    await submit('x');
    await submit('');
    expect(host.questions('ghosts')).toHaveLength(2);
    mounted.dispose();
    expect(parent.textContent).toBe('');
  });
});

describe('what differs', () => {
  const changed = (name: string, before: unknown, after: unknown): never =>
    ({ name, kind: 'changed', before, after, verdict: null }) as never;
  const cells = (): string[][] =>
    findAll('[role=tabpanel] tbody tr').map(row => [...row.children].map(one => one.textContent));

  it('tells numbers apart that differ in a late digit, and texts that look alike', async () => {
    const changes = [
      changed('lr', 0.1234567891, 0.1234567892),
      changed('x', '1', 1),
      changed('<b>\n', '<i>', null)
    ];
    await compare({ ghosts, diff: () => diff({ sections: [{ title: 'Parameters', changes }] }) });
    expect(cells()[0]!.slice(2)).toEqual(['0.1234567891', '0.1234567892']);
    expect(cells()[2]!.slice(1, 3)).toEqual(['<b>', '<i>'].map(text => text.trim()));
    expect(shown().querySelector('table')!.getAttribute('aria-label')).toBe('Parameters');
  });

  it('is said by a word where a colour is not seen', async () => {
    const changes = (['added', 'removed', 'changed'] as const).map(kind => ({
      ...{ name: kind, kind, before: 1, after: 2, verdict: null }
    }));
    await compare({ ghosts, diff: () => diff({ sections: [{ title: 'Tags', changes }] }) });
    expect(
      findAll('.aml-diff-sign [role=img]').map(one => [
        one.textContent,
        one.getAttribute('aria-label')
      ])
    ).toEqual([
      ['+', 'added'],
      ['−', 'removed'],
      ['±', 'changed']
    ]);
  });

  it('has five hundred lines of a section at first', async () => {
    const changes = Array.from({ length: 600 }, (_, at) => changed(`p${at}`, 1, 2));
    await compare({ ghosts, diff: () => diff({ sections: [{ title: 'P', changes }] }) });
    expect(cells()).toHaveLength(500);
    button(shown(), 'show 100 more').click();
    await settle();
    expect(cells()).toHaveLength(600);
  });

  it('is shown as far as it goes where a part of the answer is damaged', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    await compare({ ghosts, diff: () => diff({ texts: null as never }) });
    expect(shown().textContent).toContain('This part cannot be shown');
    await openTab('overview');
    expect(shown().textContent).toContain('hello');
  });

  it('of code puts what came in the place of what went beside it, and is text', async () => {
    const lines = ['--- a', '+++ b', '@@ -1,3 +1,3 @@', '-x = "<b>"', '+x = 2', '-y', ' z', '+w'];
    await compare({ ghosts, diff: () => diff({ texts: [{ title: 'Code', lines }] }) });
    expect(findAll('.aml-diff-block').map(one => one.textContent)).toEqual([
      '--- a\n+++ b\n',
      '@@ -1,3 +1,3 @@\n',
      '-x = "<b>"\n+x = 2\n-y\n',
      ' z\n',
      '+w\n'
    ]);
    expect(findAll('.aml-diff-block b')).toEqual([]);
    expect(findAll('[role=tabpanel] pre')[0]!.tabIndex).toBe(0);
  });
});

describe('the snapshot of a run', () => {
  it('says so where there is none', async () => {
    await open(done(), { snapshot: () => ({ parts: [] }) });
    await openTab('snapshot');
    expect(shown().textContent).toBe('There is no snapshot of this run.');
  });

  it('is asked for once, though it is looked at twice', async () => {
    const parts = [{ name: 'code', title: 'Code\n<b>', text: 'x\u202e' }];
    await open(done(), { snapshot: () => ({ parts }) });
    await openTab('snapshot');
    await openTab('overview');
    await openTab('snapshot');
    expect(host.questions('snapshot')).toHaveLength(1);
    expect(shown().querySelector('summary')!.textContent).toBe('Code <b>');
    expect(shown().querySelector('pre')!.textContent).toBe('x\ufffd');
  });

  it('shows warnings though the rest of it cannot be had', async () => {
    await open(done({ warnings: ['Out of order.', '<b>'] }), {
      snapshot: () => Promise.reject(new Error('away'))
    });
    await openTab('snapshot');
    expect(shown().textContent).toContain('△ Out of order.△ <b>This cannot be shown: away');
    button(shown(), 'Try again').click();
    await settle();
    expect(host.questions('snapshot')).toHaveLength(2);
  });
});
