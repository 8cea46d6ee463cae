// How the curves of a comparison are drawn.
import { checkbox, picker, smoother } from '../../ui/control';
import { div } from '../../ui/element';
import { runName, type Stage } from './stage';

export interface CurveSettings {
  isTime: boolean;
  smoothing: number;
  logY: boolean;
  /** The id of the run that the others are held against; empty for none. */
  baseline: string;
}

export function curveControls(
  stage: Stage,
  settings: CurveSettings,
  changed: () => void
): { node: HTMLElement; draw(): void } {
  const { t } = stage.host;
  const change = (one: Partial<CurveSettings>): void => {
    Object.assign(settings, one);
    changed();
  };
  const x = picker(t('x axis'), value => change({ isTime: value === 'time' }));
  x.set(
    [
      ['step', t('step')],
      ['time', t('time')]
    ],
    'step'
  );
  const baseline = picker(t('Baseline'), value => change({ baseline: value }));
  const logY = checkbox(t('log y'), isOn => change({ logY: isOn }));
  return {
    node: div(
      'aml-toolbar',
      x.node,
      smoother(t, smoothing => change({ smoothing })),
      logY,
      baseline.node
    ),
    draw: () => {
      const runs = stage.view.runs.map(
        ({ id }, place) => [id, runName(stage.view, place)] as const
      );
      baseline.set([['', t('none')], ...runs], settings.baseline);
      settings.baseline = baseline.select.value;
    }
  };
}
