// What stands over a chart at the cursor: a line, a ring around each point that is read out, and their values.
import type { JSX } from 'preact';
import { numberText, oneLine } from '../format';
import type { Curve, Model } from './points/model';
import type { Picture } from './paint/picture';
import { Swatch } from './swatch';
import { PALETTE } from './paint/theme';

/** Curves that are marked at the cursor. */
const MARKED = 20;
/** Pixels of a line of the tooltip, and what is around its lines. */
const LINE = 18;
const AROUND = 14;
/** Pixels between the cursor and the tooltip. */
const GAP = 10;

interface Reading {
  curve: Curve;
  place: number;
  /** Where the point is, in pixels. */
  across: number;
  down: number;
}

/** `down` is where the pointer is, in pixels; null where it is over another chart, or keys lead the cursor. */
export function Pointed(props: {
  model: Model;
  picture: Picture;
  x: number;
  down: number | null;
  /** Whether the cursor is led from here: the tooltip then says where it is. */
  isOwn: boolean;
}): JSX.Element | null {
  const { model, picture, x, down, isOwn } = props;
  const left = picture.x(x);
  if (!(left >= picture.left - 0.5 && left <= picture.right + 0.5)) {
    return null;
  }
  const all = readingsOf(model, picture, x);
  return (
    <>
      <div class="aml-chart-cross" style={{ left: `${left}px`, bottom: `${picture.foot}px` }} />
      {all
        .filter(
          ({ curve, across, down }) => curve.series.style !== 'bars' && isFinite(across + down)
        )
        .slice(0, MARKED)
        .map(({ curve: { series }, across, down }) => (
          <div
            key={series.name}
            class="aml-chart-mark"
            style={{
              transform: `translate(${across}px, ${down}px)`,
              borderColor: `var(--aml-color-${series.color % PALETTE})`
            }}
          />
        ))}
      {(isOwn || all.length > 0) && (
        <Tip
          model={model}
          picture={picture}
          x={isOwn ? x : null}
          left={left}
          down={down}
          all={all}
        />
      )}
    </>
  );
}

function Tip(props: {
  model: Model;
  picture: Picture;
  /** The place to name; null where another chart names it. */
  x: number | null;
  left: number;
  down: number | null;
  all: Reading[];
}): JSX.Element {
  const { model, picture, x, left, down, all } = props;
  const { t, x: axis } = model.options;
  const most = Math.max(
    2,
    Math.floor((picture.height + AROUND - (x === null ? 0 : LINE)) / LINE) - 1
  );
  const shown = nearest(all, most, down);
  const isRight = left > picture.left + picture.width / 2;
  const side = isRight ? { right: `calc(100% - ${left - GAP}px)` } : { left: `${left + GAP}px` };
  const isLone = model.curves.length === 1;
  return (
    <div class="aml-chart-tip" style={side} aria-hidden="true">
      {x !== null && <div class="aml-chart-x">{`${model.words.x} ${axis.text(x)}`}</div>}
      {shown.map(({ curve, place }) => (
        <div key={curve.series.name} class="aml-chart-reading">
          {!isLone && <Swatch style={curve.series.style} color={curve.series.color} />}
          {!isLone && <span class="aml-chart-read">{oneLine(curve.series.name)}</span>}
          <span class="aml-chart-value">{valueText(curve, place)}</span>
        </div>
      ))}
      {all.length > shown.length && (
        <div class="aml-muted">{t('and %1 more', all.length - shown.length)}</div>
      )}
    </div>
  );
}

function readingsOf(model: Model, picture: Picture, x: number): Reading[] {
  return model.visible.flatMap(curve => {
    const place = model.nearest(curve, x);
    return place < 0
      ? []
      : [
          {
            curve,
            place,
            across: picture.x(curve.x[place]!),
            down: picture.y(curve.y[place]!)
          }
        ];
  });
}

/** Those that are nearest to the pointer, from the highest to the lowest. */
function nearest(all: Reading[], most: number, pointer: number | null): Reading[] {
  if (all.length <= 1) {
    return all;
  }
  const away = ({ down }: Reading): number =>
    isFinite(down) ? Math.abs(down - (pointer ?? 0)) : Infinity;
  const picked =
    all.length > most && pointer !== null
      ? [...all].sort((one, other) => away(one) - away(other)).slice(0, most)
      : all.slice(0, most);
  const rank = ({ down }: Reading): number => (isFinite(down) ? down : Infinity);
  return [...picked].sort((one, other) => rank(one) - rank(other));
}

/** A value; of a smoothed curve also the one that was logged, of a band its bounds. */
function valueText({ y, raw, band }: Curve, place: number): string {
  const own = raw?.[place];
  const text = numberText(y[place]!);
  if (band) {
    return `${text} (${numberText(band.low[place]!)} – ${numberText(band.high[place]!)})`;
  }
  return own === undefined ? text : `${text} (${numberText(own)})`;
}
