// The runs of a comparison: each with its colour, switched on and off by a click.
import { button } from '../../ui/control';
import { element, fill, setAttributes, setText, span } from '../../ui/element';
import { oneLine, secondsText } from '../../ui/format';
import { keyed, type Row } from '../../ui/keyed';
import { statusElement } from '../../ui/status';
import type { ComparedRunView } from '../../contract.gen';
import { runName, runSwatch, type Stage } from './stage';

export function header(stage: Stage, toggled: () => void): { node: HTMLElement; draw(): void } {
  const node = element('ul', { class: 'aml-chips', 'aria-label': stage.host.t('Runs') });
  const draw = (): void => chips.show(stage.view.runs);
  const chips = keyed<ComparedRunView>(
    node,
    ({ id }) => id,
    ({ id }) => {
      const toggle = (): void => {
        if (!stage.hidden.delete(id)) {
          stage.hidden.add(id);
        }
        draw();
        toggled();
      };
      return chip(id, stage, toggle);
    }
  );
  return { node, draw };
}

function chip(id: string, stage: Stage, toggle: () => void): Row<ComparedRunView> {
  const { t } = stage.host;
  const [color, name, rest] = [span(), span(), span('aml-muted')];
  const switched = button([color, name], toggle, { class: 'aml-chip' });
  const open = button('↗', () => stage.open(stage.view.runs.find(run => run.id === id)!), {
    class: 'aml-open-run'
  });
  let drawn = '';
  return {
    node: element('li', {}, [switched, rest, open]),
    show(run): void {
      const place = stage.view.runs.indexOf(run);
      const text = runName(stage.view, place);
      setText(name, text);
      switched.title = oneLine(`${run.experiment} ${run.short_id}`);
      setAttributes(switched, { 'aria-pressed': !stage.hidden.has(id) });
      setAttributes(open, { 'aria-label': t('Open %1', text) });
      const now = JSON.stringify([place, run.status, run.elapsed]);
      if (now !== drawn) {
        drawn = now;
        fill(color, runSwatch(place));
        fill(rest, statusElement(run.status), ` ${secondsText(run.elapsed)}`);
      }
    }
  };
}
