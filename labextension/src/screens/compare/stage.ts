// What the parts of a comparison share.
import { grid, scroller, type Cell } from '../../ui/chart/grid';
import { PALETTE } from '../../ui/chart/theme';
import { swatch } from '../../ui/control';
import { div, element, fill, setText } from '../../ui/element';
import { oneLine } from '../../ui/format';
import type { Host, Selection } from '../../ui/host';
import type { CompareView, ComparedRunView } from '../../contract.gen';

export interface Stage {
  readonly host: Host;
  readonly selection: Selection | undefined;
  view: CompareView;
  /** Runs whose curves are switched off. */
  readonly hidden: Set<string>;
  open(run: ComparedRunView): void;
}

/** More runs than this share one colour where each is one line or point. */
const COLORED = 16;

/** The name of a run; no two runs of a comparison have the same. */
export function runName({ runs }: CompareView, place: number): string {
  const { name, number, short_id } = runs[place]!;
  const isTwin = runs.some(
    (run, other) => other !== place && run.name === name && run.number === number
  );
  return oneLine(`#${number} ${name}${isTwin ? ` ${short_id}` : ''}`);
}

/** The class that gives a run its colour. */
export function colorClass({ runs }: CompareView, place: number): string {
  return `aml-color-${runs.length > COLORED ? 0 : place % PALETTE}`;
}

/** A piece of a run's curve, to find it by. */
export function runSwatch(place: number): SVGElement {
  return swatch({ style: 'line', color: place });
}

export interface Alternative {
  readonly node: HTMLElement;
  /** A sentence on the picture, and the numbers in it. */
  set(summary: string, heads: readonly string[], rows: () => (readonly string[])[]): void;
}

/** A picture in words: a sentence, and a table that is drawn only while it is open. */
export function alternative(title: string): Alternative {
  const summary = element('p', { class: 'aml-muted', role: 'status' });
  const inside = scroller('aml-scroll', title);
  let draw = (): void => undefined;
  const details = element('details', {}, [element('summary', {}, [title]), inside], {
    toggle: () => draw()
  });
  return {
    node: div('', summary, details),
    set: (text, heads, rows) => {
      setText(summary, text);
      draw = () =>
        fill(
          inside,
          details.open &&
            grid(
              'aml-compare-table',
              heads.map(cellOf),
              rows().map(row => row.map(cellOf)),
              true
            )
        );
      draw();
    }
  };
}

function cellOf(text: string): Cell {
  return [oneLine(text)];
}
