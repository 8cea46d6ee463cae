// A small table with a head: names at the left, values beside them.
import { tableRow } from '../../ui/chart/grid';
import { element } from '../../ui/element';

/** The table in a section with a heading, and where its rows go. */
export function section(
  title: string,
  heads: string[],
  isPlain = false
): { node: HTMLElement; body: HTMLElement; heading: HTMLElement } {
  const body = element('tbody');
  const heading = element('h3', {}, [title]);
  const row = tableRow(
    ...heads.map((head, place) =>
      element('th', { scope: 'col', class: place ? 'aml-number' : '' }, [head])
    )
  );
  const table = element('table', { class: 'aml-run-table', 'aria-label': title }, [
    element('thead', { class: isPlain ? 'aml-hidden' : '' }, [row]),
    body
  ]);
  return { node: element('section', {}, [heading, table]), body, heading };
}
