// Tabs: one is in the order of the Tab key, arrows lead to the others.
import { element } from '../element';
import type { Sight } from './stage';

let lists = 0;

export interface Tabs {
  readonly node: HTMLElement;
  /** Draw the sight that is open. */
  draw(): void;
  dispose(): void;
}

/** A sight is made when its tab is opened for the first time. */
export function tabs(label: string, of: readonly (readonly [string, () => Sight])[]): Tabs {
  const id = `aml-compare-tabs-${++lists}-`;
  const sights: (Sight | undefined)[] = [];
  let open = 0;
  const panels = of.map((_, at) => element('div', { role: 'tabpanel', id: `${id}p${at}`, 'aria-labelledby': id + at }));
  const heads = of.map(([title], at) =>
    element('button', { type: 'button', role: 'tab', id: id + at, 'aria-controls': `${id}p${at}` }, [title], { click: () => select(at) })
  );
  const draw = (): void => {
    if (!sights[open]) {
      sights[open] = of[open]![1]();
      panels[open]!.append(sights[open]!.node);
    }
    sights[open]!.draw();
  };
  function select(at: number): void {
    open = at;
    heads.forEach((head, place) => {
      head.setAttribute('aria-selected', String(place === at));
      head.tabIndex = place === at ? 0 : -1;
      panels[place]!.hidden = place !== at;
    });
    draw();
  }
  const pressed = (event: KeyboardEvent): void => {
    const last = of.length - 1;
    const to = { ArrowRight: open === last ? 0 : open + 1, ArrowLeft: open === 0 ? last : open - 1, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      select(to);
      heads[to]!.focus();
    }
  };
  // JupyterLab leaves the keys of what carries this attribute alone
  const attributes = { role: 'tablist', class: 'aml-tabs', 'aria-label': label, 'data-lm-suppress-shortcuts': 'true' };
  const node = element('div', {}, [element('div', attributes, heads, { keydown: pressed }), ...panels]);
  select(0);
  return { node, draw, dispose: () => sights.forEach(sight => sight?.dispose?.()) };
}
