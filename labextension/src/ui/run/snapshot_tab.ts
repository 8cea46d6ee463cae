// What the run was made of: code, the cells before it, git, packages; warnings first.
import { element, fill } from '../element';
import { oneLine, printable } from '../format';
import type { SnapshotView } from '../view';
import { asked } from './asked';
import { message, muted } from './control';
import type { Part } from './part';
import type { Scene } from './scene';

export function snapshotTab({ host, run, t }: Scene): Part {
  const warnings = element('div');
  const parts = element('div');
  let shown = '';
  void asked(parts, t, () => host.ask('snapshot', { run }), snapshot => partsElement(snapshot, t('There is no snapshot of this run.')));
  return {
    node: element('div', {}, [warnings, parts]),
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
  return element(
    'div',
    {},
    parts.map(({ title, text }, place) =>
      element('details', { class: 'aml-run-fold', open: place === 0 }, [
        element('summary', {}, [oneLine(title)]),
        element('pre', { class: 'aml-mono', tabindex: 0 }, [printable(text)])
      ])
    )
  );
}
