// The mean of groups of runs by step or time, and the band in which their runs lie.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Chart } from '../../../ui/chart/chart';
import type { Series } from '../../../ui/chart/contract';
import { Muted } from '../../../ui/controls';
import { oneLine, toNumber, valueText } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import type { BandsView } from '../../../contract.gen';
import { turnOf, useAsked, Waiting } from '../asked';
import { HEIGHT, xAxis, type Together } from './curves';
import { askedOf } from '../state';
import type { Scene } from '../state';

export function Bands(props: { scene: Scene; metric: string; together: Together }): JSX.Element {
  const { scene, metric, together } = props;
  const { t, host, store } = scene;
  const { x, by, spread, smoothing, isLog } = store.state.curves;
  const question = {
    ...askedOf(store.state),
    metric,
    by: by === 'all' ? '' : by,
    spread,
    along: x
  };
  const asked = useAsked(host, 'bands', question, turnOf(store.state));
  const { answer } = asked;
  const curves = useMemo(() => (answer ? bandSeries(answer, t) : []), [answer]);
  if (!answer) {
    return (
      <figure class="aml-chart">
        <figcaption class="aml-chart-head">
          <span class="aml-chart-title">{oneLine(metric)}</span>
        </figcaption>
        <Waiting t={t} asked={asked} />
      </figure>
    );
  }
  return (
    <div>
      <Chart
        t={t}
        title={metric}
        curves={curves}
        x={xAxis(answer.along, t)}
        y={{ isLog }}
        smoothing={smoothing}
        height={HEIGHT}
        {...together}
      />
      <Notes t={t} bands={answer} />
    </div>
  );
}

/** What is not drawn as it is. */
function Notes({ t, bands }: { t: Translate; bands: BandsView }): JSX.Element | null {
  const notes = [
    bands.more > 0 && t('%1 smaller groups are not drawn.', bands.more),
    bands.without > 0 && t('%1 runs have no value of it.', bands.without),
    bands.is_thinned && t('Long curves were thinned before.')
  ].filter(Boolean);
  return notes.length > 0 ? <Muted>{notes.join(' ')}</Muted> : null;
}

/** A line with its band for each group, named by its value and the number of its runs. */
export function bandSeries(bands: BandsView, t: Translate): Series[] {
  const x = bands.x.map(toNumber);
  const numbers = (values: (number | null)[]): number[] => values.map(value => value ?? NaN);
  const name = bands.by.replace(/^(?:params|tags)\./, '');
  return bands.groups.map(({ value, runs, mean, low, high }, color) => {
    const of =
      bands.by === ''
        ? t('all runs')
        : `${name} = ${value === null ? t('none') : valueText(value)}`;
    return {
      name: oneLine(`${of} (${runs === 1 ? t('1 run') : t('%1 runs', runs)})`),
      style: 'line',
      color,
      x,
      y: numbers(mean),
      band: { low: numbers(low), high: numbers(high) }
    };
  });
}
