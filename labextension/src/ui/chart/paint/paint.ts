// Curves, points and bars on a canvas.
import type { Brush } from './brush';
import type { Band, Series } from '../contract';
import type { Curve } from '../points/model';
import { firstAtLeast } from '../points/order';
import { PALETTE, type Colors } from './theme';

/** The area of the canvas that is drawn in, in pixels of the page. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
  x(value: number): number;
  y(value: number): number;
  /** The stretch of x that is shown. */
  low: number;
  high: number;
}

const TURNS = [[], [7, 3], [2, 2], [8, 2, 2, 2], [1, 3], [10, 4]];
const DASHED = [5, 4];
const BEHIND = { ghost: 0.4, raw: 0.25, band: 0.2 };
const DOT = 2.5;
/** Points to a pixel, beyond which only extremes are drawn. */
const MANY = 2;
/** Points that are drawn at once: the time for a line that crosses itself grows faster than its length. */
const PIECE = 40;

/** How the line of a curve is broken: colours that come round again are told apart by it. */
export function dashOf({ style, color }: Pick<Series, 'style' | 'color'>): number[] {
  return style === 'dashed' ? DASHED : TURNS[Math.floor(color / PALETTE) % TURNS.length]!;
}

/** Draw curves, the faint ones first. */
export function paint(context: Brush, curves: Curve[], area: Area, colors: Colors): void {
  context.save();
  context.beginPath();
  context.rect(area.left, area.top, area.width, area.height);
  context.clip();
  context.lineJoin = 'bevel';
  context.lineCap = 'butt';
  const isFaint = (curve: Curve): number => Number(curve.series.style === 'ghost');
  for (const curve of [...curves].sort((one, other) => isFaint(other) - isFaint(one))) {
    context.strokeStyle = context.fillStyle = colors.palette[curve.series.color % PALETTE]!;
    context.setLineDash(dashOf(curve.series));
    context.globalAlpha = 1;
    if (curve.series.style === 'bars') {
      bars(context, curve, area);
    } else if (curve.series.style === 'points') {
      points(context, curve, area);
    } else {
      lines(context, curve, area);
    }
  }
  context.restore();
}

function lines(context: Brush, curve: Curve, area: Area): void {
  if (curve.band !== null) {
    context.globalAlpha = BEHIND.band;
    band(context, curve.x, curve.band, area);
    context.globalAlpha = 1;
  }
  if (curve.raw !== null) {
    context.globalAlpha = BEHIND.raw;
    line(context, curve.x, curve.raw, area, 1);
    context.globalAlpha = 1;
  }
  const isGhost = curve.series.style === 'ghost';
  context.globalAlpha = isGhost ? BEHIND.ghost : 1;
  line(context, curve.x, curve.y, area, isGhost ? 2.5 : 1.5);
}

/** The area between two bounds, in pieces where one of them has a gap. */
function band(context: Brush, x: ArrayLike<number>, { low, high }: Band, area: Area): void {
  let piece: [across: number, above: number, below: number][] = [];
  const finish = (): void => {
    context.beginPath();
    piece.forEach(([across, above], place) =>
      context[place === 0 ? 'moveTo' : 'lineTo'](across, above)
    );
    piece.reverse().forEach(([across, , below]) => context.lineTo(across, below));
    context.fill();
    piece = [];
  };
  for (let place = 0; place < x.length; place += 1) {
    const at = area.x(x[place]!);
    // On a logarithmic axis a bound of 0 or less lies at the foot.
    const below = area.y(low[place]!);
    const [above, foot] = [area.y(high[place]!), area.top + area.height];
    if (isFinite(at + above)) {
      piece.push([at, above, isFinite(below) ? below : foot]);
    } else if (piece.length > 0) {
      finish();
    }
  }
  if (piece.length > 0) {
    finish();
  }
}

/** A line with gaps; a point that has no neighbours is a dot. Of many points each column of pixels shows the extremes. */
function line(
  context: Brush,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  area: Area,
  width: number
): void {
  // One point beyond each edge, so that the line leaves the area where it should.
  const start = Math.max(0, firstAtLeast(x, area.low) - 1);
  const end = Math.min(x.length, firstAtLeast(x, area.high) + 2);
  const isDense = end - start > MANY * area.width;
  const lone: number[] = [];
  let [length, column, low, high, last] = [0, NaN, 0, 0, 0];
  const finish = (): void => {
    if (low < high) {
      context.lineTo(column, low);
      context.lineTo(column, high);
      context.lineTo(column, last);
    }
  };
  context.lineWidth = width;
  context.beginPath();
  for (let place = start; place <= end; place += 1) {
    const at = place < end ? area.x(x[place]!) : NaN;
    const across = isDense ? Math.round(at) : at;
    const down = place < end ? area.y(y[place]!) : NaN;
    const isThere = isFinite(across + down);
    if (isDense && isThere && length > 0 && across === column) {
      low = Math.min(low, down);
      high = Math.max(high, down);
      last = down;
      length += 1;
      continue;
    }
    finish();
    if (isThere) {
      context[length === 0 ? 'moveTo' : 'lineTo'](across, down);
      column = across;
      low = high = last = down;
      length += 1;
      if (length % PIECE === 0) {
        context.stroke();
        context.beginPath();
        context.moveTo(across, down);
      }
    } else {
      if (length === 1) {
        lone.push(place - 1);
      }
      length = low = high = 0;
    }
  }
  context.stroke();
  dots(context, lone, x, y, area);
}

function points(context: Brush, { x, y }: Curve, area: Area): void {
  context.globalAlpha = 0.8;
  dots(
    context,
    Array.from(x, (_, place) => place),
    x,
    y,
    area
  );
}

function dots(
  context: Brush,
  places: number[],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  area: Area
): void {
  const radius = DOT;
  context.beginPath();
  for (const place of places) {
    const [across, down] = [area.x(x[place]!), area.y(y[place]!)];
    if (isFinite(across + down)) {
      context.moveTo(across + radius, down);
      context.arc(across, down, radius, 0, 2 * Math.PI);
    }
  }
  context.fill();
}

function bars(context: Brush, { x, y, half }: Curve, area: Area): void {
  const base = area.y(0);
  const foot = isFinite(base) ? base : area.top + area.height;
  context.globalAlpha = 0.75;
  for (let place = 0; place < x.length; place += 1) {
    const head = area.y(y[place]!);
    const left = area.x(x[place]! - half * 0.94);
    const right = area.x(x[place]! + half * 0.94);
    if (isFinite(head + left + right)) {
      context.fillRect(
        left,
        Math.min(head, foot),
        Math.max(right - left, 1),
        Math.abs(foot - head)
      );
    }
  }
}
