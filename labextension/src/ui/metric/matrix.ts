// A confusion matrix as a shaded table: a row is a true class, a column a predicted one.
import { grid, scroller, type Cell } from '../chart/grid';
import { button } from '../control';
import { div, fill, setAttributes, setText, span } from '../element';
import { numberText, oneLine, toNumber } from '../format';
import type { Draw } from './metric';

const CLASSES = 100;
const MANY = 12;

/** The matrix in counts, or in shares of each row. */
export const drawMatrix: Draw = (parent, { t }, _, name) => {
  const area = scroller('aml-logged-scroll', oneLine(name));
  const note = span('aml-muted');
  let names: string[] = [];
  let counts: number[][] = [];
  let isShare = false;
  const draw = (): void => {
    const heads = [t('true \\ predicted'), ...names].map((label): Cell => [label]);
    const rows = counts
      .slice(0, CLASSES)
      .map((row, place) => [[names[place]!] as Cell, ...cellsOf(row, place, isShare)]);
    fill(
      area,
      grid(
        `aml-logged-table aml-matrix${names.length > MANY ? ' aml-many' : ''}`,
        heads,
        rows,
        true
      )
    );
  };
  const share = button(
    t('Share of row'),
    () => {
      isShare = !isShare;
      setAttributes(share, { 'aria-pressed': isShare });
      draw();
    },
    { 'aria-pressed': false }
  );
  parent.append(div('aml-matrix-head', share, note), area);
  return {
    update: ({ matrix }) => {
      names = matrix!.labels.slice(0, CLASSES).map(oneLine);
      counts = matrix!.matrix.map(row => row.map(toNumber));
      draw();
      const right = sum(counts.map((row, place) => row[place]!)) / sum(counts.map(sum));
      const rate = isFinite(right) && t('%1 % right', numberText(right * 100, 3));
      const more = counts.length > CLASSES && t('%1 more classes', counts.length - CLASSES);
      setText(note, [rate, more].filter(Boolean).join(' · '));
    }
  };
};

function cellsOf(row: number[], diagonal: number, isShare: boolean): Cell[] {
  const total = sum(row.map(Math.abs)) || 1;
  return row.slice(0, CLASSES).map((count, place) => {
    const share = Math.abs(count) / total;
    const text = isShare ? `${numberText(share * 100, 3)} %` : numberText(count);
    return [
      text,
      place === diagonal ? 'aml-right' : 'aml-wrong',
      share > 0 ? `--aml-share: ${share.toFixed(2)}` : null
    ];
  });
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
