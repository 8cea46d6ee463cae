// The head of a column of rows: how its values are spread, and which of them are missing. A bar filters.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ColumnView, JsonScalar } from '../../../contract.gen';
import { numberText, oneLine } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { missingText, MissingBar, TopText } from '../columns/card';
import { emptyCondition, rangeCondition, valueCondition, type Condition } from './filter';
import { barsOf, barText, Histogram, type Bars } from '../columns/histogram';
import { distinctText, figureText, shareText, typeText } from '../words';

/** Frequent values that a head has room for. */
const TOP = 3;

interface Props {
  t: Translate;
  column: ColumnView;
  hasFigures: boolean;
  /** Whether a condition of this column is part of the filter. */
  condition: Condition | null;
  /** The column is in sight, and nobody counted it. */
  want: (column: ColumnView) => void;
  filter: (condition: Condition | null) => void;
}

export function HeadFigures(props: Props): JSX.Element {
  const { t, column, hasFigures, want } = props;
  const isUncounted = hasFigures && column.count === null;
  useEffect(() => {
    if (isUncounted) {
      want(column);
    }
  }, [isUncounted, column.name]);
  const isKey = column.is_unique === true && column.missing === 0;
  return (
    <>
      <span class="aml-data-type">
        {typeText(column)}
        {isKey && (
          <span class="aml-data-key" title={t('Every row has another value here.')}>
            {t('unique')}
          </span>
        )}
      </span>
      {hasFigures && column.count !== null && <Figures {...props} />}
    </>
  );
}

function Figures(props: Props): JSX.Element {
  const { t, column, filter } = props;
  const bars = barsOf(column);
  const words = missingText(column, t);
  const hasGaps = (column.missing ?? 0) > 0;
  return (
    <>
      <div class="aml-data-spread">
        {bars ? (
          <Brush {...props} bars={bars} />
        ) : column.top.length > 0 && column.is_unique !== true ? (
          <Values {...props} />
        ) : column.distinct !== null ? (
          <span class="aml-muted">{t('%1 distinct', distinctText(column))}</span>
        ) : null}
      </div>
      <div class="aml-data-gap">
        <MissingBar column={column} />
        {hasGaps ? (
          <button
            type="button"
            class="aml-own"
            tabIndex={-1}
            title={t('%1: show these rows', words)}
            onClick={() => filter(emptyCondition(column.name))}
          >
            {t('%1 missing', shareText(column.missing!, column.count! + column.missing!))}
          </button>
        ) : (
          <span class="aml-muted">{words}</span>
        )}
      </div>
    </>
  );
}

/** The most frequent values; a click on one filters by it. */
function Values({ t, column, condition, filter }: Props): JSX.Element {
  const most = Math.max(...column.top.map(([, times]) => times), 1);
  return (
    <>
      {column.top.slice(0, TOP).map(([value, times], place) => {
        const made = valueCondition(column, value);
        const isOn = made !== null && made.text === condition?.text;
        const words = `${spoken(column, value, t)}: ${numberText(times)}`;
        return (
          <button
            key={place}
            type="button"
            class={
              isOn ? 'aml-own aml-data-value-bar aml-data-marked' : 'aml-own aml-data-value-bar'
            }
            tabIndex={-1}
            aria-pressed={isOn}
            aria-label={t('Show rows with %1', words)}
            title={words}
            onClick={() => filter(made)}
          >
            <span class="aml-data-top-bar" style={{ width: `${(100 * times) / most}%` }} />
            <span class="aml-data-top-text">
              <TopText t={t} column={column} value={value} />
            </span>
            <span class="aml-data-top-text">{shareText(times, column.count ?? 0)}</span>
          </button>
        );
      })}
    </>
  );
}

function spoken(column: ColumnView, value: JsonScalar, t: Translate): string {
  return figureText(value, column) || (value === null ? t('null') : t('empty text'));
}

/** A histogram whose bars are clicked, or brushed over, or walked by the arrows and taken by Enter. */
function Brush(props: Props & { bars: Bars }): JSX.Element {
  const { t, column, bars, condition, filter } = props;
  const last = bars.counts.length - 1;
  const { marked, ...hands } = useBrush(last, range =>
    filter(rangeCondition(column, bars, ...range))
  );
  return (
    <div
      class={condition ? 'aml-own aml-data-brush aml-data-filtered' : 'aml-own aml-data-brush'}
      role="slider"
      tabIndex={-1}
      aria-label={t('Bars of %1: Enter shows the rows of one', oneLine(column.name))}
      aria-valuemin={1}
      aria-valuemax={last + 1}
      aria-valuenow={(marked?.[1] ?? 0) + 1}
      aria-valuetext={barText(column, bars, ...(marked ?? [0, 0]))}
      {...hands}
    >
      <Histogram t={t} column={column} bars={bars} marked={marked} />
    </div>
  );
}

type Range = [first: number, last: number];

interface Hands {
  marked: Range | null;
  onKeyDown: (event: KeyboardEvent) => void;
  onBlur: () => void;
  onPointerDown: (event: PointerEvent) => void;
  onPointerMove: (event: PointerEvent) => void;
  onPointerUp: (event: PointerEvent) => void;
  onPointerCancel: () => void;
}

/** What is marked among the bars up to `last`, by the pointer or by keys. */
function useBrush(last: number, taken: (range: Range) => void): Hands {
  const [marked, setMarked] = useState<Range | null>(null);
  const start = useRef<number | null>(null);
  const inside = (at: number): number => Math.min(Math.max(at, 0), last);
  const until = (event: PointerEvent): Range => ordered(start.current!, inside(barAt(event, last)));
  const take = (range: Range): void => {
    start.current = null;
    setMarked(null);
    taken(range);
  };
  const pressed = (event: KeyboardEvent): void => {
    const [from, to] = marked ?? [0, 0];
    const next = { ArrowRight: to + 1, ArrowLeft: to - 1, Home: 0, End: last }[event.key];
    if (next !== undefined) {
      setMarked(event.shiftKey ? ordered(from, inside(next)) : [inside(next), inside(next)]);
    } else if (event.key === 'Enter' || event.key === ' ') {
      take([from, to]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const drop = (): void => {
    start.current = null;
    setMarked(null);
  };
  return {
    ...{ marked, onKeyDown: pressed, onBlur: drop, onPointerCancel: drop },
    onPointerDown: event => {
      (event.currentTarget as Element).setPointerCapture?.(event.pointerId);
      start.current = inside(barAt(event, last));
      setMarked([start.current, start.current]);
    },
    onPointerMove: event => {
      if (start.current !== null) {
        setMarked(until(event));
      }
    },
    onPointerUp: event => {
      if (start.current !== null) {
        take(until(event));
      }
    }
  };
}

/** The bar below the pointer. */
function barAt(event: PointerEvent, last: number): number {
  const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
  return Math.floor(((event.clientX - left) / (width || 1)) * (last + 1));
}

function ordered(one: number, other: number): Range {
  return [Math.min(one, other), Math.max(one, other)];
}
