// A part of the panel below the runs, which is folded until asked for.
import type { ComponentChildren, JSX } from 'preact';
import { Button, Message } from '../../ui/controls';
import { numberText, oneLine } from '../../ui/format';
import type { Kept } from './kept';
import type { PanelScene, PanelState } from './state';

/** What is remembered of parts: whether each is open. */
export type Part = {
  [K in keyof Kept]: Kept[K] extends boolean ? K : never;
}[keyof Kept];

/** A part whose data cannot be read is open, and says why. */
export function isUnfolded({ kept }: PanelState, part: Part, problem: string | null): boolean {
  return kept[part] || problem !== null;
}

export function Fold(props: {
  scene: PanelScene;
  state: PanelState;
  part: Part;
  title: string;
  /** Null where nothing is known yet. */
  count: number | null;
  problem: string | null;
  children(): ComponentChildren;
}): JSX.Element | null {
  const { scene, state, part, title, count, problem, children } = props;
  const isOpen = isUnfolded(state, part, problem);
  return count === null && problem === null ? null : (
    <section class="aml-panel-data" aria-label={title}>
      <h3>
        <Button
          class="aml-panel-fold"
          aria-expanded={isOpen}
          click={() => scene.keep({ [part]: !isOpen })}
        >
          {`${isOpen ? '▾' : '▸'} ${title}`}
          {count !== null && <span class="aml-muted">{` ${numberText(count)}`}</span>}
        </Button>
      </h3>
      {problem !== null && (
        <Message tone="aml-bad" role="status">
          {oneLine(problem)}
        </Message>
      )}
      {isOpen && count !== null && <div class="aml-panel-scroll">{children()}</div>}
    </section>
  );
}
