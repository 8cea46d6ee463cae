// Screens at their places. What draws them is loaded with the first: most pages show none.
import { wordsOf } from '../ui/format';
import type { Host, Subject } from '../ui/host';
import type { Front } from './front';
import type { Shown } from './host';

/** Draw what a subject looks like now, and follow it. */
export function showScreen(
  front: Front,
  node: HTMLElement,
  workspace: string,
  subject: Subject,
  shown?: Shown
): { dispose(): void } {
  let isOver = false;
  let drawn: { dispose(): void } | null = null;
  const draw = async (): Promise<void> => {
    const { showSubject } = await import('./host');
    if (!isOver) {
      drawn = showSubject(front, node, workspace, subject, shown);
    }
  };
  draw().catch(error => sayNotLoaded(front, node, error));
  return {
    dispose: () => {
      isOver = true;
      drawn?.dispose();
    }
  };
}

/** A host that stands nowhere, for the questions of a command. */
export async function hostOf(front: Front, workspace: string): Promise<Host> {
  const { LabHost } = await import('./host');
  return new LabHost(front, workspace, document.body);
}

/** The code of a screen did not come, such as after an update of the package. */
export function sayNotLoaded({ t }: Front, node: HTMLElement, error: unknown): void {
  console.error('aml_magics: the code of screens could not be loaded.', error);
  node.textContent = t(
    'The code of this screen could not be loaded (%1). If aml_magics was updated, save your work and reload the page.',
    wordsOf(error)
  );
}
