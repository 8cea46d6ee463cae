import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { metric, MetricPage, preview } from './metric_page';

/** Longer than a slider rests on an image. */
const REST = 150;
const image = metric({ name: 'plot', kind: 'image', files: ['a.png', 'b.png', 'c.png'] });
let page: MetricPage;

const shown = (): string =>
  atob(page.find<HTMLImageElement>('img.aml-image').src.split(',')[1] ?? '');
const slide = (place: number): void =>
  void act(() => {
    const slider = page.find<HTMLInputElement>('input');
    slider.value = String(place);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  });
const row = (): string[] => page.texts('.aml-image-row span');

beforeEach(() => {
  page = new MetricPage();
});
afterEach(() => {
  page.remove();
  vi.unstubAllGlobals();
});

describe('images', () => {
  it('show the newest, and the older ones by a slider, each fetched once', async () => {
    page.show(image);
    await page.settle();
    expect(shown()).toBe('c.png');
    expect(page.find<HTMLImageElement>('img').alt).toBe('plot, image 3 of 3');
    for (const place of [0, 2, 0]) {
      slide(place);
      await page.settle(REST);
    }
    expect(shown()).toBe('a.png');
    expect(page.ask.mock.calls).toEqual([
      ['preview', { run: 'r', file: 'c.png' }],
      ['preview', { run: 'r', file: 'a.png' }]
    ]);
  });

  it('ask for none that a slider only passes', async () => {
    page.show(image);
    await page.settle();
    slide(1);
    slide(0);
    await page.settle(REST);
    expect(page.ask.mock.calls.map(([, { file }]) => file)).toEqual(['c.png', 'a.png']);
  });

  it('say which one it is, where it was logged and what was said of it, page by page', async () => {
    const marks = [0, 5, 10].map((step, place) => ({
      step,
      time: 1.5 * place,
      description: place ? `after ${step} epochs` : ''
    }));
    page.show({ ...image, marks });
    await page.settle();
    const [before, next] = [
      ...page.parent.querySelectorAll<HTMLButtonElement>('.aml-image-row button')
    ] as [HTMLButtonElement, HTMLButtonElement];
    expect(row()).toEqual(['step 10 at 3.0 s · 3 of 3']);
    expect(page.find('input').getAttribute('aria-valuetext')).toBe(
      'plot, image 3 of 3 · step 10 at 3.0 s'
    );
    expect(page.texts('.aml-image-about')).toEqual(['after 10 epochs']);
    expect([before, next].map(each => each.getAttribute('aria-disabled'))).toEqual([null, 'true']);
    page.click(before);
    expect(page.texts('.aml-image-about')).toEqual(['after 5 epochs']);
    page.click(before);
    page.click(before);
    await page.settle(REST);
    expect(shown()).toBe('a.png');
    expect(row()).toEqual(['step 0 at 0 ms · 1 of 3']);
    expect(page.texts('.aml-image-about')).toEqual([]);
  });

  it('follow the newest until the user goes back, and again from there', async () => {
    page.show(image);
    page.show({ ...image, files: [...image.files, 'd.png'] });
    await page.settle(REST);
    expect(shown()).toBe('d.png');
    slide(0);
    page.show({ ...image, files: [...image.files, 'd.png', 'e.png'] });
    await page.settle(REST);
    expect(shown()).toBe('a.png');
    slide(4);
    page.show({ ...image, files: [...image.files, 'd.png', 'e.png', 'f.png'] });
    await page.settle(REST);
    expect(shown()).toBe('f.png');
  });

  it('are fetched when they come into view', async () => {
    let tell: (entries: { isIntersecting: boolean }[]) => void = () => undefined;
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(told: typeof tell) {
          tell = told;
        }
        observe(): void {}
        disconnect(): void {}
      }
    );
    page.show(image);
    await page.settle();
    expect(page.ask).not.toHaveBeenCalled();
    void act(() => tell([{ isIntersecting: true }]));
    await page.settle();
    expect(shown()).toBe('c.png');
  });

  it('open large at a click, and are paged through there by arrows', async () => {
    page.show(image);
    await page.settle();
    const large = page.find('button.aml-image-button');
    page.click(large);
    expect([large.getAttribute('aria-expanded'), large.classList.contains('aml-large')]).toEqual([
      'true',
      true
    ]);
    const press = (key: string): void =>
      void act(
        () => void large.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
      );
    press('ArrowLeft');
    await page.settle(REST);
    expect(shown()).toBe('b.png');
    press('Escape');
    expect(large.getAttribute('aria-expanded')).toBe('false');
  });

  it.each([
    [{ image: null, message: 'Too large.' }, 'Too large.'],
    [{ media_type: 'text/html' }, 'This image cannot be shown.'],
    [{ media_type: 'image/png;base64,AAAA" onerror="x' }, 'This image cannot be shown.']
  ])('say why %j is not shown', async (more, message) => {
    page.ask.mockResolvedValue(preview(more));
    page.show(image);
    await page.settle();
    expect(page.texts('p')).toEqual([message]);
    expect(page.parent.querySelector('.aml-image-button')).toBeNull();
  });

  it('say what the host says, and ask again on request', async () => {
    page.ask.mockRejectedValueOnce(new Error('The file is gone.'));
    page.show(image);
    await page.settle();
    expect(page.texts('p')).toEqual(['The file is gone.']);
    page.click(
      [...page.parent.querySelectorAll('button')].find(one => /again/.test(one.textContent))!
    );
    await page.settle(REST);
    expect(shown()).toBe('c.png');
    expect(page.texts('p')).toEqual([]);
  });

  it('ask nothing once they are gone', async () => {
    page.show(image);
    page.remove();
    await page.settle();
    expect(page.ask).not.toHaveBeenCalled();
  });

  it('can be downloaded where the host has an address', () => {
    page.host = { ...page.host, fileUrl: (run, file) => `/files/${run}/${file}` };
    page.show(image);
    expect(page.find('a').getAttribute('href')).toBe('/files/r/c.png');
  });
});
