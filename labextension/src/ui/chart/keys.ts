// A chart by keyboard: arrows move the crosshair, + and - zoom, Escape shows all.
import type { Range } from './contract';
import type { Model } from './points/model';

const DEEPEST = 1e-6;

/** Where a key takes the crosshair; null where the key does something else. */
export function moveBy(key: string, model: Model, at: number | null): number | null {
  const way =
    key === 'ArrowRight' || key === 'Home' ? 1 : key === 'ArrowLeft' || key === 'End' ? -1 : null;
  if (way === null) {
    return null;
  }
  const [left, right] = model.across().map(position => model.x.from(position)) as Range;
  if (key.startsWith('Arrow') && at !== null && at >= left && at <= right) {
    return model.next(at, way) ?? at;
  }
  const edge = way === 1 ? left : right;
  return model.snap(edge) ?? model.next(edge, way);
}

/** The zoom after + or -, around `at` or the middle; null is all, undefined another key. */
export function zoomBy(key: string, model: Model, at: number | null): Range | null | undefined {
  const factor = { '+': 0.5, '=': 0.5, '-': 2, _: 2 }[key];
  if (factor === undefined) {
    return undefined;
  }
  const [left, right] = model.across();
  const [first, last] = model.whole;
  const center = at === null ? (left + right) / 2 : model.x.to(at);
  const low = Math.max(first, center - (center - left) * factor);
  const high = Math.min(last, center + (right - center) * factor);
  if (low <= first && high >= last) {
    return null;
  }
  return high - low < (last - first) * DEEPEST
    ? model.zoom
    : [model.x.from(low), model.x.from(high)];
}

/** The zoom moved so that it holds `at`. */
export function panTo(at: number, model: Model): Range | null {
  const [left, right] = model.across();
  const place = model.x.to(at);
  if (model.zoom === null || (place >= left && place <= right)) {
    return model.zoom;
  }
  const low = place - (right - left) / 2;
  return [model.x.from(low), model.x.from(low + right - left)];
}
