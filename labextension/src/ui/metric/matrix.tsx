// A confusion matrix as a shaded table: a row is a true class, a column a predicted one. It is whole at every
// width: cells shrink, labels turn, and what is cut off is told where the pointer rests.
import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { ConfusionMatrixView } from '../../contract.gen';
import { useWidth } from '../chart/room';
import { Scroller } from '../chart/text_table';
import { Button } from '../controls';
import { numberText, oneLine, toNumber } from '../format';
import type { Translate } from '../host';

const CLASSES = 100;
/** Pixels of a cell, of the names of rows, and of what the text of a cell has around it. */
const WIDEST = 58;
const NARROWEST = 13;
const NAMES = 140;
const AROUND = 6;
/** What a letter takes of the size of its font. */
const LETTER = 0.58;
const FONT = 12;
const SMALLEST = 8;
/** The width where none is known. */
const USUAL = 640;

/** The matrix in counts, or in shares of each row. */
export function ConfusionMatrix(props: {
  t: Translate;
  name: string;
  view: ConfusionMatrixView;
}): JSX.Element {
  const { t, name, view } = props;
  const area = useRef<HTMLDivElement>(null);
  const width = useWidth(area) || USUAL;
  const [isShare, share] = useState(false);
  const counts = useMemo(() => view.matrix.map(row => row.map(toNumber)), [view]);
  const right = sum(counts.map((row, place) => row[place]!)) / sum(counts.map(sum));
  const notes = [
    isFinite(right) && t('%1 % right', numberText(right * 100, 3)),
    counts.length > CLASSES && t('%1 more classes', counts.length - CLASSES)
  ];
  const table = useMemo(
    () => <Cells {...{ t, counts, isShare, width }} labels={view.labels} />,
    [counts, isShare, width]
  );
  return (
    <div ref={area}>
      <div class="aml-matrix-head">
        <Button aria-pressed={isShare} click={() => share(!isShare)}>
          {t('Share of row')}
        </Button>
        <span class="aml-muted">{notes.filter(Boolean).join(' · ')}</span>
      </div>
      <Scroller kind="aml-logged-scroll" label={oneLine(name)}>
        {table}
      </Scroller>
    </div>
  );
}

interface Size {
  cell: number;
  names: number;
  font: number;
  /** Whether the names of columns stand upright. */
  isTurned: boolean;
}

function Cells(props: {
  t: Translate;
  labels: readonly string[];
  counts: number[][];
  isShare: boolean;
  width: number;
}): JSX.Element {
  const { t, counts, isShare, width } = props;
  const labels = props.labels.slice(0, CLASSES).map(oneLine);
  const size = sizeOf(labels, width);
  const style = `--aml-cell: ${size.cell}px; --aml-names: ${size.names}px; font-size: ${size.font}px`;
  return (
    <table class={`aml-logged-table aml-matrix${size.isTurned ? ' aml-turned' : ''}`} style={style}>
      <thead>
        <tr>
          <th scope="col">{t('true \\ predicted')}</th>
          {labels.map((label, place) => (
            <th key={place} scope="col" title={label}>
              <span>{label}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {counts.slice(0, CLASSES).map((row, place) => (
          <Row key={place} {...{ t, labels, row, place, isShare, size }} />
        ))}
      </tbody>
    </table>
  );
}

function Row(props: {
  t: Translate;
  labels: readonly string[];
  row: number[];
  place: number;
  isShare: boolean;
  size: Size;
}): JSX.Element {
  const { t, labels, row, place, isShare, size } = props;
  const total = sum(row.map(Math.abs)) || 1;
  return (
    <tr>
      <th scope="row" title={labels[place]}>
        {labels[place]}
      </th>
      {row.slice(0, CLASSES).map((count, column) => {
        const part = Math.abs(count) / total;
        const whole = `${numberText(part * 100, 3)} %`;
        const words = t('%1, predicted %2', labels[place]!, labels[column]!);
        return (
          <td
            key={column}
            class={column === place ? 'aml-right' : 'aml-wrong'}
            style={part > 0 ? `--aml-share: ${part.toFixed(2)}` : undefined}
            title={`${words}: ${numberText(count)}, ${whole}`}
          >
            {isShare ? shareText(part, size) : countText(count, size)}
          </td>
        );
      })}
    </tr>
  );
}

/** How large everything is, so that all columns fit; a cell is never so small that it cannot be pointed at. */
function sizeOf(labels: readonly string[], width: number): Size {
  const longest = Math.max(1, ...labels.map(label => label.length));
  const names = Math.min(NAMES, width / 3, Math.max(longest, 8) * FONT * LETTER + AROUND);
  const cell = Math.max(NARROWEST, Math.min(WIDEST, (width - names - 2) / labels.length));
  const font = Math.max(SMALLEST, Math.min(FONT, cell / 2.8));
  return {
    cell: Math.floor(cell * 10) / 10,
    names: Math.round(names),
    font: Math.round(font * 10) / 10,
    isTurned: longest * font * LETTER + AROUND > cell
  };
}

function fits(text: string, { cell, font }: Size): boolean {
  return text.length * font * LETTER <= cell - 2;
}

/** A count; where it is too long in thousands, and where that is too long only told at the pointer. */
function countText(count: number, size: Size): string {
  const text = numberText(count);
  if (fits(text, size)) {
    return text;
  }
  const units = ['', 'k', 'M', 'G', 'T'];
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.abs(count)) / 3)));
  const short = `${Number((count / 1_000 ** power).toPrecision(2))}${units[power]}`;
  return fits(short, size) ? short : '';
}

function shareText(part: number, size: Size): string {
  const texts = [`${numberText(part * 100, 3)} %`, String(Math.round(part * 100))];
  return texts.find(text => fits(text, size)) ?? '';
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
