import { describe, expect, it, vi } from 'vitest';
import {
  button,
  cell,
  count,
  drawn,
  find,
  findAll,
  head,
  host,
  keys,
  line,
  lines,
  mount,
  until
} from './page';
import { focused, press, row, rows, SampleSelection, tableOf } from './sample';

async function key(name: string, more: KeyboardEventInit = {}): Promise<boolean> {
  const isFree = press(focused(), name, more);
  await drawn();
  return isFree;
}

describe('the table', () => {
  it('has only the rows near those that are seen in the page', () => {
    mount(tableOf(rows(10_000)));
    expect(lines().length).toBeLessThan(60);
    expect(keys()[0]).toBe('run-10000');
    expect(find('[role=grid]').getAttribute('aria-rowcount')).toBe('10001');
    expect(find('.aml-rows').style.height).toBe('280000px');
  });

  it('shows what one looks for first: status, name, metrics and parameters that differ', () => {
    const more = (number: number): object => ({
      params: { lr: number / 10, seed: 1234567 },
      metrics: { speed: 1, acc: number / 100 },
      sparklines: { acc: [0, 1] }
    });
    mount(tableOf(rows(3, more)));
    expect(findAll('[role=columnheader]').map(one => one.textContent)).toEqual([
      '☐',
      'Status',
      'Run',
      'acc',
      'lr',
      'Started',
      'Duration',
      'Tags',
      'speed',
      'seed'
    ]);
    expect(cell(3, 1).textContent).toBe('✓ Completed');
    expect(cell(3, 3).textContent).toBe('★0.03');
    expect(cell(3, 3).querySelector('[role=img]')!.getAttribute('aria-label')).toBe('best');
    expect(cell(2, 3).querySelector('svg')!.getAttribute('aria-hidden')).toBe('true');
    expect(cell(2, 4).className).toContain('aml-number');
    expect(cell(2, 9).textContent).toBe('1234567');
  });

  it('sorts by a click or a key on the head, in three states, as the store does', async () => {
    mount(tableOf([row(3, { params: { lr: 5 } }), row(2, { params: { lr: 10 } })], 40));
    host.all = [
      row(3, { params: { lr: 5 } }),
      row(2, { params: { lr: 10 } }),
      row(1, { params: { lr: 1 } })
    ];
    head('lr').click();
    await until(() => expect(keys()).toEqual(['run-1', 'run-3', 'run-2']));
    expect(head('lr').getAttribute('aria-sort')).toBe('ascending');
    press(head('lr'), 'Enter');
    await until(() => expect(keys()).toEqual(['run-2', 'run-3', 'run-1']));
    expect(head('lr').getAttribute('aria-sort')).toBe('descending');
    expect(host.asked.filter(([kind]) => kind === 'runs')).toEqual([
      ['runs', { query: { sort: 'params.lr asc' }, offset: 0, limit: 100 }],
      ['runs', { query: { sort: 'params.lr desc' }, offset: 0, limit: 100 }]
    ]);
    press(head('lr'), ' ');
    await until(() => expect(head('lr').getAttribute('aria-sort')).toBe('none'));
    expect(focused()).toBe(head('lr'));
    expect(host.followed.at(-1)).toEqual({ query: {} });
  });

  it('leaves a column that it is sorted by in its place, under the pointer', async () => {
    const values = (number: number): object => ({
      metrics: { acc: number },
      params: { lr: number }
    });
    mount(tableOf(rows(2, values)));
    host.all = rows(2, values);
    const titles = (): string[] => findAll('.aml-head-text').map(one => one.textContent);
    const before = titles();
    head('lr').click();
    await until(() => expect(head('lr').getAttribute('aria-sort')).toBe('ascending'));
    expect(titles()).toEqual(before);
  });

  it('says by what its query sorts, and turns that round', async () => {
    const metrics = (number: number): object => ({ metrics: { loss: number, acc: -number } });
    mount({ ...tableOf(rows(2, metrics)), query: { sort: 'metrics.acc desc' } });
    expect(head('acc').getAttribute('aria-sort')).toBe('descending');
    expect(findAll('[role=columnheader]')[3]).toBe(head('acc'));
    host.all = rows(2, metrics);
    head('acc').click();
    await until(() => expect(head('acc').getAttribute('aria-sort')).toBe('ascending'));
    expect(host.followed.at(-1)).toEqual({ query: { sort: 'metrics.acc asc' } });
  });

  it('leads by keys from cell to cell, and keeps one of them for Tab', async () => {
    mount(tableOf(rows(1_000)));
    head('☐').focus();
    await key('ArrowDown');
    expect(focused()).toBe(cell(1_000, 0));
    await key('ArrowRight');
    await key('PageDown');
    expect(focused()).toBe(cell(986, 1));
    await key('End', { ctrlKey: true });
    expect(focused().parentElement).toBe(line(1));
    await key('Home');
    expect(focused()).toBe(cell(1, 0));
    expect(findAll('.aml-grid [tabindex="0"]')).toEqual([focused()]);
  });
});

describe('selecting', () => {
  it('goes by Space, Shift with Space, arrows and clicks, and Ctrl+A', async () => {
    mount(tableOf(rows(6)));
    cell(6, 1).focus();
    await key(' ');
    expect([count(), line(6).getAttribute('aria-selected')]).toEqual([
      '6 runs, 1 selected',
      'true'
    ]);
    await key('ArrowDown');
    await key('ArrowDown');
    await key(' ', { shiftKey: true });
    expect(count()).toBe('6 runs, 3 selected');
    await key('ArrowDown', { shiftKey: true });
    expect(count()).toBe('6 runs, 4 selected');
    await key(' ');
    expect([count(), line(3).getAttribute('aria-selected')]).toEqual([
      '6 runs, 3 selected',
      'false'
    ]);
    cell(1, 1).dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }));
    await drawn();
    expect(count()).toBe('6 runs, 6 selected');
    await key('a', { ctrlKey: true });
    expect(head('☑').getAttribute('aria-label')).toBe('Select none');
    head('☑').click();
    await drawn();
    expect(count()).toBe('6 runs, 0 selected');
  });

  it('reaches runs that are not here: all, and a range', async () => {
    mount(tableOf(rows(500).slice(0, 100), 400));
    host.all = rows(500);
    cell(500, 0).click();
    await drawn();
    await key('End', { ctrlKey: true, shiftKey: true });
    await until(() => expect(count()).toBe('500 runs, 500 selected'));
    expect(host.asked).toContainEqual(['run_ids', { query: {} }]);
    head('☑').click();
    await until(() => expect(count()).toBe('500 runs, 0 selected'));
  });

  it('is shared with the host, both ways', async () => {
    const selection = new SampleSelection();
    selection.ids = ['run-2'];
    mount(tableOf(rows(3)), { selection });
    expect(line(2).getAttribute('aria-selected')).toBe('true');
    cell(1, 0).click();
    expect(selection.told).toEqual([['run-2', 'run-1']]);
    selection.listener!(['run-3']);
    await until(() =>
      expect(lines().map(one => one.getAttribute('aria-selected'))).toEqual([
        'true',
        'false',
        'false'
      ])
    );
    expect(selection.told).toHaveLength(1);
    const event = { token: '1', rows: [], removed: ['run-3'], order: null, more: 0 };
    host.to('runs').event({ type: 'rows', ...event });
    expect(selection.told[1]).toEqual([]);
  });
});

describe('opening and comparing', () => {
  it('opens a run by Enter, by its name and by a double click, where the host shows it', () => {
    const open = vi.fn();
    mount(tableOf(rows(3)), { open });
    press(cell(3, 1), 'Enter');
    find('[data-key="run-2"] .aml-open').click();
    cell(1, 3).dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    expect(open.mock.calls).toEqual(['run-3', 'run-2', 'run-1'].map(run => [{ kind: 'run', run }]));
  });

  it('else shows it below, and gives the focus back when it is closed', async () => {
    mount(tableOf(rows(3)));
    cell(3, 1).focus();
    await key('Enter');
    await until(() => expect(find('.aml-drawer').textContent).toContain('screen of run'));
    expect(host.embedded[0]!.subject).toEqual({ kind: 'run', run: 'run-3' });
    expect(focused().getAttribute('aria-label')).toBe('Close Run name 3');
    focused().click();
    await drawn();
    expect([find('.aml-drawer').textContent, host.disposed]).toEqual(['', 1]);
    expect(focused()).toBe(cell(3, 1));
  });

  it('makes a DataFrame only where there is a notebook', async () => {
    mount(tableOf(rows(3)));
    expect(button('To DataFrame')).toBeUndefined();
    const insert = vi.fn();
    mount(tableOf(rows(3)), { insert });
    button('To DataFrame').click();
    expect(insert).not.toHaveBeenCalled();
    cell(2, 0).click();
    await drawn();
    button('To DataFrame').click();
    expect(insert).toHaveBeenCalledWith('runs = %aml runs run-2', true);
  });

  it('tells why code could not be inserted', async () => {
    const insert = (): void => {
      throw new Error('Open a notebook first.');
    };
    mount(tableOf(rows(3)), { insert });
    cell(2, 0).click();
    await drawn();
    button('To DataFrame').click();
    await drawn();
    expect(find('[role=alert]').textContent).toContain('Open a notebook first.');
  });
});
