// A chart in the page: the plot, and around it the title, the names of the curves, a table and the keyboard.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../controls';
import { MenuButton, type MenuGroups } from '../popup/menu';
import type { ChartProps, Range } from './contract';
import { downloadChart, type Format } from './download';
import { moveBy, panTo, zoomBy } from './keys';
import { Legend } from './legend';
import { Model } from './points/model';
import { Plot, type PlotHandlers } from './plot';
import { PointsTable } from './points_table';
import { useRoom, type Room } from './room';
import { pointText, summaryText } from './points/summary';
import { Voice } from './voice';

const NONE: ReadonlySet<string> = new Set();
const FORMATS: readonly Format[] = ['png', 'svg', 'csv'];
const WIDE = 640;

export function Chart(props: ChartProps): JSX.Element {
  const { t, height, curves } = props;
  const figure = useRef<HTMLElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const room = useRoom(figure);
  const [isTable, setTable] = useState(false);
  const [hidden, hide] = useState(NONE);
  const [zoom, setZoom] = useOwn(props.zoom, props.onZoom);
  const model = useModel(props, zoom, hidden, room?.isSeen ?? false);
  const handled = useHandlers(props, model, zoom, setZoom);
  const { title } = model.words;
  const label = useMemo(() => summaryText(model), [model, title]);
  const reset = (): void => {
    plot.current?.focus(); // the button goes, the focus does not
    setZoom(null);
  };
  const drawn = { model, zoom, hidden, height, room };
  return (
    <figure class="aml-chart" ref={figure}>
      <Head {...props} {...{ model, room }} isTable={isTable} setTable={setTable}>
        {props.children}
        {zoom !== null && <Button click={reset}>{t('Reset zoom')}</Button>}
      </Head>
      {isTable ? (
        <PointsTable model={model} height={height} />
      ) : (
        <Plot
          {...{ ...drawn, ...handled }}
          node={plot}
          label={`${label}. ${t('Arrows move, + and - zoom, Escape shows all.')}`}
        />
      )}
      <Legend {...{ title, curves, hidden }} toggle={name => hide(toggled(hidden, name))} />
      <Note model={model} zoom={zoom} />
      <Voice text={handled.said} />
    </figure>
  );
}

function Head(
  props: ChartProps & {
    model: Model;
    room: Room | null;
    isTable: boolean;
    setTable(isTable: boolean): void;
  }
): JSX.Element {
  const { t, model, isTable, setTable, children } = props;
  const { title, y } = model.words;
  return (
    <figcaption class="aml-chart-head">
      <span class="aml-chart-title" title={title}>
        {title}
      </span>
      {props.value && <span class="aml-chart-last">{props.value}</span>}
      <span class="aml-muted aml-chart-y">{y}</span>
      {children}
      <Button aria-pressed={isTable} click={() => setTable(!isTable)}>
        {t('Table')}
      </Button>
      <MenuButton
        t={t}
        label={t('More of %1', title)}
        groups={() => menuOf(props, model, props.room)}
      >
        ⋯
      </MenuButton>
    </figcaption>
  );
}

/** What cannot be seen, in words. */
function Note({ model, zoom }: { model: Model; zoom: Range | null }): JSX.Element | null {
  const { dropped, isEmpty, options } = model;
  const { t } = options;
  const [left, right] = model.across();
  const isBeside = zoom !== null && (right < model.whole[0] || left > model.whole[1]);
  const text =
    dropped > 0
      ? t('Points of 0 or less, which have no logarithm: %1', dropped)
      : isEmpty
        ? t('There is no finite value to draw.')
        : isBeside
          ? t('There is no point in this stretch.')
          : '';
  return text ? <p class="aml-muted aml-chart-note">{text}</p> : null;
}

/** The model of what is drawn: worked out anew where the curves are others, and not while nobody sees them. */
function useModel(
  props: ChartProps,
  zoom: Range | null,
  hidden: ReadonlySet<string>,
  isSeen: boolean
): Model {
  const { curves, x, y, smoothing } = props;
  const wanted = [curves, smoothing, x.isLog, y?.isLog];
  const kept = useRef<{ of: unknown[]; model: Model } | null>(null);
  const isStale = !kept.current || wanted.some((each, place) => each !== kept.current!.of[place]);
  if (!kept.current || (isStale && isSeen)) {
    kept.current = isSeen
      ? { of: wanted, model: new Model(props) }
      : { of: [], model: new Model({ ...props, curves: [] }) };
  }
  const { model } = kept.current;
  model.options = props;
  model.zoom = zoom;
  model.hidden = hidden;
  return model;
}

/** A state that is the chart's own where its owner gives none. */
function useOwn<T>(
  given: T | null | undefined,
  told: ((value: T | null) => void) | undefined
): [T | null, (value: T | null) => void] {
  const [own, setOwn] = useState<T | null>(null);
  const set = (value: T | null): void => {
    if (given === undefined) {
      setOwn(value);
    }
    told?.(value);
  };
  return [given === undefined ? own : given, set];
}

interface Handled extends PlotHandlers {
  cursor: number | null;
  isKeyed: boolean;
  said: string;
}

/** Where the cursor is, and what pointer and keys do to it and to the zoom. */
function useHandlers(
  props: ChartProps,
  model: Model,
  zoom: Range | null,
  setZoom: (range: Range | null) => void
): Handled {
  const [cursor, setCursor] = useOwn(props.cursor, props.onCursor);
  const [isKeyed, setKeyed] = useState(false);
  const [said, say] = useState('');
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  const reset = (): void => {
    if (zoom !== null) {
      setZoom(null);
    }
  };
  const moved = (x: number | null): void => {
    if (x === null && isKeyed) {
      return; // The keys' cursor stays when the pointer goes.
    }
    setKeyed(false);
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => setCursor(x === null ? null : model.snap(x)));
  };
  const left = (): void => {
    setKeyed(false);
    setCursor(null);
  };
  const moveKeyed = (at: number): void => {
    setKeyed(true);
    const range = panTo(at, model);
    if (range !== zoom) {
      setZoom(range);
    }
    setCursor(at);
    say(pointText(model, at));
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const { key } = event;
    const range = zoomBy(key, model, isKeyed ? cursor : null);
    const at = range === undefined ? moveBy(key, model, cursor) : null;
    if (key === 'Escape' && zoom !== null) {
      setZoom(null);
    } else if (range !== undefined) {
      setZoom(range);
    } else if (at !== null) {
      moveKeyed(at);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return { cursor, isKeyed, said, moved, selected: setZoom, reset, pressed, left };
}

function menuOf(props: ChartProps, model: Model, room: Room | null): MenuGroups {
  const { t, menu = () => [], height } = props;
  return [
    ...menu(),
    FORMATS.map(format => ({
      label: t('Download as %1', format.toUpperCase()),
      isDisabled: !room,
      act: () => room && downloadChart(model, format, room.width || WIDE, height, room.colors)
    }))
  ];
}

function toggled(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const set = new Set(names);
  if (!set.delete(name)) {
    set.add(name);
  }
  return set;
}
