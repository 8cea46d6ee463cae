// What the parts of a comparison share.
import { element, setText, svg } from '../element';
import { oneLine } from '../format';
import type { Host, Selection } from '../host';
import { dashOf } from '../chart/paint';
import { PALETTE } from '../chart/theme';
import type { CompareView, ComparedRunView } from '../view';

export interface Stage {
  readonly host: Host;
  readonly selection: Selection | undefined;
  view: CompareView;
  /** Runs whose curves are switched off. */
  readonly hidden: Set<string>;
  open(run: ComparedRunView): void;
}

/** One way to look at the runs, in a tab of its own. */
export interface Sight {
  readonly node: HTMLElement;
  /** Draw the view of the stage; called only while the tab is open. */
  draw(): void;
  dispose?(): void;
}

/** More runs than this share one colour where each is one line or point. */
const COLORED = 16;

/** The name of a run; no two runs of a comparison have the same. */
export function runName({ runs }: CompareView, place: number): string {
  const { name, number, short_id } = runs[place]!;
  const isTwin = runs.some((run, other) => other !== place && run.name === name && run.number === number);
  return oneLine(`#${number} ${name}${isTwin ? ` ${short_id}` : ''}`);
}

/** The class that gives a run its colour. */
export function colorClass({ runs }: CompareView, place: number): string {
  return `aml-color-${runs.length > COLORED ? 0 : place % PALETTE}`;
}

/** A piece of a run's curve, to find it by. */
export function swatch(place: number): SVGElement {
  const dash = dashOf({ name: '', style: 'line', color: place, x: [], y: [] }).join(' ');
  return svg('svg', { class: `aml-swatch aml-color-${place % PALETTE}`, width: 18, height: 8, 'aria-hidden': 'true' }, [
    svg('path', { d: 'M0 4H18', 'stroke-dasharray': dash })
  ]);
}

export interface Picker {
  readonly node: HTMLElement;
  readonly select: HTMLSelectElement;
  /** Offer `[value, text]`s; a value that is not offered any more gives way to the first. */
  set(options: readonly (readonly [string, string])[], value: string): void;
}

/** A select with its label. */
export function picker(label: string, changed: (value: string) => void): Picker {
  const select = element('select', {}, [], { change: () => changed(select.value) });
  let drawn = '';
  return {
    node: element('label', {}, [`${label} `, select]),
    select,
    set: (options, value) => {
      const key = JSON.stringify(options);
      if (key !== drawn) {
        drawn = key;
        select.replaceChildren(...options.map(([of, text]) => element('option', { value: of }, [oneLine(text)])));
      }
      select.value = options.some(([of]) => of === value) ? value : (options[0]?.[0] ?? '');
    }
  };
}

export function checkbox(label: string, isOn: boolean, changed: (isOn: boolean) => void): HTMLLabelElement {
  const box = element('input', { type: 'checkbox', checked: isOn }, [], { change: () => changed(box.checked) });
  return element('label', {}, [box, ` ${label}`]);
}

export function button(text: string, click: () => void): HTMLButtonElement {
  return element('button', { type: 'button' }, [text], { click });
}

export interface Alternative {
  readonly node: HTMLElement;
  /** A sentence on the picture, and the numbers in it. */
  set(summary: string, heads: readonly string[], rows: () => (readonly string[])[]): void;
}

/** A picture in words: a sentence, and a table that is drawn only while it is open. */
export function alternative(title: string): Alternative {
  const summary = element('p', { class: 'aml-muted', role: 'status' });
  const inside = element('div', { class: 'aml-scroll', tabindex: 0, role: 'region', 'aria-label': title });
  let draw = (): void => undefined;
  const details = element('details', {}, [element('summary', {}, [title]), inside]);
  details.addEventListener('toggle', () => draw());
  return {
    node: element('div', {}, [summary, details]),
    set: (text, heads, rows) => {
      setText(summary, text);
      draw = () => inside.replaceChildren(...(details.open ? [plainTable(heads, rows())] : []));
      draw();
    }
  };
}

function plainTable(heads: readonly string[], rows: (readonly string[])[]): HTMLElement {
  const cell = (text: string, at: number): HTMLElement => (at === 0 ? element('th', { scope: 'row' }, [text]) : element('td', {}, [text]));
  return element('table', { class: 'aml-compare-table' }, [
    element('thead', {}, [element('tr', {}, heads.map(head => element('th', { scope: 'col' }, [oneLine(head)])))]),
    element('tbody', {}, rows.map(row => element('tr', {}, row.map((text, at) => cell(oneLine(text), at)))))
  ]);
}
