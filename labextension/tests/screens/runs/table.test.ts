import { describe, expect, it, vi } from 'vitest';
import { mountRun } from '../../../src/screens/run/mount';
import {
  mounted,
  mount,
  host,
  find,
  findAll,
  lines,
  keys,
  line,
  cell,
  head,
  button,
  count,
  type
} from './page';
import { focused, press, row, rows, SampleSelection, tableOf } from './sample';

vi.mock('../../../src/screens/run/mount', () => ({
  mountRun: vi.fn((parent: HTMLElement) => {
    parent.append('a run');
    return { update: vi.fn(), dispose: vi.fn() };
  })
}));
vi.mock('../../../src/ui/chart/draw', () => ({
  drawChart: () => ({ set: vi.fn(), zoom: vi.fn(), dispose: vi.fn() })
}));

describe('the grid', () => {
  it('has only the rows near those that are seen in the page', () => {
    mount(tableOf(rows(10_000)));
    expect(lines().length).toBeLessThan(60);
    expect(keys()[0]).toBe('run-10000');
    const grid = find('[role=grid]');
    expect(grid.getAttribute('aria-rowcount')).toBe('10001');
    grid.scrollTop = 5_000 * 28;
    grid.dispatchEvent(new Event('scroll'));
    expect(keys()).toContain('run-5000');
    expect(lines().length).toBeLessThan(60);
    expect(line(5_000).getAttribute('aria-rowindex')).toBe('5002');
    expect(line(5_000).style.transform).toBe(`translateY(${5_000 * 28}px)`);
    expect(find('.aml-rows').style.height).toBe('280000px');
  });

  it('shows values, sparklines and the best of a metric', () => {
    const more = (number: number): object => ({
      params: { lr: number / 10 },
      metrics: { acc: number / 100, note: 'x' },
      sparklines: { acc: [0, 1] }
    });
    mount(tableOf(rows(3, more)));
    expect(findAll('[role=columnheader]').map(one => one.textContent)).toEqual([
      '☐',
      'Run',
      'Status',
      'Started',
      'Duration',
      'lr',
      'acc',
      'note',
      'Tags'
    ]);
    expect(cell(3, 6).textContent).toBe('★0.03');
    expect(cell(3, 6).className).toContain('aml-best');
    expect(cell(3, 6).querySelector('[role=img]')!.getAttribute('aria-label')).toBe('best');
    expect(cell(2, 6).textContent).toBe('0.02');
    expect(cell(2, 6).querySelector('svg')!.getAttribute('aria-hidden')).toBe('true');
    expect(cell(2, 5).className).toContain('aml-number');
    expect(cell(2, 2).textContent).toBe('✓ Completed');
  });

  it('sorts by a click or a key on the head, in three states', () => {
    mount(tableOf([row(3, { params: { lr: 5 } }), row(2, { params: { lr: 10 } }), row(1)]));
    head('lr').click();
    expect([keys(), head('lr').getAttribute('aria-sort')]).toEqual([
      ['run-3', 'run-2', 'run-1'],
      'ascending'
    ]);
    press(head('lr'), 'Enter');
    expect([keys(), head('lr').getAttribute('aria-sort')]).toEqual([
      ['run-2', 'run-3', 'run-1'],
      'descending'
    ]);
    press(head('lr'), ' ');
    expect(head('lr').getAttribute('aria-sort')).toBe('none');
    expect(focused()).toBe(head('lr'));
  });

  it('leads by keys from cell to cell, and keeps one of them for Tab', () => {
    mount(tableOf(rows(1_000)));
    expect(findAll('[role=grid] [tabindex="0"]')).toHaveLength(1);
    const first = head('☐');
    expect(first.getAttribute('tabindex')).toBe('0');
    first.focus();
    press(focused(), 'ArrowDown');
    expect(focused()).toBe(cell(1_000, 0));
    press(focused(), 'ArrowRight');
    press(focused(), 'PageDown');
    expect(focused()).toBe(cell(986, 1));
    press(focused(), 'End', { ctrlKey: true });
    expect(focused()).toBe(line(1).lastElementChild);
    expect(find('[role=grid]').scrollTop).toBeGreaterThan(27_000);
    press(focused(), 'Home');
    expect(focused()).toBe(cell(1, 0));
    press(focused(), 'Home', { ctrlKey: true });
    expect(focused()).toBe(cell(1_000, 0));
    expect(findAll('[role=grid] [tabindex="0"]')).toEqual([focused()]);
    expect(press(focused(), 'x')).toBe(true);
    expect(press(focused(), 'ArrowDown')).toBe(false);
  });

  it('keeps the line with the focus in the page when it is scrolled away', () => {
    mount(tableOf(rows(1_000)));
    cell(1_000, 1).focus();
    const grid = find('[role=grid]');
    grid.scrollTop = 500 * 28;
    grid.dispatchEvent(new Event('scroll'));
    expect(focused()).toBe(cell(1_000, 1));
    expect(keys()[0]).toBe('run-1000');
  });
});

describe('selecting', () => {
  it('goes by Space, Shift with Space, arrows and clicks, and Ctrl+A', () => {
    mount(tableOf(rows(6)));
    cell(6, 1).focus();
    press(focused(), ' ');
    expect([count(), line(6).getAttribute('aria-selected')]).toEqual([
      '6 runs, 1 selected',
      'true'
    ]);
    press(focused(), 'ArrowDown');
    press(focused(), 'ArrowDown');
    press(focused(), ' ', { shiftKey: true });
    expect(count()).toBe('6 runs, 3 selected');
    press(focused(), 'ArrowDown', { shiftKey: true });
    expect(count()).toBe('6 runs, 4 selected');
    press(focused(), ' ');
    expect([count(), line(3).getAttribute('aria-selected')]).toEqual([
      '6 runs, 3 selected',
      'false'
    ]);
    cell(1, 1).dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }));
    expect(count()).toBe('6 runs, 6 selected');
    cell(1, 0).click();
    expect(count()).toBe('6 runs, 5 selected');
    press(focused(), 'a', { ctrlKey: true });
    expect(head('☑').getAttribute('aria-label')).toBe('Select none');
    head('☑').click();
    expect(count()).toBe('6 runs, 0 selected');
  });

  it('selects what the filter lets through and no more', () => {
    mount(tableOf(rows(6)));
    type('name');
    type('#6');
    cell(6, 1).focus();
    press(focused(), 'a', { metaKey: true });
    expect(count()).toBe('1 of 6 runs, 1 selected');
    type('');
    expect(
      lines()
        .filter(one => one.getAttribute('aria-selected') === 'true')
        .map(one => one.dataset['key'])
    ).toEqual(['run-6']);
  });

  it('is shared with the host, both ways', () => {
    const selection = new SampleSelection();
    selection.ids = ['run-2'];
    mount(tableOf(rows(3)), { selection });
    expect(line(2).getAttribute('aria-selected')).toBe('true');
    cell(1, 0).click();
    expect(selection.told).toEqual([['run-2', 'run-1']]);
    selection.listener!(['run-3']);
    expect(lines().map(one => one.getAttribute('aria-selected'))).toEqual([
      'true',
      'false',
      'false'
    ]);
    expect(selection.told).toHaveLength(1);
    host
      .to('runs')
      .event({ type: 'rows', token: '1', rows: [], removed: ['run-3'], order: null, more: 0 });
    expect(selection.told[1]).toEqual([]);
  });
});

describe('opening and comparing', () => {
  it('opens a run by Enter, by its name and by a double click, where the host shows it', () => {
    const openRun = vi.fn();
    mount(tableOf(rows(3)), { openRun });
    press(cell(3, 1), 'Enter');
    find('[data-key="run-2"] .aml-open').click();
    cell(1, 3).dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    expect(openRun.mock.calls).toEqual([['run-3'], ['run-2'], ['run-1']]);
  });

  it('else shows it below, and gives the focus back when it is closed', () => {
    mount(tableOf(rows(3, () => ({ params: { lr: 1 }, metrics: { acc: 0.5 } }))));
    cell(3, 1).focus();
    press(focused(), 'Enter');
    const [into, snapshot, to] = vi.mocked(mountRun).mock.calls[0]!;
    expect([
      into.isConnected,
      to,
      snapshot.view.id,
      snapshot.view.params,
      snapshot.view.metrics[0]!.last
    ]).toEqual([true, host, 'run-3', { lr: 1 }, 0.5]);
    expect(find('.aml-drawer').textContent).toContain('a run');
    expect(focused().getAttribute('aria-label')).toBe('Close Run name 3');
    focused().click();
    expect(find('.aml-drawer').textContent).toBe('');
    expect(vi.mocked(mountRun).mock.results[0]!.value.dispose).toHaveBeenCalled();
    expect(focused()).toBe(cell(3, 1));
  });

  it('compares from 2 to 20 runs', () => {
    const openCompare = vi.fn();
    mount(tableOf(rows(30)), { openCompare });
    const compare = button('Compare');
    compare.click();
    cell(30, 0).click();
    compare.click();
    expect([openCompare.mock.calls, compare.getAttribute('aria-disabled'), compare.title]).toEqual([
      [],
      'true',
      'Select 2 to 20 runs to compare them.'
    ]);
    cell(28, 0).click();
    compare.click();
    expect(openCompare).toHaveBeenCalledWith(['run-30', 'run-28']);
    press(cell(28, 0), 'a', { ctrlKey: true });
    compare.click();
    expect(openCompare).toHaveBeenCalledTimes(1);
  });

  it('else compares below, from what the table knows, and takes over what is picked there', () => {
    mount(tableOf(rows(2, number => ({ params: { lr: number } }))));
    press(cell(2, 0), 'a', { ctrlKey: true });
    button('Compare').click();
    expect(find('.aml-drawer .aml-compare-table').textContent).toContain('lr');
    host.to('compare').event({ type: 'end', token: '' });
    findAll('[role=tab]')
      .find(one => one.textContent === 'Parallel')!
      .click();
    const from = [...find('.aml-bounds').querySelectorAll('label')]
      .find(one => one.textContent!.startsWith('from'))!
      .querySelector('input')!;
    from.value = '2';
    from.dispatchEvent(new Event('change'));
    expect([count(), line(2).getAttribute('aria-selected')]).toEqual([
      '2 runs, 1 selected',
      'true'
    ]);
    find('.aml-close').click();
    expect([find('.aml-drawer').children.length, host.stopped]).toEqual([0, 1]);
  });

  it('makes a DataFrame only where there is a notebook', () => {
    mount(tableOf(rows(2)));
    expect(button('To DataFrame')).toBeUndefined();
    mounted.dispose();
    const toNotebook = vi.fn();
    mount(tableOf(rows(2)), { toNotebook });
    button('To DataFrame').click();
    cell(1, 0).click();
    button('To DataFrame').click();
    expect(toNotebook.mock.calls).toEqual([[['run-1']]]);
  });
});

describe('filtering, grouping and columns', () => {
  it('groups by experiment, and selects a group at once', () => {
    mount(tableOf(rows(4, number => ({ experiment: number % 2 ? 'odd' : 'even' }))));
    button('Group').click();
    expect(keys()).toEqual([
      'experiment even',
      'run-4',
      'run-2',
      'experiment odd',
      'run-3',
      'run-1'
    ]);
    expect(lines()[0]!.textContent).toBe('even (2)');
    expect(lines()[0]!.children).toHaveLength(1);
    (lines()[3]!.firstElementChild as HTMLElement).focus();
    press(focused(), ' ');
    expect(line(3).getAttribute('aria-selected')).toBe('true');
    expect(count()).toBe('4 runs, 2 selected');
    press(focused(), 'ArrowUp');
    expect(focused()).toBe(cell(2, 0));
  });

  it('lets columns be chosen, and closes the menu by Escape', () => {
    mount(
      tableOf(
        rows(2, () => ({
          params: Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`p${at}`, at]))
        }))
      )
    );
    const menu = find('.aml-menu') as HTMLDetailsElement;
    const box = (key: string): HTMLInputElement =>
      [...menu.querySelectorAll('label')]
        .find(one => one.textContent!.trim() === key)!
        .querySelector('input')!;
    expect([box('params.p0').checked, box('params.p9').checked, head('p9')]).toEqual([
      true,
      false,
      undefined
    ]);
    cell(2, 1).focus();
    menu.open = true;
    box('params.p9').click();
    expect(head('p9')).toBeDefined();
    box('params.p0').click();
    expect(head('p0')).toBeUndefined();
    press(box('params.p0'), 'Escape');
    expect([menu.open, focused()]).toEqual([false, menu.querySelector('summary')]);
  });

  it('exports the rows that are shown', async () => {
    const made: Blob[] = [];
    vi.stubGlobal(
      'URL',
      Object.assign(URL, {
        createObjectURL: (blob: Blob) => (made.push(blob), 'blob:x'),
        revokeObjectURL: vi.fn()
      })
    );
    const click = vi
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(() => undefined);
    mount({ ...tableOf(rows(3)), query: { experiment: 'a/../b' } });
    type('#2');
    button('CSV').click();
    expect(click.mock.contexts.map(link => (link as HTMLAnchorElement).download)).toEqual([
      'a_b.csv'
    ]);
    const text = await new Promise<string>(done => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result as string);
      reader.readAsText(made[0]!);
    });
    expect(text.split('\r\n').map(one => one.slice(0, 5))).toEqual(['id,nu', 'run-2', '']);
    click.mockRestore();
    vi.unstubAllGlobals();
  });
});
