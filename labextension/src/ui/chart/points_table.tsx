// The points of a chart as a table.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { numberText, oneLine } from '../format';
import type { Curve, Model } from './points/model';
import { firstAtLeast } from './points/order';
import { Scroller, TextTable, type Cell } from './text_table';

const ROWS = 200;
const COLUMNS = 12;
const DIGITS = 6;
const PAUSE = 1_000;

/** The points that are shown, at most 200 and evenly picked; of a live run they are read now and then. */
export function PointsTable(props: { model: Model; height: number }): JSX.Element {
  const { model, height } = props;
  const [shown, show] = useState(() => read(model));
  const latest = useRef(model);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => {
    if (latest.current !== model) {
      latest.current = model;
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        show(read(latest.current));
      }, PAUSE);
    }
  }, [model]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { t } = model.options;
  return (
    <Scroller
      kind="aml-chart-table"
      label={t('Points of %1', model.words.title)}
      style={`max-height: ${height}px`}
    >
      <TextTable kind="aml-logged-table" heads={shown.heads} rows={shown.rows} hasRowHeads />
      <p class="aml-muted">{shown.note}</p>
    </Scroller>
  );
}

function read(model: Model): { heads: Cell[]; rows: Cell[][]; note: string } {
  const { x, t } = model.options;
  const curves = model.visible.slice(0, COLUMNS);
  const all = placesOf(model, curves);
  const last = all.length - 1;
  const shown =
    last < ROWS
      ? all
      : Array.from({ length: ROWS }, (_, row) => all[Math.round((row * last) / (ROWS - 1))]!);
  const heads = [model.words.x, ...curves.map(({ series }) => oneLine(series.name))];
  const notes = [
    last >= ROWS && t('%1 of %2 points', ROWS, all.length),
    model.visible.length > COLUMNS && t('%1 more curves', model.visible.length - COLUMNS)
  ];
  return {
    heads: heads.map(name => [name]),
    rows: shown.map(at => [[x.text(at)], ...curves.map(curve => [textAt(curve, at)] as Cell)]),
    note: notes.filter(Boolean).join(', ')
  };
}

/** Every x of the stretch that is shown, once. */
export function placesOf(model: Model, curves: readonly Curve[]): number[] {
  const [left, right] = model.across();
  const isShown = (x: number): boolean => model.x.to(x) >= left && model.x.to(x) <= right;
  return [...new Set(curves.flatMap(({ x }) => Array.from(x).filter(isShown)))].sort(
    (one, other) => one - other
  );
}

/** The values at exactly this x, as they were logged; a curve can stand straight up and have several. */
export function valuesAt({ x, raw, y }: Curve, at: number): number[] {
  const values: number[] = [];
  for (let place = firstAtLeast(x, at); x[place] === at; place += 1) {
    values.push((raw ?? y)[place]!);
  }
  return values;
}

function textAt(curve: Curve, at: number): string {
  const texts = valuesAt(curve, at).map(value => numberText(value, DIGITS));
  return texts.length > 3 ? `${texts[0]} … ${texts.at(-1)}` : texts.join(', ');
}
