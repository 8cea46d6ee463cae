// How all curves of a run are drawn: smoothing, axes, and the runs that stand behind.
import { element, setText } from '../../ui/element';
import { printable } from '../../ui/format';
import type { GhostView } from '../../contract.gen';
import type { Axis } from './axis';
import { button, checkbox, picker, smoother, wordsOf } from '../../ui/control';
import type { Scene } from './scene';

export type Role = GhostView['role'];

export interface CurveSettings {
  smoothing: number;
  logY: boolean;
  axis: Axis;
  /** The runs that are drawn behind. */
  ghosts: GhostView[];
  /** Another number after each change. */
  stamp: number;
}

export interface CurveControls {
  node: HTMLElement;
  settings: CurveSettings;
  /** Offer epochs as an axis, once they are counted. */
  offerEpochs(): void;
}

/** `changed` is called after each change, with whether another stretch of x is meant. */
export function curveControls(
  scene: Scene,
  changed: (isOtherStretch: boolean) => void
): CurveControls {
  const { t } = scene;
  const settings: CurveSettings = { smoothing: 0, logY: false, axis: 'step', ghosts: [], stamp: 0 };
  const change = (isOtherStretch = false): void => {
    settings.stamp += 1;
    changed(isOtherStretch);
  };
  const axis = picker(t('x'), value => {
    settings.axis = value as Axis;
    change(true);
  });
  const offer = (...axes: Axis[]): void =>
    axis.set(
      axes.map(each => [each, t(each)] as const),
      settings.axis
    );
  offer('step', 'time');
  const logY = checkbox(t('log y'), isOn => {
    settings.logY = isOn;
    change();
  });
  const reset = button(t('Reset zoom'), () => change(true));
  const node = element(
    'div',
    { class: 'aml-run-controls', role: 'group', 'aria-label': t('How curves are drawn') },
    [
      smoother(t, smoothing => {
        settings.smoothing = smoothing;
        change();
      }),
      axis.node,
      logY,
      ghostChoice(scene, ghosts => {
        settings.ghosts = ghosts;
        change();
      }),
      reset
    ]
  );
  return { node, settings, offerEpochs: () => offer('step', 'time', 'epoch') };
}

function ghostChoice(scene: Scene, changed: (ghosts: GhostView[]) => void): HTMLElement {
  const { t } = scene;
  const roles = new Set<Role>();
  const note = element('span', { class: 'aml-muted', role: 'status' });
  const words: Record<Role, string> = { best: t('best'), previous: t('previous') };
  const choose = async (): Promise<void> => {
    try {
      const ghosts = roles.size ? await scene.ghosts() : [];
      const missing = [...roles].filter(role => !ghosts.some(ghost => ghost.role === role));
      setText(
        note,
        missing.length
          ? t('there is no such run: %1', missing.map(role => words[role]).join(', '))
          : ''
      );
      changed(ghosts.filter(ghost => roles.has(ghost.role)));
    } catch (error) {
      setText(note, t('The other runs cannot be read: %1', printable(wordsOf(error))));
    }
  };
  const boxes = (['best', 'previous'] as const).map(role =>
    checkbox(words[role], isOn => {
      roles[isOn ? 'add' : 'delete'](role);
      void choose();
    })
  );
  return element(
    'span',
    { class: 'aml-run-ghosts', role: 'group', 'aria-label': t('Compare with') },
    [t('compare with'), ...boxes, note]
  );
}
