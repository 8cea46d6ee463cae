import { describe, expect, it, vi } from 'vitest';
import {
  button,
  cells,
  change,
  click,
  find,
  findAll,
  focused,
  host,
  HOSTILE,
  labelled,
  mount,
  mounted,
  panel,
  press,
  run,
  shown,
  tab,
  trial,
  TRIALS,
  unfold,
  viewOf
} from './page';

vi.mock('../../../src/ui/chart/chart', () => import('./chart_stub'));

describe('tabs and runs', () => {
  it('are led to by arrows, Home and End', async () => {
    await mount();
    const heads = findAll('[role=tab]');
    const selected = heads.map(one => one.getAttribute('aria-selected') === 'true');
    expect(heads.map(one => [one.textContent, one.tabIndex])).toEqual([
      ['Table', 0],
      ['Curves', -1],
      ['Parallel', -1],
      ['Scatter', -1],
      ['Best so far', -1],
      ['Importance', -1]
    ]);
    expect(selected).toEqual([true, false, false, false, false, false]);
    heads[0]!.focus();
    await press(focused(), 'ArrowLeft');
    expect([focused(), panel().id]).toEqual([heads[5], heads[5]!.getAttribute('aria-controls')]);
    await press(focused(), 'ArrowRight');
    await press(focused(), 'End');
    await press(focused(), 'Home');
    expect([focused(), panel().getAttribute('aria-labelledby')]).toEqual([heads[0], heads[0]!.id]);
  });

  it('show name, status and time, and can be opened', async () => {
    const open = vi.fn();
    await mount(TRIALS, { open });
    expect(findAll('.aml-chips li').map(one => one.textContent)).toEqual([
      '#1 name 1✓ Completed 12.0 s↗',
      '#2 name 2✓ Completed 12.0 s↗',
      '#3 name 3✓ Completed 12.0 s↗'
    ]);
    await click(find('[aria-label="Open #2 name 2"]'));
    await click(button('#3 name 3'));
    expect(open.mock.calls).toEqual([[{ kind: 'run', run: 'run-2' }]]);
  });

  it('are opened below where the host has no place for them, and the focus comes back', async () => {
    await mount();
    const opener = find('[aria-label="Open #2 name 2"]');
    opener.focus();
    await click(opener);
    expect([host.embedded, focused().getAttribute('aria-label')]).toEqual([
      [{ kind: 'run', run: 'run-2' }],
      'Close Run #2 name 2'
    ]);
    await click(focused());
    expect([host.embedded.at(-1), focused(), find('.aml-drawer').textContent]).toEqual([
      'gone',
      opener,
      ''
    ]);
  });

  it('have names of their own even where two are called the same', async () => {
    await mount([run(1, { id: 'a', short_id: 'ab' }), run(1, { id: 'b', short_id: 'cd' })]);
    expect(findAll('.aml-chip').map(one => one.textContent)).toEqual([
      '#1 name 1 ab',
      '#1 name 1 cd'
    ]);
  });

  it('of a query are followed by it, and what is left out is said', async () => {
    const subject = { query: { experiment: 'digits' }, goals: { acc: 'lower' as const } };
    await mount(
      Array.from({ length: 30 }, (_, at) => trial(at + 1, at, at)),
      {},
      { subject, more: 5 }
    );
    expect(host.followed).toEqual([subject]);
    expect(find('.aml-compare').textContent).toContain('The first 30 of 35 runs that meet the');
    expect(findAll('.aml-chips li')).toHaveLength(6);
    await click(button('show 24 more'));
    expect(findAll('.aml-chips li')).toHaveLength(30);
    await host.view(viewOf([trial(1, 1, 1)]));
    expect(findAll('.aml-chips li')).toHaveLength(1);
  });
});

describe('the table', () => {
  it('has only what differs at first, marked by more than colour', async () => {
    await mount();
    expect(cells()).toEqual([
      ['', '#1 name 1', '#2 name 2', '#3 name 3'],
      ['Parameters'],
      ['≠lr', '0.1', '0.2', '0.3'],
      ['≠opt', 'sgd', 'adam', 'sgd'],
      ['Metrics'],
      ['≠acc', '▼0.5', '★0.9', '0.7']
    ]);
    expect(find('strong').textContent).toBe('0.9');
    await click(labelled('Only'));
    expect(cells().map(([name]) => name)).toContain('fixed');
  });

  it('has all where nothing differs', async () => {
    await mount([trial(1, 1, 1), trial(3, 1, 1)]);
    expect(labelled<HTMLInputElement>('Only').checked).toBe(false);
    await click(labelled('Only'));
    expect(panel().textContent).toContain('The runs have the same parameters, metrics and tags.');
  });

  it('holds metrics against a baseline: better or worse where a direction is known', async () => {
    const all = TRIALS.map((one, at) => ({
      ...one,
      metrics: { ...one.metrics, loss: 1 + at, gap: at, odd: 'NaN' }
    }));
    await mount(all);
    await change(labelled('Baseline'), 'run-2');
    const rows = cells().slice(-3);
    expect(rows).toEqual([
      ['≠acc', '▼0.5−0.4 worse', '★0.9baseline', '0.7−0.2 worse'],
      ['≠loss', '★1−1 better', '2baseline', '▲3+1 worse'],
      ['≠gap', '▼0−1', '1baseline', '▲2+1']
    ]);
    expect(findAll('.aml-change.aml-good').map(one => one.textContent)).toEqual(['−1 better']);
  });

  it('takes the word of the user on which way is better', async () => {
    await mount(TRIALS.map(one => ({ ...one, metrics: { gap: one.number } })));
    expect(cells().at(-1)).toEqual(['≠gap', '▼1', '2', '▲3']);
    await change(labelled('Goal'), 'lower');
    expect(cells().at(-1)).toEqual(['≠gap', '★1', '2', '▲3']);
    await change(labelled('Goal'), 'none');
    expect(cells().at(-1)).toEqual(['≠gap', '▼1', '2', '▲3']);
  });

  it('has the best of many runs by the objective, and all by a button', async () => {
    await mount(
      Array.from({ length: 50 }, (_, at) => trial(at + 1, at, at)),
      {},
      { objective: 'acc' }
    );
    expect(cells()[0]!.slice(1, 4)).toEqual(['#50 name 50', '#49 name 49', '#48 name 48']);
    expect(panel().textContent).toContain('The 20 best of 50 runs by acc.');
    await change(labelled('Baseline'), 'run-1');
    expect(cells()[0]!.slice(0, 3)).toEqual(['', '#1 name 1', '#50 name 50']);
    expect(cells()[0]).toHaveLength(21);
    await click(button('show all 50'));
    expect(cells()[0]!.slice(1, 3)).toEqual(['#1 name 1', '#50 name 50']);
    expect(cells()[0]).toHaveLength(51);
  });

  it('writes whole numbers of parameters as they are copied, and keeps long texts whole', async () => {
    const text = 'word '.repeat(200);
    await mount([
      run(1, { params: { seed: 1_234_567, text } }),
      run(2, { params: { seed: 2, text: '' } })
    ]);
    expect(cells().slice(2)).toEqual([
      ['≠seed', '1234567', '2'],
      ['≠text', text.trim(), '']
    ]);
  });
});

it('hostile text stays text in every field', async () => {
  const all = HOSTILE.slice(0, 22).map((text, at) =>
    run(at, {
      ...{ id: text, short_id: text, name: text, experiment: text, status: text },
      params: { [text]: text, common: text },
      tags: { [text]: text },
      metrics: { [text]: text, m: at }
    })
  );
  const [bad] = HOSTILE;
  const problem = { metric: bad!, method: 'forest', runs: 2, explained: 1, skipped: [bad!] };
  const answers = {
    importance: () => ({
      ...problem,
      problem: '',
      parameters: HOSTILE.map(name => ({ name, importance: 1, correlation: null }))
    }),
    images: () => ({
      metric: bad,
      runs: HOSTILE.map(text => ({
        run: text,
        images: [{ step: 0, file: text, description: text }]
      }))
    }),
    preview: () => ({ image: '"><script>', media_type: bad, message: bad })
  };
  await mount(all, { answers }, { images: [...HOSTILE] });
  for (const name of ['Table', 'Curves', 'Parallel', 'Scatter', 'Importance', 'Images']) {
    await tab(name);
    if (panel().querySelector('details')) {
      await unfold();
    }
  }
  await host.link('gone', bad);
  await tab('Scatter');
  await change(labelled('x axis'), 'params.common');
  await tab('Parallel');
  await change(labelled('Axis'), 'params.common');
  await change(labelled('to'), '1');
  await click(find('.aml-open-run'));
  expect(findAll('img, script, iframe, a, form, math, object, style, body')).toEqual([]);
  expect(
    findAll<Element>('*')
      .flatMap(one => one.getAttributeNames())
      .filter(name => name.startsWith('on'))
  ).toEqual([]);
  expect((window as { __pwned?: unknown }).__pwned).toBeUndefined();
});

it('a newer snapshot is taken over until the host told of something fresher', async () => {
  await mount();
  const newer = (view: ReturnType<typeof viewOf>): Promise<void> =>
    shown(() => mounted.update({ version: 1, workspace: 'ws', view }));
  await newer(viewOf([trial(1, 5, 1), trial(2, 6, 1)]));
  expect(findAll('.aml-chip')).toHaveLength(2);
  await host.tell({ type: 'end', token: '' });
  await newer(viewOf(TRIALS));
  expect(findAll('.aml-chip')).toHaveLength(2);
  mounted.dispose();
  expect(host.stopped).toBe(1);
});

it('an output of an earlier version is drawn, and says when it is detached', async () => {
  const old = viewOf(TRIALS) as Partial<ReturnType<typeof viewOf>>;
  delete old.images;
  delete old.more;
  delete old.objective;
  old.runs!.forEach(one => delete one.started);
  await mount();
  await host.view(old as ReturnType<typeof viewOf>);
  await host.link('detached', 'no server');
  expect(find('.aml-link').textContent).toBe(
    'detached: showing the last data, trying again: no server'
  );
  await tab('Best so far');
  expect(panel().textContent).toContain('acc over run number');
});
