// A place that keeps how a screen is shown, as an output or a widget does.
import type { Kept } from '../../src/ui/host';

/** @param held what it has kept before. */
export function keeper(held?: unknown): Kept & { readonly told: unknown[] } {
  const told: unknown[] = [];
  const set = (kind: string, view: unknown): void => {
    told.push([kind, view]);
    held = view;
  };
  return { told, get: () => held, set };
}
