// The points of a chart as a table.
import { muted } from '../control';
import { fill } from '../element';
import { numberText, oneLine } from '../format';
import { grid, type Cell } from './grid';
import type { Curve, Model } from './model';
import { firstAtLeast } from './order';

const ROWS = 200;
const COLUMNS = 12;
const DIGITS = 6;

/** The points that are shown, at most 200 and evenly picked. */
export function drawTable(parent: HTMLElement, model: Model): void {
  const { xLabel, xText, t } = model.options;
  const curves = model.visible.slice(0, COLUMNS);
  const all = places(model, curves);
  const last = all.length - 1;
  const shown =
    last < ROWS
      ? all
      : Array.from({ length: ROWS }, (_, row) => all[Math.round((row * last) / (ROWS - 1))]!);
  const heads = [xLabel, ...curves.map(({ series }) => oneLine(series.name))].map((name): Cell => [
    name
  ]);
  const rows = shown.map(x => [[xText(x)], ...curves.map(curve => [textAt(curve, x)])] as Cell[]);
  const note = [
    last >= ROWS && t('%1 of %2 points', ROWS, all.length),
    model.visible.length > COLUMNS && t('%1 more curves', model.visible.length - COLUMNS)
  ];
  fill(parent, grid('aml-logged-table', heads, rows, true), muted(note.filter(Boolean).join(', ')));
}

function places(model: Model, curves: Curve[]): number[] {
  const [left, right] = model.across();
  const isShown = (x: number): boolean => model.x.to(x) >= left && model.x.to(x) <= right;
  return [...new Set(curves.flatMap(({ x }) => Array.from(x).filter(isShown)))].sort(
    (one, other) => one - other
  );
}

/** The values at exactly this x; a curve can stand straight up and have several. */
function textAt({ x, raw, y }: Curve, at: number): string {
  const texts: string[] = [];
  for (let place = firstAtLeast(x, at); x[place] === at; place += 1) {
    texts.push(numberText((raw ?? y)[place]!, DIGITS));
  }
  return texts.length > 3 ? `${texts[0]} … ${texts.at(-1)}` : texts.join(', ');
}
