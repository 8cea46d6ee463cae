import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChartProps } from '../../../src/ui/chart/contract';
import { savedFiles, type SavedFile } from '../../saved_files';
import type { Call } from '../chart_canvas';
import { ChartPage, room, series } from '../chart_page';

let page: ChartPage;
let files: SavedFile[];

const item = (text: string): HTMLElement =>
  [...document.querySelectorAll<HTMLElement>('[role^=menuitem]')].find(
    one => one.textContent === text
  )!;

/** Open a chart, and download it from its menu. */
async function download(format: 'PNG' | 'SVG' | 'CSV', more: Partial<ChartProps> = {}) {
  page = new ChartPage(more);
  page.click('More of');
  await act(async () => {
    item(`Download as ${format}`).click();
    await Promise.resolve();
  });
}

beforeEach(() => {
  room.state.width = 400;
  room.state.isSeen = true;
  files = savedFiles();
});
afterEach(() => {
  page.remove();
  vi.restoreAllMocks();
});

describe('a chart is saved', () => {
  it('as CSV under its title, without what a file name cannot hold', async () => {
    await download('CSV', { title: 'val/loss: <b> ü.1' });
    expect(files[0]).toMatchObject({ name: 'val_loss_b_.1.csv', type: 'text/csv;charset=utf-8' });
    expect(await files[0]!.text()).toBe('\ufeffstep,loss\r\n0,2.3\r\n1,1\r\n2,0.2\r\n3,0.21\r\n');
  });

  it('as CSV with every point of a curve that stands straight up', async () => {
    const roc = series([0, 0.4, 0.9, 1], { name: 'roc', x: [0, 0, 0, 1] });
    const other = series([5, 6], { name: 'other', x: [0, 1], color: 1 });
    await download('CSV', { curves: [roc, other] });
    expect((await files[0]!.text()).split('\r\n')).toEqual([
      '\ufeffstep,roc,other',
      '0,0,5',
      '0,0.4,',
      '0,0.9,',
      '1,1,6',
      ''
    ]);
  });

  it('as CSV with what was logged, all of its digits and no gap filled', async () => {
    const curve = series([0.1 + 0.2, NaN, Infinity, -1e-300]);
    await download('CSV', { curves: [curve], smoothing: 0.9 });
    expect((await files[0]!.text()).split('\r\n').slice(1, 5)).toEqual([
      '0,0.30000000000000004',
      '1,',
      '2,Infinity',
      '3,-1e-300'
    ]);
  });

  it('as CSV of nothing with its head alone', async () => {
    await download('CSV', { curves: [] });
    expect(await files[0]!.text()).toBe('\ufeffstep\r\n');
  });

  it('as SVG with what is seen: the zoom, and no curve that is hidden', async () => {
    page = new ChartPage({
      curves: [series([1, 2, 3], { name: 'kept' }), series([7, 8, 9], { name: 'gone', color: 1 })]
    });
    page.click('gone');
    page.click('More of');
    await act(async () => {
      item('Download as SVG').click();
      await Promise.resolve();
    });
    expect(files[0]).toMatchObject({ name: 'Loss.svg', type: 'image/svg+xml' });
    const svg = new DOMParser().parseFromString(await files[0]!.text(), 'image/svg+xml');
    const texts = [...svg.querySelectorAll('text')].map(one => one.textContent);
    expect(texts).toContain('kept');
    expect(texts).not.toContain('gone');
    expect(svg.documentElement.getAttribute('width')).toBe('400');
  });

  it('as SVG with names that go on in another line where they do not fit', async () => {
    const names = Array.from({ length: 6 }, (_, at) => `a long name of curve ${at}`);
    await download('SVG', { curves: names.map((name, color) => series([1, 2], { name, color })) });
    const svg = new DOMParser().parseFromString(await files[0]!.text(), 'image/svg+xml');
    const places = [...svg.querySelectorAll('text')]
      .filter(one => one.textContent.startsWith('a long'))
      .map(one => [Number(one.getAttribute('x')), Number(one.getAttribute('y'))] as const);
    expect(new Set(places.map(([, y]) => y)).size).toBeGreaterThan(1);
    expect(places.every(([x]) => x < 400)).toBe(true);
    expect(new Set(places.map(String)).size).toBe(6);
    const height = Number(svg.documentElement.getAttribute('height'));
    expect(Math.max(...places.map(([, y]) => y))).toBeLessThan(height);
  });

  it('as PNG in twice the dots, on the paper of the page', async () => {
    let size: [number, number] = [0, 0];
    HTMLCanvasElement.prototype.toBlob = function (this: HTMLCanvasElement, done: BlobCallback) {
      size = [this.width, this.height];
      done(new Blob(['dots'], { type: 'image/png' }));
    };
    await download('PNG', { title: '損失' });
    expect(files[0]).toMatchObject({ name: '_.png', type: 'image/png' });
    expect([size[0], size[1] > 400]).toEqual([800, true]);
    const drawn = page.drawn.map(([name]) => name);
    expect(page.drawn).toContainEqual(['scale', 2, 2] satisfies Call);
    expect(drawn.lastIndexOf('fillRect')).toBeGreaterThan(drawn.indexOf('scale'));
  });

  it('not at all where the browser cannot make a PNG', async () => {
    HTMLCanvasElement.prototype.toBlob = done => done(null);
    await download('PNG');
    expect(files).toEqual([]);
  });

  it('also while it is its table that is shown, and where it has no room', async () => {
    room.state.width = 0;
    await download('SVG');
    expect(await files[0]!.text()).toContain('width="640"');
    page.click('Table');
    page.click('More of');
    await act(async () => {
      item('Download as CSV').click();
      await Promise.resolve();
    });
    expect(files.map(({ name }) => name)).toEqual(['Loss.svg', 'Loss.csv']);
  });
});
