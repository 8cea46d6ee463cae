// A part of the panel: drawn once, brought up to date in place, and alone in its failure.
import { div, fill } from '../../ui/element';
import type { Translate } from '../../ui/host';
import type { RunView } from '../../contract.gen';
import { message, wordsOf } from '../../ui/control';

export interface Shown<T> {
  readonly node: HTMLElement;
  show(item: T): void;
  dispose?(): void;
}

export type Part = Shown<RunView>;

export function cannotBeShown(error: unknown, t: Translate): HTMLElement {
  return message(t('This part cannot be shown: %1', wordsOf(error)));
}

/** A part that says so in its place when it cannot be drawn, and is drawn anew once it can. */
export function guarded<T>(make: () => Shown<T>, t: Translate): Shown<T> {
  const node = div('aml-part');
  let part: Shown<T> | null = null;
  const show = (item: T): void => {
    try {
      const fresh = part ?? make();
      fresh.show(item);
      if (part === null) {
        part = fresh;
        fill(node, part.node);
      }
    } catch (error) {
      part?.dispose?.();
      part = null;
      const problem = cannotBeShown(error, t);
      if (node.textContent !== problem.textContent) {
        fill(node, problem);
      }
    }
  };
  return { node, show, dispose: () => part?.dispose?.() };
}
