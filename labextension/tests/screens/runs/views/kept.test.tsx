import { describe, expect, it } from 'vitest';
import { UNCHOSEN } from '../../../../src/screens/runs/state';
import { keeper } from '../../keeper';
import { button, find, head, host, keys, mount, mounted, type, until } from '../page';
import { rows, tableOf } from '../sample';

describe('what the reader chose', () => {
  const params = (number: number): object => ({ params: { lr: number } });
  it('is brought back when the table is shown again', async () => {
    const table = tableOf(rows(5, params));
    mount(table);
    host.all = rows(5, params);
    head('lr').click();
    type('name 3');
    await until(() => expect(keys()).toEqual(['run-3']));
    mount(table);
    host.all = rows(5, params);
    expect((find('.aml-filter') as HTMLInputElement).value).toBe('name 3');
    await until(() => expect(keys()).toEqual(['run-3']));
    expect(head('lr').getAttribute('aria-sort')).toBe('ascending');
    mount({ ...table, query: { experiment: 'other' } });
    expect((find('.aml-filter') as HTMLInputElement).value).toBe('');
  });

  it('stays with the output that shows the table, whatever others show', async () => {
    const kept = keeper();
    mount(tableOf(rows(3, params)), { kept });
    head('lr').click();
    mounted.dispose();
    expect(kept.told).toEqual([
      [
        'runs',
        { version: 1, view: { ...UNCHOSEN, sort: { column: 'params.lr', descending: false } } }
      ]
    ]);
    localStorage.clear();
    mount(tableOf(rows(3, params)), { kept });
    host.all = rows(3, params);
    await until(() => expect(head('lr').getAttribute('aria-sort')).toBe('ascending'));
    mount(tableOf(rows(3, params)), { kept: keeper() });
    expect(head('lr').getAttribute('aria-sort')).toBe('none');
  });

  it.each([
    [{ version: 2, view: {} }, 'newer version of aml_magics'],
    [{ version: 1, view: { shown: 5, order: { length: 1e9 }, by: ['x'] } }, 'cannot be read'],
    ['<img>', 'cannot be read']
  ])('is left out where it is %j, with a word', (held, words) => {
    mount(tableOf(rows(3, params)), { kept: keeper(held) });
    expect(keys()).toEqual(['run-3', 'run-2', 'run-1']);
    expect(find('.aml-message[role=status]').textContent).toContain(words);
    button('✕').click();
  });
});
