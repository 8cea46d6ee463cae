// A part of a screen that fails alone: it says so in its place, and the rest goes on.
import { Component, type ComponentChildren } from 'preact';
import { oneLine, wordsOf } from './format';
import type { Translate } from './host';

interface Props {
  t: Translate;
  children: ComponentChildren;
}

/**
 * Shows why its children cannot be drawn, and tries again with the next ones. Only components are guarded: an
 * expression in JSX is worked out by the parent.
 */
export class Part extends Component<Props, { problem: unknown }> {
  override state: { problem: unknown } = { problem: null };

  static override getDerivedStateFromError(problem: unknown): { problem: unknown } {
    return { problem: problem ?? new Error() };
  }

  override componentWillReceiveProps(): void {
    if (this.state.problem !== null) {
      this.setState({ problem: null });
    }
  }

  override componentDidCatch(problem: unknown): void {
    console.error('aml_magics: a part of a screen could not be drawn.', problem);
  }

  override render({ t, children }: Props): ComponentChildren {
    const { problem } = this.state;
    return problem === null ? (
      children
    ) : (
      <p class="aml-message aml-warn">
        {t('This part cannot be shown: %1', oneLine(wordsOf(problem)))}
      </p>
    );
  }
}
