// A chart as a file: a picture of dots or of lines, or the points.
import { oneLine } from '../format';
import { saveCsv, saveFile } from '../save';
import type { Brush } from './paint/brush';
import { widthOf } from './paint/brush';
import type { Series } from './contract';
import type { Model } from './points/model';
import { dashOf } from './paint/paint';
import { Picture } from './paint/picture';
import { placesOf, valuesAt } from './points_table';
import { SvgBrush } from './paint/svg_brush';
import { PALETTE, type Colors } from './paint/theme';

/** Dots of the picture to a pixel of the page. */
const FINE = 2;
const HEAD = 26;
const LINE = 18;
const EDGE = 8;
const SWATCH = 24;

export type Format = 'png' | 'svg' | 'csv';

/** Let the browser keep a chart under its title; what is drawn is what is seen. */
export function downloadChart(
  model: Model,
  format: Format,
  width: number,
  height: number,
  colors: Colors
): void {
  const name = `${model.words.title.replace(/[^\w.-]+/g, '_') || 'chart'}.${format}`;
  if (format === 'csv') {
    saveCsv(name, csvOf(model));
  } else if (format === 'svg') {
    saveFile(name, new Blob([svgOf(model, width, height, colors)], { type: 'image/svg+xml' }));
  } else {
    const canvas = document.createElement('canvas');
    const whole = heightOf(model, width, height, colors);
    canvas.width = width * FINE;
    canvas.height = whole * FINE;
    const context = canvas.getContext('2d')!;
    context.scale(FINE, FINE);
    paintWhole(context, model, width, height, colors);
    canvas.toBlob(blob => blob && saveFile(name, blob), 'image/png');
  }
}

/** The text of an SVG: title, axes, curves and their names. */
export function svgOf(model: Model, width: number, height: number, colors: Colors): string {
  const brush = new SvgBrush();
  paintWhole(brush, model, width, height, colors);
  return brush.text(width, heightOf(model, width, height, colors));
}

/** A column of x, and one for each curve that is shown, as it was logged. A curve that stands has rows of one x. */
export function csvOf(model: Model): string {
  const curves = model.visible;
  const rows = placesOf(model, curves).flatMap(at => {
    const columns = curves.map(curve => valuesAt(curve, at));
    const count = Math.max(...columns.map(values => values.length));
    return Array.from({ length: count }, (_, row) => [
      String(at),
      ...columns.map(values => (isNaN(values[row] ?? NaN) ? '' : String(values[row])))
    ]);
  });
  const heads = [model.words.x, ...curves.map(({ series }) => oneLine(series.name))].map(cell);
  // The byte order mark tells Excel that this is UTF-8.
  return `\ufeff${[heads, ...rows].map(row => `${row.join(',')}\r\n`).join('')}`;
}

function paintWhole(
  brush: Brush,
  model: Model,
  width: number,
  height: number,
  colors: Colors
): void {
  const { font, text, paper } = colors;
  brush.fillStyle = paper || '#fff';
  brush.fillRect(0, 0, width, heightOf(model, width, height, colors));
  brush.fillStyle = text || '#000';
  brush.font = `600 ${font.replace('11px', '13px')}`;
  brush.fillText(model.words.title, EDGE, LINE);
  brush.save();
  brush.translate(0, HEAD);
  new Picture(model, width, height, font, true).paint(brush, colors);
  brush.restore();
  brush.font = font;
  brush.textAlign = 'left';
  brush.textBaseline = 'middle';
  brush.lineWidth = 2;
  for (const { name, color, style, x, y } of namesOf(model, width, font)) {
    const down = HEAD + height + y + LINE / 2;
    brush.strokeStyle = colors.palette[color % PALETTE]!;
    brush.setLineDash(dashOf({ style, color }));
    brush.beginPath();
    brush.moveTo(x, down);
    brush.lineTo(x + SWATCH - 6, down);
    brush.stroke();
    brush.setLineDash([]);
    brush.fillText(name, x + SWATCH, down);
  }
}

function heightOf(model: Model, width: number, height: number, { font }: Colors): number {
  const last = namesOf(model, width, font).at(-1);
  return HEAD + height + (last ? last.y + LINE + EDGE : 0);
}

/** Where the names of the curves stand below the plot; a lone one is named by the title. */
function namesOf(
  model: Model,
  width: number,
  font: string
): (Pick<Series, 'name' | 'color' | 'style'> & { x: number; y: number })[] {
  let [x, y] = [EDGE, 0];
  return (model.curves.length > 1 ? model.visible : []).map(({ series }) => {
    const name = oneLine(series.name);
    const size = SWATCH + widthOf(name, font) + 2 * EDGE;
    if (x > EDGE && x + size > width) {
      [x, y] = [EDGE, y + LINE];
    }
    const place = { name, color: series.color, style: series.style, x, y };
    x += size;
    return place;
  });
}

function cell(text: string): string {
  // A text that a spreadsheet would take for a formula.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
