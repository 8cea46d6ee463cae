// A part of the panel: drawn once, brought up to date in place, and alone in its failure.
import { element, fill, setText } from '../element';
import type { Translate } from '../host';
import type { RunView } from '../view';
import { message } from './control';

export interface Part {
  readonly node: HTMLElement;
  show(view: RunView): void;
  dispose?(): void;
}

/** The words of anything that was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function cannotBeShown(error: unknown, t: Translate): HTMLElement {
  return message(t('This part cannot be shown: %1', wordsOf(error)));
}

/** A part that says so in its place when it cannot be drawn, and is drawn anew once it can. */
export function guarded(make: () => Part, t: Translate): Part {
  const node = element('div', { class: 'aml-part' });
  let part: Part | null = null;
  let problem: HTMLElement | null = null;
  const show = (view: RunView): void => {
    try {
      const fresh = part ?? make();
      fresh.show(view);
      if (part === null) {
        part = fresh;
        problem = null;
        fill(node, part.node);
      }
    } catch (error) {
      part?.dispose?.();
      part = null;
      if (problem === null) {
        problem = cannotBeShown(error, t);
        fill(node, problem);
      }
      setText(problem, t('This part cannot be shown: %1', wordsOf(error)));
    }
  };
  return { node, show, dispose: () => part?.dispose?.() };
}
