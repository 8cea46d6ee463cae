import { describe, expect, it, vi } from 'vitest';
import { button, cell, count, drawn, enter, host, mount, until } from './page';
import { focused, press, rows, tableOf } from './sample';

async function pickAll(): Promise<void> {
  press(focused(), 'a', { ctrlKey: true });
  await drawn();
}

describe('the table', () => {
  it('compares the runs that are selected, from 2 on', async () => {
    const open = vi.fn();
    mount(tableOf(rows(30)), { open });
    cell(30, 0).click();
    await drawn();
    const compare = button('Compare');
    compare.click();
    expect([open.mock.calls, compare.getAttribute('aria-disabled'), compare.title]).toEqual([
      [],
      'true',
      'Select 2 to 1,000 runs to compare them.'
    ]);
    cell(28, 0).click();
    await drawn();
    compare.click();
    expect(open).toHaveBeenCalledWith({ kind: 'compare', runs: ['run-30', 'run-28'] });
    await pickAll();
    compare.click();
    expect((open.mock.calls[1]![0] as { runs: string[] }).runs).toHaveLength(30);
  });

  it('compares all that are found where none is selected, by their query', async () => {
    const open = vi.fn();
    const table = tableOf(rows(30));
    mount({ ...table, query: { experiment: 'digits', sort: 'metrics.acc', by: '' } }, { open });
    host.all = rows(30);
    enter('number > 9');
    await until(() => expect(button('Compare').textContent).toBe('Compare all 21'));
    button('Compare').click();
    expect(open).toHaveBeenCalledWith({
      kind: 'compare',
      query: { experiment: 'digits', sort: 'metrics.acc', find: 'number > 9', limit: 1_000 },
      goals: {}
    });
  });

  it('says how many of all it compares, and knows the goal of what is sorted by', async () => {
    const open = vi.fn();
    const query = { limit: 2, sort: 'metrics.acc', goals: { loss: 'min', acc: 'max' } as const };
    mount({ ...tableOf(rows(5)), query }, { open });
    expect(button('Compare').textContent).toBe('Compare the first 2');
    button('Compare').click();
    const { goals, ...subject } = open.mock.calls[0]![0] as { goals: object };
    expect(subject).toEqual({ kind: 'compare', query });
    expect(Object.entries(goals)).toEqual([
      ['acc', 'higher'],
      ['loss', 'lower']
    ]);
    mount(tableOf(rows(3).slice(0, 2), 4_998), { open });
    expect(button('Compare').textContent).toBe('Compare the first 1,000');
    mount(tableOf(rows(1)), { open });
    expect(button('Compare').getAttribute('aria-disabled')).toBe('true');
  });

  it('else compares below, and takes over what is picked there', async () => {
    mount(tableOf(rows(2)));
    cell(2, 0).focus();
    await pickAll();
    button('Compare').click();
    await until(() => expect(host.embedded).toHaveLength(1));
    const { subject, selection } = host.embedded[0]!;
    expect(subject).toEqual({ kind: 'compare', runs: ['run-2', 'run-1'] });
    selection!.set(['run-2']);
    await until(() => expect(count()).toBe('2 runs, 1 selected'));
  });
});
