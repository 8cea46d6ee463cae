// What the run was made of: code, the cells before it, git, packages; warnings first.
import { div, fill } from '../../ui/element';
import { oneLine, printable } from '../../ui/format';
import type { SnapshotView } from '../../contract.gen';
import { asked } from './asked';
import { fold, message, muted, pre } from '../../ui/control';
import type { Part } from './part';
import type { Scene } from './scene';

export function snapshotTab({ host, run, t }: Scene): Part {
  const warnings = div();
  const parts = div();
  let shown = '';
  void asked(
    parts,
    t,
    () => host.ask('snapshot', { run }),
    snapshot => partsElement(snapshot, t('There is no snapshot of this run.'))
  );
  return {
    node: div('', warnings, parts),
    show(view): void {
      const all = view.warnings.join('\n');
      if (all !== shown) {
        shown = all;
        fill(warnings, ...view.warnings.map(warning => message(`△ ${oneLine(warning)}`)));
      }
    }
  };
}

function partsElement({ parts }: SnapshotView, nothing: string): HTMLElement {
  if (!parts.length) {
    return muted(nothing);
  }
  return div(
    '',
    ...parts.map(({ title, text }, place) => fold(title, pre(printable(text)), place === 0))
  );
}
