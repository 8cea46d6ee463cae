import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { json, page as htmlPage, type Stream } from '../../lab/server';
import {
  active,
  answerExperiments,
  asked,
  dataset,
  datasets,
  drawn,
  find,
  makePage,
  P,
  stream,
  type Page
} from './page';

let page: Page;
let events: Stream;
beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => {
  page.panel.dispose();
  vi.useRealTimers();
});

async function shown(answer: Response): Promise<void> {
  page = makePage();
  events = await stream();
  await answerExperiments([]);
  await find('workspaces/w/ask/datasets').answer(answer);
  await drawn();
}
const part = (): HTMLElement => page.node.querySelector('section[aria-label="Data"]')!;
const fold = (): HTMLButtonElement => part().querySelector('button')!;
const items = (): HTMLButtonElement[] => [
  ...part().querySelectorAll<HTMLButtonElement>('li button')
];

describe('the data in the panel', () => {
  it('is folded until it is asked for, and stays open on the next page', async () => {
    await shown(json(datasets([dataset('people')])));
    expect(fold().textContent).toBe('▸ Data 1');
    expect(fold().getAttribute('aria-expanded')).toBe('false');
    expect(items()).toEqual([]);
    fold().click();
    expect(fold().getAttribute('aria-expanded')).toBe('true');
    expect(items()).toHaveLength(1);
    page.panel.dispose();
    await shown(json(datasets([dataset('people')])));
    expect(items()).toHaveLength(1);
  });

  it('lists datasets, which open, and datastores with the default one marked', async () => {
    const rows = [
      dataset('people'),
      dataset(P, { rows: null }),
      dataset('images', { kind: 'file', rows: null, files: 1 }),
      dataset('one', { rows: 1 })
    ];
    await shown(json(datasets(rows)));
    fold().click();
    expect(items().map(button => button.textContent)).toEqual([
      'peoplev31,234 rows',
      `${P}v31.5 kB`,
      'imagesv31 file',
      'onev31 row'
    ]);
    expect(
      [...part().querySelectorAll('.aml-panel-stores li')].map(one => one.textContent)
    ).toEqual(['workspaceblobstoredefaultAzureBlob · /home/ada', `${P}Url · s3://${P}`]);
    expect(page.node.querySelector('img')).toBeNull();
    items()[1]!.click();
    expect(page.opened).toEqual([['w', { kind: 'dataset', dataset: P }]]);
  });

  it('says when there are none, and what is wrong', async () => {
    await shown(json(datasets([])));
    fold().click();
    expect(part().textContent).toContain('There are no datasets yet.');
    page.panel.dispose();
    await shown(json({ message: 'The store is away.' }, 503));
    expect(part().querySelector('[role=status]')!.textContent).toBe('The store is away.');
    page.panel.dispose();
    await shown(htmlPage(404));
    expect(part().textContent).toContain('not enabled');
  });

  it('is looked at when the panel is shown, and when a run came or ended', async () => {
    await shown(json(datasets([dataset('people')])));
    fold().click();
    const button = items()[0]!;
    button.focus();
    expect(asked('/datasets')).toBe(1);
    const again = async (): Promise<void> => {
      await vi.advanceTimersByTimeAsync(6_000);
      await answerExperiments([]);
    };
    await events.tell('view', '1', { runs: [active('r')] });
    await again();
    expect(asked('/datasets')).toBe(2);
    const rows = [dataset('people', { version: 4 }), dataset('zebra')];
    await find('workspaces/w/ask/datasets').answer(json(datasets(rows)));
    await drawn();
    expect(document.activeElement).toBe(button);
    expect(button.textContent).toBe('peoplev41,234 rows');
    await events.tell('view', '2', { runs: [active('r', { elapsed: 9 })] });
    await again();
    expect(asked('/datasets')).toBe(2);
    await events.tell('view', '3', { runs: [] });
    await again();
    expect(asked('/datasets')).toBe(3);
  });
});
