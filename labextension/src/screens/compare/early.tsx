// Runs that a policy ended before they were done: marked by shape, so that no colour need be seen.
import type { JSX } from 'preact';
import type { Scene } from './state';

/** The name of a run in a picture, which says so where it was ended early. */
export function markedName({ t, store }: Scene, id: string, name: string): string {
  return store.state.early.has(id) ? t('%1 (ended early)', name) : name;
}

/** What the mark means, where a run that is shown has it. */
export function EarlyLegend(props: { scene: Scene; mark: 'line' | 'point' }): JSX.Element | null {
  const { scene, mark } = props;
  const { early, view } = scene.store.state;
  const count = view.runs.filter(({ id }) => early.has(id)).length;
  return count === 0 ? null : (
    <p class="aml-levels aml-muted">
      <svg class="aml-early-mark" width={26} height={12} aria-hidden="true">
        {mark === 'line' ? (
          <path class="aml-line aml-early" d="M0 6H26" />
        ) : (
          <path class="aml-point aml-early" d={squareAt(13, 6)} />
        )}
      </svg>
      <span>{scene.t('ended early by the policy: %1', count)}</span>
    </p>
  );
}

/** Half the side of a square that looks as large as a point. */
const HALF = 4.5;

/** The outline of the mark around a place of the page. */
export function squareAt(x: number, y: number): string {
  return `M${x - HALF} ${y - HALF}h${2 * HALF}v${2 * HALF}h${-2 * HALF}z`;
}
