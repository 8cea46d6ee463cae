// Two runs side by side: which steps differ, in what, and how long each took.
import type { JSX } from 'preact';
import type {
  PipelineDifferenceView,
  PipelineRowView,
  PipelineStepView,
  StepDifferenceView
} from '../../contract.gen';
import { Asked, Muted, Picker, Status } from '../../ui/controls';
import { momentText, oneLine, secondsText, valueText } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { PipelineProps } from './state';

export function Compare({ scene, state }: PipelineProps): JSX.Element {
  const { t } = scene.host;
  const { view } = state;
  return (
    <Asked
      t={t}
      of={view.id}
      ask={() => scene.host.ask('pipelines', {})}
      draw={({ runs }) => <Compared {...{ scene, state }} runs={othersOf(runs, view)} />}
    />
  );
}

/** The other runs, those of the same experiment first. */
export function othersOf(
  runs: readonly PipelineRowView[],
  { id, experiment }: { id: string; experiment: string }
): PipelineRowView[] {
  const others = runs.filter(run => run.id !== id);
  return [
    ...others.filter(run => run.experiment === experiment),
    ...others.filter(run => run.experiment !== experiment)
  ];
}

/** The run that one came of, else the one before it, else any. */
export function firstOther(
  runs: readonly PipelineRowView[],
  { origins, created }: PipelineProps['state']['view']
): string | undefined {
  const rerun = origins.find(({ kind }) => kind === 'rerun');
  const before = runs.find(run => (run.created ?? '') < (created ?? ''));
  return rerun?.id ?? before?.id ?? runs[0]?.id;
}

function Compared(props: PipelineProps & { runs: readonly PipelineRowView[] }): JSX.Element {
  const { scene, state, runs } = props;
  const { t } = scene.host;
  const { view } = state;
  const other = state.other ?? firstOther(runs, view);
  if (other === undefined) {
    return <Muted>{t('There is no other run of a pipeline to compare with.')}</Muted>;
  }
  const known = runs.some(({ id }) => id === other);
  const options = runs.map(run => [run.id, optionText(run)] as const);
  return (
    <>
      <div class="aml-toolbar">
        <Picker
          label={t('Compare with')}
          options={known ? options : [[other, other], ...options]}
          value={other}
          change={id => scene.choose({ other: id })}
        />
      </div>
      <Asked
        t={t}
        of={JSON.stringify([view.id, other, view.done])}
        ask={() => scene.host.ask('pipeline_difference', { run: view.id, other })}
        draw={found => <Difference t={t} found={found} />}
      />
    </>
  );
}

function optionText({ name, experiment, created, status }: PipelineRowView): string {
  return [name, experiment, momentText(created), status].join(' · ');
}

function Difference({ t, found }: { t: Translate; found: PipelineDifferenceView }): JSX.Element {
  const { here, there, steps } = found;
  const names = [...new Set([...here.parameters, ...there.parameters].map(({ name }) => name))];
  const valueOf = (side: typeof here, name: string): string =>
    valueText(side.parameters.find(one => one.name === name)?.value);
  const differing = names.filter(name => valueOf(here, name) !== valueOf(there, name));
  return (
    <>
      <p>
        {t(
          'This run took %1, %2 took %3.',
          secondsText(here.seconds) || '—',
          oneLine(there.name),
          secondsText(there.seconds) || '—'
        )}{' '}
        {differing
          .map(name =>
            t(
              '%1: %2, there %3.',
              oneLine(name),
              valueOf(here, name) || '—',
              valueOf(there, name) || '—'
            )
          )
          .join(' ')}
      </p>
      <div class="aml-pipeline-scroll" role="region" tabIndex={0} aria-label={t('Differences')}>
        <table class="aml-table">
          <thead>
            <tr>
              {[t('Step'), t('Difference'), t('Here'), t('There'), t('Time')].map(title => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((one, at) => (
              <tr key={at} class={one.change === 'same' ? 'aml-pipeline-same' : undefined}>
                <th scope="row">{oneLine(one.name)}</th>
                <td>{changeText(one, t)}</td>
                <td>{one.here && <Side t={t} step={one.here} />}</td>
                <td>{one.there && <Side t={t} step={one.there} />}</td>
                <td>{timeDifference(one)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Side({ t, step }: { t: Translate; step: PipelineStepView }): JSX.Element {
  const time = step.decision === 'reused' ? t('reused') : secondsText(step.seconds);
  return (
    <>
      <Status status={step.status} /> <span class="aml-muted">{time}</span>
    </>
  );
}

function changeText({ change, words }: StepDifferenceView, t: Translate): string {
  return change === 'changed'
    ? oneLine(words.join('; '))
    : {
        same: t('the same'),
        unknown: t('not known: it was never given its inputs'),
        'only here': t('only in this run'),
        'only there': t('only in the other run')
      }[change];
}

/** How much longer or shorter a step took here; nothing where one of the two did not run. */
export function timeDifference({ here, there }: StepDifferenceView): string {
  const ran = [here, there].every(
    step => step && step.decision !== 'reused' && step.seconds !== null
  );
  if (!ran) {
    return '';
  }
  const more = here!.seconds! - there!.seconds!;
  return `${more < 0 ? '−' : '+'}${secondsText(Math.abs(more))}`;
}
