// Parameters, metrics and tags side by side, a column for each run.
import { scroller, tableRow } from '../../ui/chart/grid';
import { checkbox, glyph } from '../../ui/control';
import { div, element, fill } from '../../ui/element';
import { oneLine, valueText } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { Sight } from '../../ui/tabs';
import type { ComparedMetricView, ComparedValueView, CompareView } from '../../contract.gen';
import { runName, type Stage } from './stage';

type Value = ComparedValueView | ComparedMetricView;

export function difference(stage: Stage): Sight {
  const { t } = stage.host;
  const { params, tags, metrics } = stage.view;
  let isOnly = [...params, ...tags, ...metrics].some(({ differs }) => differs);
  let drawn = '';
  const into = scroller('aml-scroll', t('Values of the runs'));
  const only = checkbox(
    t('Only differences'),
    isOn => {
      isOnly = isOn;
      draw();
    },
    isOnly
  );

  function draw(): void {
    const { view } = stage;
    const names = view.runs.map((_, place) => runName(view, place));
    const now = JSON.stringify([names, view.params, view.metrics, view.tags, isOnly]);
    if (now !== drawn) {
      drawn = now;
      fill(into, table(view, names, isOnly, t));
    }
  }
  return { node: div('', div('aml-toolbar', only), into), draw };
}

function table(
  { params, metrics, tags }: CompareView,
  names: string[],
  isOnly: boolean,
  t: Translate
): HTMLElement | string {
  const body = (title: string, all: Value[]): HTMLElement | false => {
    const rows = all.filter(({ differs }) => differs || !isOnly);
    const head = tableRow(element('th', { scope: 'rowgroup', colspan: names.length + 1 }, [title]));
    return rows.length > 0 && element('tbody', {}, [head, ...rows.map(value => row(value, t))]);
  };
  const bodies = [
    body(t('Parameters'), params),
    body(t('Metrics'), metrics),
    body(t('Tags'), tags)
  ];
  if (!bodies.some(Boolean)) {
    return isOnly
      ? t('The runs have the same parameters, metrics and tags.')
      : t('The runs have no parameters, metrics or tags.');
  }
  const head = [
    element('td'),
    ...names.map(name => element('th', { scope: 'col', title: name }, [name]))
  ];
  return element('table', { class: 'aml-compare-table' }, [
    element('thead', {}, [tableRow(...head)]),
    ...bodies
  ]);
}

function row(value: Value, t: Translate): HTMLElement {
  const head = [value.differs && glyph('≠', t('differs')), oneLine(value.name)];
  return element('tr', { class: value.differs && 'aml-differs' }, [
    element('th', { scope: 'row', title: oneLine(value.name) }, head),
    ...value.values.map((one, place) => {
      const text = oneLine(valueText(one));
      const [mark, isBest] = 'best' in value ? markOf(value, place, t) : [null, false];
      return element(
        'td',
        { class: typeof one === 'number' && 'aml-number', title: text && oneLine(String(one)) },
        [mark, isBest ? element('strong', {}, [text]) : text]
      );
    })
  ]);
}

/** What tells an extreme, and whether it is the best: never the colour alone. */
function markOf(
  { best, low, high }: ComparedMetricView,
  place: number,
  t: Translate
): [HTMLElement | null, boolean] {
  return best.includes(place)
    ? [glyph('★', t('best')), true]
    : [
        high.includes(place)
          ? glyph('▲', t('highest'))
          : low.includes(place)
            ? glyph('▼', t('lowest'))
            : null,
        false
      ];
}
