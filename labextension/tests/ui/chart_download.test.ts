import { describe, expect, it } from 'vitest';
import type { Series } from '../../src/ui/chart/contract';
import { csvOf, svgOf } from '../../src/ui/chart/download';
import { Model } from '../../src/ui/chart/points/model';
import type { Colors } from '../../src/ui/chart/paint/theme';
import { plainly } from '../../src/ui/host';

const COLORS: Colors = {
  ...{ ratio: 1, muted: '#666', grid: '#ddd', text: '#000', paper: '#fff' },
  ...{ font: '11px sans', palette: Array.from({ length: 8 }, (_, place) => `#00000${place}`) }
};

function model(curves: Series[], smoothing = 0): Model {
  return new Model({
    ...{ t: plainly, title: 'A <b> & "c"', curves, smoothing },
    x: { label: 'step', text: String }
  });
}

const line = (name: string, x: number[], y: number[], style: Series['style'] = 'line'): Series => ({
  ...{ name, style, color: 0, x, y }
});

describe('a chart as a file', () => {
  it('is an SVG in which text is text', () => {
    const text = svgOf(
      model([line('a', [0, 1, 2], [1, NaN, 3]), line('<script>', [0, 1], [2, 2], 'dashed')]),
      400,
      200,
      COLORS
    );
    const page = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(page.querySelector('parsererror')).toBeNull();
    expect(page.querySelector('script, b')).toBeNull();
    const texts = [...page.querySelectorAll('text')].map(each => each.textContent);
    expect(texts).toEqual(expect.arrayContaining(['A <b> & "c"', 'step', 'a', '<script>', '1']));
    expect(page.querySelectorAll('[stroke-dasharray="5 4"]').length).toBeGreaterThan(0);
    const clipped = [...page.querySelectorAll('path[clip-path]')].map(each =>
      each.getAttribute('d')
    );
    expect(clipped.every(path => path!.startsWith('M') && !path!.includes('NaN'))).toBe(true);
  });

  it('is a CSV of what was logged, of the stretch that is shown', () => {
    const curves = [line('=a', [0, 1, 2], [1, 2, 3]), line('b,c', [1, 3], [5, NaN])];
    const shown = model(curves, 0.9);
    expect(csvOf(shown)).toBe('\ufeffstep,\'=a,"b,c"\r\n0,1,\r\n1,2,5\r\n2,3,\r\n');
    shown.zoom = [1, 2];
    shown.hidden = new Set(['b,c']);
    expect(csvOf(shown)).toBe("\ufeffstep,'=a\r\n1,2\r\n2,3\r\n");
  });
});
