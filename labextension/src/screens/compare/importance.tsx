// Which parameters matter for the objective, as bars.
import type { JSX } from 'preact';
import { Limited, Muted } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { ImportanceView, ParameterImportanceView } from '../../contract.gen';
import { turnOf, useAsked, Waiting, type Asked } from './asked';
import { askedOf, objectiveOf } from './state';
import type { Scene } from './state';
import type { Words } from './words';

const AT_FIRST = 20;
/** Below this a correlation tells of no direction. */
const FAINT = 0.1;

export function Importance({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const objective = objectiveOf(store.state);
  return (
    <>
      <h3>{t('Parameters that matter')}</h3>
      {objective ? (
        <Answer scene={scene} metric={objective.name} />
      ) : (
        <Muted>{scene.words.noMetric}</Muted>
      )}
    </>
  );
}

function Answer({ scene, metric }: { scene: Scene; metric: string }): JSX.Element {
  const { t, host, store, words } = scene;
  const question = { ...askedOf(store.state), metric };
  const asked = useAsked(host, 'importance', question, turnOf(store.state));
  return <ImportanceAnswer t={t} words={words} metric={metric} asked={asked} />;
}

/** The bars of an answer, or that it is not there yet, or why it cannot be. */
export function ImportanceAnswer(props: {
  t: Translate;
  words: Words;
  metric: string;
  asked: Asked<ImportanceView>;
}): JSX.Element {
  const { t, words, metric, asked } = props;
  const { answer } = asked;
  if (!answer) {
    return <Waiting t={t} asked={asked} />;
  }
  if (answer.problem) {
    return <Muted>{oneLine(answer.problem)}</Muted>;
  }
  return (
    <>
      <Muted>{methodText(answer, words)}</Muted>
      <Limited
        t={t}
        items={answer.parameters}
        limit={AT_FIRST}
        draw={(shown, more) => (
          <>
            <Bars t={t} metric={metric} parameters={shown} />
            {more}
          </>
        )}
      />
      {answer.skipped.length > 0 && (
        <Muted>{words.skipped(oneLine(answer.skipped.join(', ')))}</Muted>
      )}
    </>
  );
}

function methodText({ method, runs, explained }: ImportanceView, words: Words): string {
  return method === 'forest'
    ? words.byForests(runs, Math.max(0, Math.round(100 * (explained ?? 0))))
    : words.byCorrelation(runs);
}

function Bars(props: {
  t: Translate;
  metric: string;
  parameters: readonly ParameterImportanceView[];
}): JSX.Element {
  const { t, metric, parameters } = props;
  const most = Math.max(...parameters.map(({ importance }) => importance), 1e-9);
  return (
    <table class="aml-importance">
      <thead>
        <tr>
          <th scope="col">{t('Parameter')}</th>
          <th scope="col" colspan={2}>
            {t('Importance')}
          </th>
          <th scope="col">{t('As it grows')}</th>
        </tr>
      </thead>
      <tbody>
        {parameters.map(({ name, importance, correlation }) => (
          <tr key={name}>
            <th scope="row" title={oneLine(name)}>
              {oneLine(name)}
            </th>
            <td class="aml-importance-bar">
              <span style={`width: ${(100 * importance) / most}%`} />
            </td>
            <td class="aml-number">{Math.round(100 * importance)} %</td>
            <td>{effectText(correlation, oneLine(metric), t)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function effectText(correlation: number | null, metric: string, t: Translate): string {
  if (correlation === null) {
    return t('is no number');
  }
  const sign = `${correlation < 0 ? '−' : '+'}${Math.abs(correlation).toFixed(2)}`;
  return Math.abs(correlation) < FAINT
    ? t('no clear trend (%1)', sign)
    : correlation > 0
      ? t('↗ %1 rises (%2)', metric, sign)
      : t('↘ %1 falls (%2)', metric, sign);
}
