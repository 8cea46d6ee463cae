// Parameters, metrics and tags side by side, a column for each run.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Checkbox, Glyph, Muted, Picker } from '../../ui/controls';
import { numberText, oneLine, toNumber, valueText } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { ComparedMetricView, ComparedValueView, JsonScalar } from '../../contract.gen';
import { runNames } from './run_name';
import { bestFirst, metricsOf, objectiveOf } from './state';
import type { CompareState, Scene } from './state';

/** Columns that are there before one asks for more. */
const AT_FIRST = 20;
/** Letters beyond which a text is read from the left. */
const LONG = 24;

type Value = ComparedValueView | ComparedMetricView;

/** What each cell of the table needs. */
interface Frame {
  t: Translate;
  names: readonly string[];
  /** The places of the runs that have a column. */
  shown: readonly number[];
  /** The place of the baseline; -1 for none. */
  base: number;
}

export function Difference({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const { state } = store;
  const { view, isOnly, baseline } = state;
  const [isWhole, setWhole] = useState(false);
  const names = runNames(view);
  const base = view.runs.findIndex(({ id }) => id === baseline);
  const shown = columnsOf(state, isWhole, base);
  return (
    <>
      <div class="aml-toolbar">
        <Checkbox isOn={isOnly} change={isOn => scene.change({ isOnly: isOn })}>
          {t('Only differences')}
        </Checkbox>
        <Baseline scene={scene} />
      </div>
      {shown.length < view.runs.length && (
        <Muted>
          {chosenText(state, shown.length, t)}{' '}
          <Button class="aml-more" click={() => setWhole(true)}>
            {t('show all %1', view.runs.length)}
          </Button>
        </Muted>
      )}
      <div class="aml-scroll" tabIndex={0} role="region" aria-label={t('Values of the runs')}>
        <Values scene={scene} frame={{ t, names, shown, base }} />
      </div>
    </>
  );
}

/** The run that the others are held against, in the table and in the curves. */
export function Baseline({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const { view, baseline } = store.state;
  const names = runNames(view);
  return (
    <Picker
      label={t('Baseline')}
      options={[['', t('none')], ...view.runs.map(({ id }, at) => [id, names[at]!] as const)]}
      value={baseline}
      change={id => scene.change({ baseline: id })}
    />
  );
}

function columnsOf(state: CompareState, isWhole: boolean, base: number): number[] {
  const all = state.view.runs.map((_, place) => place);
  if (all.length <= AT_FIRST) {
    return all;
  }
  const objective = objectiveOf(state);
  const best = (objective?.direction ? bestFirst(objective) : all).filter(place => place !== base);
  return [...(base < 0 ? [] : [base]), ...best].slice(0, isWhole ? undefined : AT_FIRST);
}

function chosenText(state: CompareState, count: number, t: Translate): string {
  const objective = objectiveOf(state);
  const all = state.view.runs.length;
  return objective?.direction
    ? t('The %1 best of %2 runs by %3.', count, all, oneLine(objective.name))
    : t('The first %1 of %2 runs.', count, all);
}

function Values({ scene, frame }: { scene: Scene; frame: Frame }): JSX.Element {
  const { t, store } = scene;
  const { view, isOnly } = store.state;
  const { names, shown } = frame;
  const kept = (all: readonly Value[]): Value[] => all.filter(({ differs }) => differs || !isOnly);
  const bodies = [
    { title: t('Parameters'), rows: kept(view.params) },
    { title: t('Metrics'), rows: kept(metricsOf(store.state)) },
    { title: t('Tags'), rows: kept(view.tags) }
  ].filter(({ rows }) => rows.length > 0);
  if (bodies.length === 0) {
    return (
      <>
        {isOnly
          ? t('The runs have the same parameters, metrics and tags.')
          : t('The runs have no parameters, metrics or tags.')}
      </>
    );
  }
  return (
    <table class="aml-compare-table">
      <thead>
        <tr>
          <td />
          {shown.map(place => (
            <th key={view.runs[place]!.id} scope="col" title={names[place]}>
              <button type="button" class="aml-open" onClick={() => scene.open(view.runs[place]!)}>
                {names[place]}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      {bodies.map(({ title, rows }) => (
        <tbody key={title}>
          <tr>
            <th scope="rowgroup" colspan={shown.length + 1}>
              {title}
            </th>
          </tr>
          {rows.map(value => (
            <Row key={value.name} value={value} frame={frame} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Row({ value, frame }: { value: Value; frame: Frame }): JSX.Element {
  const { t, shown } = frame;
  const name = oneLine(value.name);
  return (
    <tr class={value.differs ? 'aml-differs' : undefined}>
      <th scope="row" title={name}>
        {value.differs && <Glyph sign="≠" word={t('differs')} />}
        {name}
      </th>
      {shown.map(place => (
        <Cell key={place} value={value} place={place} frame={frame} />
      ))}
    </tr>
  );
}

function Cell(props: { value: Value; place: number; frame: Frame }): JSX.Element {
  const { value, place, frame } = props;
  const { t } = frame;
  const one = value.values[place] ?? null;
  const isMetric = 'best' in value;
  const text = oneLine(isMetric ? valueText(one) : givenText(one));
  const mark = isMetric ? markOf(value, place) : null;
  return (
    <td
      class={typeof one === 'number' ? 'aml-number' : text.length > LONG ? 'aml-words' : undefined}
      title={text && oneLine(String(one))}
    >
      {mark === '★' && <Glyph sign={mark} word={t('best')} />}
      {mark === '▲' && <Glyph sign={mark} word={t('highest')} />}
      {mark === '▼' && <Glyph sign={mark} word={t('lowest')} />}
      {mark === '★' ? <strong>{text}</strong> : <span class="aml-value">{text}</span>}
      {isMetric && <Change metric={value} place={place} frame={frame} />}
    </td>
  );
}

/** A value that a user gave, to be copied: whole numbers without separators. */
function givenText(value: JsonScalar): string {
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : valueText(value);
}

/** What tells an extreme, and whether it is the best: never the colour alone. */
function markOf({ best, low, high }: ComparedMetricView, place: number): string | null {
  return best.includes(place) ? '★' : high.includes(place) ? '▲' : low.includes(place) ? '▼' : null;
}

/** The difference to the baseline; where the direction is known, it is better or worse. */
function Change(props: {
  metric: ComparedMetricView;
  place: number;
  frame: Frame;
}): JSX.Element | null {
  const { metric, place, frame } = props;
  const { t, base } = frame;
  if (base < 0) {
    return null;
  }
  if (place === base) {
    return <span class="aml-change aml-muted">{t('baseline')}</span>;
  }
  const change = toNumber(metric.values[place]) - toNumber(metric.values[base]);
  if (!isFinite(change)) {
    return null;
  }
  const text = change === 0 ? '±0' : `${change > 0 ? '+' : '−'}${numberText(Math.abs(change))}`;
  if (metric.direction === null || change === 0) {
    return <span class="aml-change aml-muted">{text}</span>;
  }
  const isBetter = change > 0 === (metric.direction === 'higher');
  return (
    <span class={`aml-change ${isBetter ? 'aml-good' : 'aml-bad'}`}>
      {text} {isBetter ? t('better') : t('worse')}
    </span>
  );
}
