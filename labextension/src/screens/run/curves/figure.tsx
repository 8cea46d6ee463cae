// One chart of a run's curves: those of a metric, or of several, with what the reader can do to it.
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { GhostView, MetricView } from '../../../contract.gen';
import { Chart } from '../../../ui/chart/chart';
import type { Series } from '../../../ui/chart/contract';
import { Button, Muted } from '../../../ui/controls';
import { numberText, oneLine, valueText } from '../../../ui/format';
import type { MenuGroups } from '../../../ui/popup/menu';
import { useStored, type Store } from '../../../ui/store';
import { goesBack, lineOf, metricOf, otherOf, spliced, xText } from './axis';
import { Curve } from './curve';
import type { ChartChoices, ChartEntry, Role } from './choices';
import { useDetail, type Detail } from './detail';
import { useDrop, type DropSide } from './drag';
import type { Scene } from '../state';

const LARGE = 340;
const GHOSTS: Record<Role, number> = { best: 2, previous: 7 };

/** Where the reader looks; all charts of a panel show their values there. */
export interface Sight {
  cursor: number | null;
}

interface FigureProps {
  scene: Scene;
  sight: Store<Sight>;
  choices: ChartChoices;
  change: (change: Partial<ChartChoices>) => void;
  chart: ChartEntry;
  metrics: ReadonlyMap<string, MetricView>;
  ghosts: readonly GhostView[];
  height: number;
  isWide: boolean;
  menu: () => MenuGroups;
  toggleWide: () => void;
  dropped: (id: string, side: DropSide) => void;
}

export function CurveFigure(props: FigureProps): JSX.Element {
  const { scene, sight, choices, change, chart, metrics, height, isWide, menu } = props;
  const { t, store } = scene;
  const { axis, isLogY, smoothing, zoom } = choices;
  const node = useRef<HTMLDivElement>(null);
  const detail = useDetail(scene, chart.names, axis, zoom, node);
  const curves = useCurves(props, detail);
  const { cursor } = useStored(sight);
  const [side, drop] = useDrop(node, chart.id, props.dropped);
  const title = oneLine(chart.id);
  const lone = chart.names.length === 1 ? metrics.get(chart.names[0]!) : undefined;
  const infinite = chart.names.reduce(
    (count, name) => count + (store.state.book.get(name)?.infinite ?? 0),
    0
  );
  const notes = [
    infinite > 0 && t('%1 infinite values are not drawn', numberText(infinite)),
    detail?.problem
  ];
  return (
    <div
      ref={node}
      class={`aml-run-curve${isWide ? ' aml-run-wide' : ''}${side ? ` aml-drop-${side}` : ''}`}
      role="group"
      aria-label={title}
      {...drop.target}
    >
      <Chart
        {...{ t, title, curves, smoothing, zoom, cursor, menu }}
        x={{ label: metricOf(axis) ?? t(axis), text: x => xText(axis, x), isTime: axis === 'time' }}
        y={{ isLog: isLogY }}
        height={isWide ? LARGE : height}
        value={lone && oneLine(valueText(lone.last))}
        onZoom={range => change({ zoom: range })}
        onCursor={x => sight.set({ cursor: x })}
      >
        <span
          class="aml-run-grip"
          draggable
          aria-hidden="true"
          title={t('Drag onto another chart to combine them, or beside it to move')}
          {...drop.grip}
        >
          ⠿
        </span>
        <Button
          class="aml-run-expand"
          aria-pressed={isWide}
          aria-label={t('Expand %1', title)}
          click={props.toggleWide}
        >
          ⤢
        </Button>
      </Chart>
      {notes.some(Boolean) && <Muted>{notes.filter(Boolean).join(' ')}</Muted>}
    </div>
  );
}

/** The curves of a chart; the same array as long as none of them changed. */
function useCurves(
  { scene, chart, choices, ghosts }: FigureProps,
  detail: Detail | null
): Series[] {
  const { t, store } = scene;
  const { axis } = choices;
  const { book } = store.state;
  const other = otherOf(axis, book);
  const stamps = chart.names.map(name => book.get(name)?.stamp).join();
  return useMemo(() => {
    const behind = ghosts.flatMap(({ role, run, curves }) =>
      chart.names.flatMap((name): Series[] => {
        // A metric may be called `constructor`, which every object has.
        const curveOf = (each: string | null): Curve | undefined =>
          each !== null && Object.hasOwn(curves, each) ? new Curve(curves[each]!) : undefined;
        const curve = curveOf(name);
        const words =
          role === 'best' ? t('best: run %1', run.number) : t('previous: run %1', run.number);
        const label = chart.names.length > 1 ? `${oneLine(name)}, ${words}` : words;
        return curve
          ? [
              {
                ...{ name: label, style: 'ghost', color: GHOSTS[role] },
                ...lineOf(curve, axis, curveOf(metricOf(axis)))
              }
            ]
          : [];
      })
    );
    const own = chart.names.flatMap((name, color): Series[] => {
      const curve = book.get(name);
      if (!curve) {
        return [];
      }
      const line = lineOf(curve, axis, other);
      const part = detail?.curves.get(name);
      const whole = part ? spliced(line, lineOf(part, axis, other), ...detail!.zoom) : line;
      const style = goesBack(curve, axis, other) ? 'points' : 'line';
      return [{ ...{ name: oneLine(name), style, color }, ...whole }];
    });
    return [...behind, ...own];
  }, [book, chart.id, stamps, axis, other?.stamp, ghosts, detail]);
}
