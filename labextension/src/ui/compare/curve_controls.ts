// How the curves of a comparison are drawn.
import { element, setText } from '../element';
import type { Stage } from './stage';
import { checkbox, picker, runName } from './stage';

export interface CurveSettings {
  isTime: boolean;
  smoothing: number;
  logY: boolean;
  /** The id of the run that the others are held against; empty for none. */
  baseline: string;
}

export function curveControls(stage: Stage, settings: CurveSettings, changed: () => void): { node: HTMLElement; draw(): void } {
  const { t } = stage.host;
  const change = (one: Partial<CurveSettings>): void => {
    Object.assign(settings, one);
    changed();
  };
  const x = picker(t('x axis'), value => change({ isTime: value === 'time' }));
  x.set([['step', t('step')], ['time', t('time')]], 'step');
  const baseline = picker(t('Baseline'), value => change({ baseline: value }));
  const said = element('output', {}, ['0']);
  const smooth = element('input', { type: 'range', min: 0, max: 0.99, step: 0.01, value: 0 }, [], {
    input: () => {
      setText(said, smooth.value);
      change({ smoothing: Number(smooth.value) });
    }
  });
  const tools = [
    x.node,
    element('label', {}, [`${t('Smoothing')} `, smooth, said]),
    checkbox(t('Log y axis'), false, logY => change({ logY })),
    baseline.node
  ];
  return {
    node: element('div', { class: 'aml-toolbar' }, tools),
    draw: () => {
      const runs = stage.view.runs.map(({ id }, place) => [id, runName(stage.view, place)] as const);
      baseline.set([['', t('none')], ...runs], settings.baseline);
      settings.baseline = baseline.select.value;
    }
  };
}
