import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paint, type Area } from '../../../src/ui/chart/paint/paint';
import { SvgBrush } from '../../../src/ui/chart/paint/svg_brush';
import { colorsOf, PALETTE, watchTheme } from '../../../src/ui/chart/paint/theme';
import type { Drawn, Series } from '../../../src/ui/chart/contract';
import { moveBy, panTo, zoomBy } from '../../../src/ui/chart/keys';
import { Model } from '../../../src/ui/chart/points/model';
import { plainly } from '../../../src/ui/host';
import { canvas, type Call } from '../chart_canvas';
import { series } from '../chart_page';

function svgOf(draw: (brush: SvgBrush) => void): Document {
  const brush = new SvgBrush();
  draw(brush);
  const svg = new DOMParser().parseFromString(brush.text(100, 50), 'image/svg+xml');
  expect(svg.querySelector('parsererror')).toBeNull();
  return svg;
}
const paths = (svg: Document): (string | null)[] =>
  [...svg.querySelectorAll('svg > path')].map(one => one.getAttribute('d'));

describe('what paints into the text of an SVG', () => {
  it('is as large as it is told', () => {
    const root = svgOf(() => undefined).documentElement;
    expect(['width', 'height', 'viewBox'].map(name => root.getAttribute(name))).toEqual([
      '100',
      '50',
      '0 0 100 50'
    ]);
  });

  it('moves by what was translated, until that is restored', () => {
    const svg = svgOf(brush => {
      brush.save();
      brush.translate(10, 5);
      brush.translate(1, 1);
      brush.beginPath();
      brush.moveTo(0, 0);
      brush.lineTo(1.006, 2.004);
      brush.stroke();
      brush.fillText('in', 1, 1);
      brush.restore();
      brush.fillRect(0, 0, 3, 4);
      brush.restore(); // one too many is no harm
    });
    expect(paths(svg)).toEqual(['M11 6L12.01 8', 'M0 0h3v4h-3Z']);
    expect(svg.querySelector('text')!.getAttribute('x')).toBe('12');
  });

  it('has lines, dashes, colours and shares of opacity as they were set, and back as they were', () => {
    const svg = svgOf(brush => {
      brush.beginPath();
      brush.moveTo(0, 0);
      brush.lineTo(1, 1);
      brush.save();
      brush.strokeStyle = '"red" & <b>';
      brush.lineWidth = 2.5;
      brush.globalAlpha = 0.25;
      brush.setLineDash([4, 2]);
      brush.stroke();
      brush.restore();
      brush.stroke();
    });
    const [first, second] = [...svg.querySelectorAll('path')];
    const look = (one: Element): (string | null)[] =>
      ['stroke', 'stroke-width', 'opacity', 'stroke-dasharray'].map(name => one.getAttribute(name));
    expect(look(first!)).toEqual(['"red" & <b>', '2.5', '0.25', '4 2']);
    expect(look(second!)).toEqual(['#000', '1', null, null]);
  });

  it('clips by areas of their own, and no more after a restore', () => {
    const svg = svgOf(brush => {
      for (const left of [0, 10]) {
        brush.save();
        brush.beginPath();
        brush.rect(left, 0, 5, 5);
        brush.clip();
        brush.fillRect(0, 0, 9, 9);
        brush.restore();
      }
      brush.fillRect(0, 0, 1, 1);
    });
    const ids = [...svg.querySelectorAll('clipPath')].map(one => one.id);
    expect(new Set(ids).size).toBe(2);
    expect(
      [...svg.querySelectorAll('svg > path')].map(one => one.getAttribute('clip-path'))
    ).toEqual([`url(#${ids[0]})`, `url(#${ids[1]})`, null]);
  });

  it('writes circles as two halves, and no path of nothing', () => {
    const svg = svgOf(brush => {
      brush.beginPath();
      brush.fill();
      brush.arc(10, 10, 2.5);
      brush.fill();
    });
    expect(paths(svg)).toEqual(['M7.5 10a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0']);
  });

  it('writes text as text, where a canvas would', () => {
    const svg = svgOf(brush => {
      brush.textAlign = 'right';
      brush.textBaseline = 'middle';
      brush.font = '11px "Quoted", sans';
      brush.fillText('<script>&"👩\u200d👧', 1, 2);
    });
    const text = svg.querySelector('text')!;
    expect([text.textContent, text.getAttribute('text-anchor')]).toEqual([
      '<script>&"👩\u200d👧',
      'end'
    ]);
    expect(text.getAttribute('dominant-baseline')).toBe('central');
    expect(text.getAttribute('style')).toContain('"Quoted"');
  });
});

describe('curves', () => {
  const area: Area = {
    ...{ left: 0, top: 0, width: 100, height: 100, low: 0, high: 10 },
    x: value => value,
    y: value => (value > 0 ? value : NaN)
  };
  const painted = (one: Series, more: Partial<Area> = {}): Call[] => {
    const { calls, context } = canvas();
    const model = new Model({
      ...{ t: plainly, title: 'T', curves: [one] },
      x: { label: 'x', text: String }
    });
    const palette = Array.from({ length: PALETTE }, (_, at) => `colour ${at}`);
    paint(context, model.curves, { ...area, ...more }, { palette } as never);
    return calls;
  };

  it('of bars stand at the foot where the axis has no zero', () => {
    const bars = painted(series([5, -1, 7], { style: 'bars' })).filter(
      ([name]) => name === 'fillRect'
    );
    expect(bars.map(([, , top, , height]) => [top, height])).toEqual([
      [5, 95],
      [7, 93]
    ]);
  });

  it('of bars that are thinner than a pixel are a pixel', () => {
    const bars = painted(series([1, 1], { style: 'bars' }), { x: value => value / 1_000 });
    expect(bars.find(([name]) => name === 'fillRect')![3]).toBe(1);
  });

  it('take a colour that comes round again', () => {
    const calls = painted(series([1, 2], { color: PALETTE + 3 }));
    expect(calls).toContainEqual(['strokeStyle=', 'colour 3']);
  });

  it('that are long are drawn in pieces which hang together', () => {
    const many = Array.from({ length: 100 }, (_, at) => 1 + (at % 7));
    const calls = painted(series(many), { high: 100 });
    const strokes = calls.filter(([name]) => name === 'stroke').length;
    expect(strokes).toBe(3);
    const moves = calls.filter(([name]) => name === 'moveTo');
    expect(moves.map(([, across]) => across)).toEqual([0, 39, 79]);
  });

  it('beyond the stretch that is shown are left out, but for the next point at each side', () => {
    const calls = painted(series(Array.from({ length: 50 }, () => 1)), { low: 20, high: 22 });
    const across = calls
      .filter(([name]) => name === 'moveTo' || name === 'lineTo')
      .map(([, at]) => at as number);
    expect([Math.min(...across), Math.max(...across)]).toEqual([19, 23]);
  });
});

describe('keys of a chart', () => {
  const modelOf = (more: Partial<Drawn> = {}): Model =>
    new Model({
      ...{ t: plainly, title: 'T', curves: [series([1, 2, 3, 4])] },
      ...{ x: { label: 'x', text: String }, ...more }
    });

  it('zoom by = and _ too, as keyboards have them', () => {
    const model = modelOf();
    expect([zoomBy('=', model, 1), zoomBy('_', model, 1)]).toEqual([[0.5, 2], null]);
  });

  it('zoom no deeper than can be drawn', () => {
    const model = modelOf();
    for (let turn = 0; turn < 100; turn += 1) {
      model.zoom = zoomBy('+', model, 1) ?? null;
    }
    const [low, high] = model.zoom!;
    expect(high - low).toBeGreaterThan(1e-6);
    expect(high - low).toBeLessThan(1e-5);
  });

  it('zoom by factors where the axis goes by powers of ten', () => {
    const curves = [series([1, 2, 3], { x: [1, 100, 10_000] })];
    const model = modelOf({ curves, x: { label: 'x', text: String, isLog: true } });
    const [low, high] = zoomBy('+', model, null)!;
    expect([low, high].map(Math.round)).toEqual([10, 1_000]);
  });

  it('lead nowhere where nothing is drawn', () => {
    const model = modelOf({ curves: [] });
    expect(['ArrowRight', 'Home', 'End'].map(key => moveBy(key, model, null))).toEqual([
      null,
      null,
      null
    ]);
    const hidden = modelOf();
    hidden.hidden = new Set(['loss']);
    expect(moveBy('ArrowRight', hidden, 1)).toBe(1);
  });

  it('begin at the edge of the zoom where the cursor is outside of it', () => {
    const model = modelOf();
    model.zoom = [2, 3];
    expect([moveBy('ArrowRight', model, 0), moveBy('ArrowLeft', model, 0)]).toEqual([2, 3]);
    expect(panTo(0, model)).toEqual([-0.5, 0.5]);
    expect(panTo(0, modelOf())).toBeNull();
  });
});

describe('the theme', () => {
  let node: HTMLElement;
  const told = vi.fn();
  const mutated = (): Promise<void> => new Promise(done => setTimeout(done));

  beforeEach(() => {
    told.mockClear();
    node = document.body.appendChild(document.createElement('div'));
    node.className = 'aml-ui';
  });
  afterEach(() => node.remove());

  it('is read once for a screen, and again when it may have changed', async () => {
    const read = vi.spyOn(globalThis, 'getComputedStyle');
    const inner = node.appendChild(document.createElement('div'));
    expect(colorsOf(inner)).toBe(colorsOf(node));
    expect(read).toHaveBeenCalledTimes(1);
    const end = watchTheme(told);
    document.body.setAttribute('data-theme', 'dark');
    await mutated();
    expect(told).toHaveBeenCalled();
    colorsOf(inner);
    expect(read).toHaveBeenCalledTimes(2);
    end();
    document.body.removeAttribute('data-theme');
    read.mockRestore();
  });

  it('is told of by the window too, to all that listen and to none that left', () => {
    const [one, other] = [watchTheme(told), watchTheme(() => void told('other'))];
    one();
    window.dispatchEvent(new Event('resize'));
    expect(told.mock.calls).toEqual([['other']]);
    other();
    window.dispatchEvent(new Event('resize'));
    expect(told).toHaveBeenCalledTimes(1);
  });
});
