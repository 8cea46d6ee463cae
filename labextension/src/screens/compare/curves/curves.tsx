// The curves of each metric over each other, or the mean and band of groups of runs.
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { Chart } from '../../../ui/chart/chart';
import type { Range, Series, XAxis } from '../../../ui/chart/contract';
import { Button, Limited, Muted } from '../../../ui/controls';
import { numberText, secondsText, toNumber } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import type { CompareView, OverlayView } from '../../../contract.gen';
import { Bands } from './bands';
import { CurveControls } from './curve_controls';
import { runNames } from '../run_name';
import { metricsOf } from '../state';
import type { CompareState, CurveSettings, Scene } from '../state';

/** Charts that are drawn before one asks for more. */
const AT_FIRST = 12;
/** Curves that one chart takes. */
const MOST = 20;
export const HEIGHT = 220;

/** Where all charts are zoomed to, and where their cursor is. */
export interface Together {
  zoom: Range | null;
  onZoom(range: Range | null): void;
  cursor: number | null;
  onCursor(x: number | null): void;
}

export function Curves({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const { state } = store;
  const { overlays } = state.view;
  const [zoom, onZoom] = useState<Range | null>(null);
  const [cursor, onCursor] = useState<number | null>(null);
  const together = { zoom, onZoom, cursor, onCursor };
  return (
    <>
      <CurveControls scene={scene} />
      <Note scene={scene} />
      <Limited
        t={t}
        items={overlays}
        limit={AT_FIRST}
        draw={(shown, more) => (
          <>
            <div class={`aml-charts${shown.length === 1 ? ' aml-lone' : ''}`}>
              {shown.map(overlay =>
                state.curves.by ? (
                  <Bands
                    key={overlay.name}
                    scene={scene}
                    metric={overlay.name}
                    together={together}
                  />
                ) : (
                  <Overlay key={overlay.name} scene={scene} overlay={overlay} together={together} />
                )
              )}
            </div>
            {more}
          </>
        )}
      />
    </>
  );
}

function Note({ scene }: { scene: Scene }): JSX.Element | null {
  const { t, store } = scene;
  const { view, hidden, curves } = store.state;
  const drawn = view.runs.length - hidden.size;
  if (view.overlays.length === 0) {
    return <Muted>{t('No metric was logged more than once, so there are no curves.')}</Muted>;
  }
  if (curves.by || drawn <= MOST) {
    return null;
  }
  return (
    <Muted>
      {t('The curves of the first %1 of %2 runs are drawn.', MOST, drawn)}{' '}
      <Button class="aml-more" click={() => scene.change({ curves: { ...curves, by: 'all' } })}>
        {t('Mean and band of all')}
      </Button>
    </Muted>
  );
}

function Overlay(props: { scene: Scene; overlay: OverlayView; together: Together }): JSX.Element {
  const { scene, overlay, together } = props;
  const { t, store } = scene;
  const { state } = store;
  const { x, smoothing, isLog } = state.curves;
  // The same array as long as nothing changed: a chart does not look into it.
  const curves = useMemo(
    () => seriesOf(state, overlay),
    [overlay, state.hidden, state.baseline, x, state.goals]
  );
  return (
    <Chart
      t={t}
      title={overlay.name}
      curves={curves}
      x={xAxis(x, t)}
      y={{ isLog }}
      smoothing={smoothing}
      height={HEIGHT}
      {...together}
    />
  );
}

/** The axis that curves and bands are drawn over. */
export function xAxis(x: CurveSettings['x'], t: Translate): XAxis {
  return x === 'time'
    ? { label: t('time'), text: secondsText, isTime: true }
    : { label: t('step'), text: numberText };
}

/** The curves of one metric, the baseline faint and the best run marked. */
export function seriesOf(state: CompareState, overlay: OverlayView): Series[] {
  const { view, hidden, baseline, curves } = state;
  const names = runNames(view);
  const best = metricsOf(state).find(({ name }) => name === overlay.name)?.best ?? [];
  return overlay.curves
    .flatMap((points, place): Series[] => {
      const id = view.runs[place]?.id;
      if (!points || id === undefined || hidden.has(id)) {
        return [];
      }
      return [
        {
          name: `${best.includes(place) ? '★ ' : ''}${names[place]!}`,
          style: id === baseline ? 'ghost' : 'line',
          color: place,
          x: curves.x === 'time' ? points.times : points.steps.map(toNumber),
          y: points.values.map(toNumber)
        }
      ];
    })
    .slice(0, MOST);
}

/** The parameters and tags by which runs can be grouped: those that more than one run shares. */
export function groupsOf({ params, tags }: CompareView): [key: string, name: string][] {
  const keyed = [
    ...params.map(one => ['params.', one] as const),
    ...tags.map(one => ['tags.', one] as const)
  ];
  return keyed.flatMap(([group, { name, values, differs }]) =>
    differs && new Set(values).size < values.length ? [[group + name, name]] : []
  );
}
