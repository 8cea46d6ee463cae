import { describe, expect, it, vi } from 'vitest';
import { imageAt, placeOf, stepsOf } from '../../../src/screens/compare/images';
import type { FilePreviewView, ImagesView, ImportanceView } from '../../../src/contract.gen';
import {
  cells,
  change,
  click,
  find,
  findAll,
  host,
  labelled,
  mount,
  panel,
  run,
  tab,
  TRIALS
} from './page';

vi.mock('../../../src/ui/chart/chart', () => import('./chart_stub'));

describe('the parameters that matter', () => {
  const importance = (more: Partial<ImportanceView> = {}): ImportanceView => ({
    ...{ metric: 'acc', method: 'forest', runs: 300, explained: 0.834, skipped: [], problem: '' },
    parameters: [
      { name: 'lr', importance: 0.75, correlation: -0.9 },
      { name: 'depth', importance: 0.15, correlation: 0.4 },
      { name: 'opt', importance: 0.1, correlation: null },
      { name: 'seed', importance: 0, correlation: 0.01 }
    ],
    ...more
  });

  it('are bars with the way in which the objective goes, and how they were found', async () => {
    await mount(TRIALS, { answers: { importance: () => importance() } });
    await tab('Importance');
    expect(host.asked).toEqual([
      ['importance', { runs: ['run-1', 'run-2', 'run-3'], query: undefined, metric: 'acc' }]
    ]);
    expect(panel().textContent).toContain('Parameters that matter');
    expect(panel().textContent).toContain('By random forests over 300 runs');
    expect(panel().textContent).toContain('They explain 83 % of it.');
    expect(cells()).toEqual([
      ['Parameter', 'Importance', 'As it grows'],
      ['lr', '', '75 %', '↘ acc falls (−0.90)'],
      ['depth', '', '15 %', '↗ acc rises (+0.40)'],
      ['opt', '', '10 %', 'is no number'],
      ['seed', '', '0 %', 'no clear trend (+0.01)']
    ]);
    const bars = findAll('.aml-importance-bar span').map(one => one.style.width);
    expect(bars).toEqual(['100%', '20%', expect.stringMatching(/^13\.3/), '0%']);
  });

  it('are said to be correlations, or why there are none', async () => {
    let answer = importance({ method: 'correlation', explained: null, skipped: ['id'] });
    await mount(
      TRIALS.map(one => ({ ...one, metrics: { ...one.metrics, gap: one.number } })),
      {
        answers: { importance: () => answer }
      }
    );
    await tab('Importance');
    expect(panel().textContent).toContain('By rank correlation over 300 runs.');
    expect(panel().textContent).toContain('Left out, as every run has its own value: id.');
    answer = importance({ problem: 'gap is the same in all 3 runs.', parameters: [] });
    await change(labelled('Objective'), 'gap');
    expect(host.asked.at(-1)![1]).toMatchObject({ metric: 'gap' });
    expect(panel().textContent).toContain('gap is the same in all 3 runs.');
  });

  it('need a metric', async () => {
    await mount([run(1), run(2)]);
    await tab('Importance');
    expect(panel().textContent).toContain('No run has a metric that is a number.');
  });
});

describe('images by step', () => {
  const images: ImagesView = {
    metric: 'sample',
    runs: [
      {
        run: 'run-1',
        images: [
          { step: 0, file: 'a0.png', description: 'noise' },
          { step: 10, file: 'a10.png', description: 'a face' }
        ]
      },
      { run: 'run-2', images: [{ step: 5, file: 'b5.png', description: '' }] }
    ]
  };
  const preview = (question: { file: string }): Partial<FilePreviewView> =>
    question.file === 'b5.png'
      ? { image: null, media_type: 'text/plain', message: 'It is too large.' }
      : { image: btoa(question.file), media_type: 'image/png', message: '' };
  const rows = (): string[] => findAll('.aml-step-images li').map(one => one.textContent);

  it('are a row for each run, at one step for all, asked for one by one', async () => {
    await mount(TRIALS, { answers: { images: () => images, preview } }, { images: ['sample'] });
    expect(findAll('[role=tab]').at(-1)!.textContent).toBe('Images');
    await tab('Images');
    expect(rows()).toEqual(['#1 name 1step 10a face', 'It is too large.#2 name 2step 5']);
    expect(find<HTMLImageElement>('img').src).toBe(`data:image/png;base64,${btoa('a10.png')}`);
    expect(find<HTMLImageElement>('img').alt).toBe('#1 name 1, a10.png');
    expect(host.asked.map(([kind]) => kind)).toEqual(['images', 'preview', 'preview']);
    await change(labelled('step'), '0');
    expect(rows()[0]).toBe('#1 name 1step 0noise');
    expect(find<HTMLImageElement>('img').src).toContain(btoa('a0.png'));
    expect(labelled('step').getAttribute('aria-valuetext')).toBe('0');
  });

  it('are picked by name, and open their run', async () => {
    const open = vi.fn();
    const answers = { images: () => images, preview };
    await mount(TRIALS, { answers, open }, { images: ['sample', 'map'] });
    await tab('Images');
    await change(labelled('Image'), 'map');
    expect(host.asked.filter(([kind]) => kind === 'images').at(-1)![1]).toMatchObject({
      metric: 'map'
    });
    await click(find('.aml-step-images .aml-open'));
    expect(open).toHaveBeenCalledWith({ kind: 'run', run: 'run-1' });
  });

  it('are said to lack', async () => {
    const answers = { images: () => ({ metric: 'sample', runs: [] }) };
    await mount(TRIALS, { answers }, { images: ['sample'] });
    await tab('Images');
    expect(panel().textContent).toContain('No run has an image of this name.');
  });

  it('of a step are the last until then, else the first', () => {
    const steps = stepsOf(images);
    expect(steps).toEqual([0, 5, 10]);
    expect([placeOf(steps, Infinity), placeOf(steps, 7), placeOf(steps, -1)]).toEqual([2, 1, 0]);
    const own = images.runs[0]!.images;
    expect([imageAt(own, 5).file, imageAt(own, 10).file]).toEqual(['a0.png', 'a10.png']);
    expect(imageAt(images.runs[1]!.images, 0).file).toBe('b5.png');
  });
});
