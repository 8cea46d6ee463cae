// A chart by keyboard: arrows move the crosshair, + and - zoom, Escape shows all.
import type { Model, Range } from './model';

const DEEPEST = 1e-6;

/** Where a key takes the crosshair; null where the key does something else. */
export function moveBy(key: string, model: Model, at: number | null): number | null {
  const [left, right] = model.across().map(position => model.x.from(position)) as Range;
  const inside = at === null || at < left || at > right;
  switch (key) {
    case 'ArrowRight':
      return inside ? model.snap(left) ?? model.next(left, 1) : model.next(at, 1) ?? at;
    case 'ArrowLeft':
      return inside ? model.snap(right) ?? model.next(right, -1) : model.next(at, -1) ?? at;
    case 'Home':
      return model.snap(left) ?? model.next(left, 1);
    case 'End':
      return model.snap(right) ?? model.next(right, -1);
    default:
      return null;
  }
}

/** The zoom after + or -, around `at` or the middle; null is all, undefined another key. */
export function zoomBy(key: string, model: Model, at: number | null): Range | null | undefined {
  const factor = key === '+' || key === '=' ? 0.5 : key === '-' || key === '_' ? 2 : 0;
  if (factor === 0) {
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
  return high - low < (last - first) * DEEPEST ? model.zoom : [model.x.from(low), model.x.from(high)];
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
