// The runs of a comparison: each with its colour, switched on and off by a click.
import { element, fill, setText } from '../element';
import { oneLine, secondsText } from '../format';
import { statusElement } from '../status';
import { runName, swatch } from './stage';
import type { Stage } from './stage';

interface Chip {
  node: HTMLElement;
  draw(place: number): void;
}

export function header(stage: Stage, toggled: () => void): { node: HTMLElement; draw(): void } {
  const { t } = stage.host;
  const chips = new Map<string, Chip>();
  const node = element('ul', { class: 'aml-chips', 'aria-label': t('Runs') });

  function chip(id: string): Chip {
    const name = element('span');
    const color = element('span');
    const rest = element('span', { class: 'aml-muted' });
    const toggle = element('button', { type: 'button', class: 'aml-chip' }, [color, name], {
      click: () => {
        if (!stage.hidden.delete(id)) {
          stage.hidden.add(id);
        }
        draw();
        toggled();
      }
    });
    const open = element('button', { type: 'button', class: 'aml-open-run' }, ['↗'], {
      click: () => stage.open(stage.view.runs.find(run => run.id === id)!)
    });
    let status = '';
    return {
      node: element('li', {}, [toggle, rest, open]),
      draw: place => {
        const run = stage.view.runs[place]!;
        const text = runName(stage.view, place);
        setText(name, text);
        toggle.title = oneLine(`${run.experiment} ${run.short_id}`);
        toggle.setAttribute('aria-pressed', String(!stage.hidden.has(id)));
        open.setAttribute('aria-label', t('Open %1', text));
        if (!color.firstChild) {
          fill(color, swatch(place));
        }
        const now = JSON.stringify([run.status, run.elapsed]);
        if (now !== status) {
          status = now;
          fill(rest, statusElement(run.status), ` ${secondsText(run.elapsed)}`);
        }
      }
    };
  }

  function draw(): void {
    const { runs } = stage.view;
    const ids = new Set(runs.map(run => run.id));
    for (const [id, { node: gone }] of chips) {
      if (!ids.has(id)) {
        gone.remove();
        chips.delete(id);
      }
    }
    runs.forEach(({ id }, place) => {
      if (!chips.has(id)) {
        chips.set(id, chip(id));
        node.append(chips.get(id)!.node);
      }
      chips.get(id)!.draw(place);
    });
  }
  return { node, draw };
}
