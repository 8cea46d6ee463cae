import { describe, expect, it, vi } from 'vitest';
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
  press,
  run,
  SampleSelection,
  shown,
  tab,
  TRIALS,
  viewOf,
  type Trial
} from '../page';

vi.mock('../../../../src/ui/chart/chart', () => import('../chart_stub'));

/** The middle of an axis of words, a number, and of the values below: see the pixels of the picture. */
const [TOP, BOTTOM] = [26, 266];
const FIRST = 60;

const faded = (): boolean[] =>
  findAll<SVGElement>('.aml-line')
    .sort((a, b) => Number(a.dataset['place']) - Number(b.dataset['place']))
    .map(one => one.classList.contains('aml-out'));
const brushes = (): number => findAll('.aml-brush').length;
const axes = (): string[] =>
  findAll<SVGElement>('.aml-axis-name title').map(one => one.textContent);
const point = (type: string, clientX: number, clientY: number, button = 0): Promise<void> =>
  shown(() =>
    find<SVGElement>('.aml-parallel').dispatchEvent(
      new MouseEvent(type, { clientX, clientY, button, bubbles: true, cancelable: true })
    )
  );
async function drag(x: number, from: number, to: number): Promise<void> {
  await point('pointerdown', x, from);
  await point('pointermove', x, to);
  await point('pointerup', x, to);
}
const words = (...opts: (string | null)[]): Trial[] =>
  opts.map((opt, at) => run(at + 1, { params: { opt }, metrics: { acc: at } }));

async function open(trials: Trial[] = TRIALS): Promise<SampleSelection> {
  const selection = new SampleSelection();
  await mount(trials, { selection });
  await tab('Parallel');
  return selection;
}

describe('a brush', () => {
  it('over words takes those that it covers, and no run without one', async () => {
    const selection = await open(words('adam', 'lion', 'sgd', null));
    expect(axes()).toEqual(['opt', 'acc']);
    await drag(FIRST, BOTTOM + 5, (TOP + BOTTOM) / 2 - 5);
    expect(faded()).toEqual([false, false, true, true]);
    expect(selection.ids).toEqual(['run-1', 'run-2']);
    const ends = findAll<HTMLSelectElement>('.aml-bounds label select').slice(1);
    expect(ends.map(one => one.selectedOptions[0]!.textContent)).toEqual(['adam', 'lion']);
  });

  it('between two words takes none', async () => {
    const selection = await open(words('adam', 'lion', 'sgd'));
    await drag(FIRST, BOTTOM - 20, BOTTOM - 40);
    expect([faded(), selection.ids]).toEqual([[true, true, true], []]);
    await click(button('Clear ranges'));
    expect(faded()).toEqual([false, false, false]);
  });

  it('may be drawn upwards or downwards, and beyond the ends of its axis', async () => {
    const selection = await open();
    await drag(FIRST, BOTTOM + 30, BOTTOM - 60);
    expect(selection.ids).toEqual(['run-1']);
    await drag(FIRST, TOP - 2, TOP + 60);
    expect(selection.ids).toEqual(['run-3']);
    await drag(FIRST, TOP + 60, 5_000);
    expect(selection.ids).toEqual(['run-1', 'run-2']);
    expect(brushes()).toBe(1);
  });

  it('on each of two axes leaves what is within both', async () => {
    const selection = await open();
    const last = 60 + Number(find('.aml-parallel').getAttribute('width')) - 120;
    await drag(FIRST, TOP + 60, BOTTOM);
    await drag(last, TOP, TOP + 150);
    expect([brushes(), selection.ids]).toEqual([2, ['run-2']]);
    expect(panel().textContent).toContain('1 of 3 runs are within the ranges');
  });

  it('is not begun beside the axes, nor by another button of the pointer', async () => {
    const selection = await open();
    await drag(FIRST + 40, BOTTOM, TOP);
    await point('pointerdown', FIRST, BOTTOM, 2);
    await point('pointermove', FIRST, TOP + 100);
    expect([brushes(), selection.told]).toEqual([0, []]);
  });

  it('that the page takes away to scroll is let go', async () => {
    await open();
    await point('pointerdown', FIRST, BOTTOM);
    await point('pointermove', FIRST, BOTTOM - 50);
    await point('pointercancel', FIRST, BOTTOM - 50);
    await point('pointermove', FIRST, TOP);
    expect(faded()).toEqual([false, true, true]);
  });

  it('is taken back by a click on its axis alone', async () => {
    const selection = await open();
    const last = 60 + Number(find('.aml-parallel').getAttribute('width')) - 120;
    await drag(FIRST, TOP + 60, BOTTOM);
    await drag(last, TOP, TOP + 150);
    await point('pointerdown', FIRST, 150);
    await point('pointerup', FIRST + 1, 151);
    expect([brushes(), selection.ids]).toEqual([1, ['run-2', 'run-3']]);
  });

  it('holds for runs that come while it is there', async () => {
    await open();
    await drag(FIRST, BOTTOM, BOTTOM - 60);
    const late = [0.1, 0.4].map((lr, at) =>
      run(4 + at, { params: { lr, opt: 'sgd', fixed: 1 }, metrics: { acc: 0.6 } })
    );
    await host.view(viewOf([...TRIALS, ...late]));
    expect(faded()).toEqual([false, true, true, false, true]);
  });
});

describe('the ends of an axis', () => {
  it('are words to pick where it has words, and any of them by default', async () => {
    const selection = await open(words('adam', 'lion', 'sgd'));
    expect(labelled<HTMLSelectElement>('from').value).toBe('');
    await change(labelled('from'), '1');
    expect(selection.ids).toEqual(['run-2', 'run-3']);
    await change(labelled('to'), '1');
    expect(selection.ids).toEqual(['run-2']);
    await change(labelled('from'), '');
    expect(selection.ids).toEqual(['run-1', 'run-2']);
    await change(labelled('to'), '');
    expect([selection.ids, brushes()]).toEqual([[], 0]);
  });

  it('may be typed in any order', async () => {
    const selection = await open();
    await change(labelled('from'), '0.25');
    await change(labelled('to'), '0.15');
    expect(selection.ids).toEqual(['run-2']);
    expect([labelled('from').value, labelled('to').value]).toEqual(['0.15', '0.25']);
  });

  it('belong to the axis that is chosen', async () => {
    await open();
    await change(labelled('from'), '0.25');
    await change(labelled('Axis'), 'metrics.acc');
    expect(labelled('from').value).toBe('');
    await change(labelled('Axis'), 'params.lr');
    expect(labelled('from').value).toBe('0.25');
  });
});

describe('the picture', () => {
  it('cuts long names and words, never within a letter, and has them whole', async () => {
    const name = '😀'.repeat(30);
    const trials = ['😎'.repeat(20), 'b'].map((text, at) =>
      run(at + 1, { params: { [name]: text }, metrics: { acc: at } })
    );
    await open(trials);
    const texts = findAll<SVGElement>('.aml-parallel text').map(one => one.textContent);
    expect(texts.some(text => text.startsWith(`${'😀'.repeat(15)}…`))).toBe(true);
    expect(texts).toContain(`${'😎'.repeat(13)}…`);
    expect(axes()[0]).toBe(name);
  });

  it('says which axis goes by powers of ten, and marks runs without a value', async () => {
    await open(
      [1e-5, 1e-3, 0.1, null].map((lr, at) => run(at + 1, { params: { lr }, metrics: { acc: at } }))
    );
    expect(find('.aml-axis-name').textContent).toMatch(/^lr \(log\)/);
    const ticks = [...find('.aml-axis').querySelectorAll('.aml-tick-text')];
    expect(ticks.at(-1)!.textContent).toBe('–');
  });

  it('names nothing once the pointer has left', async () => {
    await open();
    const line = find<SVGElement>('.aml-line');
    await shown(() => line.dispatchEvent(new MouseEvent('pointerover', { bubbles: true })));
    expect(find('.aml-tip').textContent).not.toBe('');
    await point('pointerleave', 0, 0);
    expect(find('.aml-tip').textContent).toBe('');
  });

  it('opens nothing by a click beside the lines', async () => {
    await open();
    await point('click', 5, 5);
    expect(find('.aml-drawer').textContent).toBe('');
    await press(find('.aml-parallel'), 'Enter');
    expect(find('.aml-drawer').textContent).toBe('');
  });
});
