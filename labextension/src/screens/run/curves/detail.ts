// The points of a stretch that was zoomed to, where the panel holds fewer than there are.
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Range } from '../../../ui/chart/contract';
import { printable, wordsOf } from '../../../ui/format';
import { whenSeen } from '../../../ui/visibility';
import { metricOf, otherOf, timesWithin, type Axis } from './axis';
import { Curve } from './curve';
import type { Scene } from '../state';

const LIMIT = 2_000;
const PAUSE = 200;

export interface Detail {
  /** The stretch that the curves are of. */
  zoom: Range;
  curves: ReadonlyMap<string, Curve>;
  problem: string;
}

/** Asked for once the reader holds still and the chart is seen; null until it is there, and without a zoom. */
export function useDetail(
  scene: Scene,
  names: readonly string[],
  axis: Axis,
  zoom: Range | null,
  node: RefObject<HTMLElement>
): Detail | null {
  const [detail, setDetail] = useState<Detail | null>(null);
  useEffect(() => {
    const { book, view } = scene.store.state;
    const counts = new Map(view.metrics.map(({ name, count }) => [name, count]));
    const wanted = names.filter(name => (counts.get(name) ?? 0) > (book.get(name)?.length ?? 0));
    if (zoom === null || wanted.length === 0) {
      return;
    }
    let isVoid = false;
    let stop = (): void => undefined;
    const timer = setTimeout(() => {
      stop = whenSeen(node.current!, () => {
        void ask(scene, wanted, axis, zoom).then(answer => isVoid || setDetail(answer));
      });
    }, PAUSE);
    return () => {
      isVoid = true;
      clearTimeout(timer);
      stop();
    };
  }, [names.join('\n'), axis, zoom]);
  return detail?.zoom === zoom ? detail : null;
}

async function ask(
  { host, run, store }: Scene,
  names: readonly string[],
  axis: Axis,
  zoom: Range
): Promise<Detail> {
  const { book } = store.state;
  const curves = new Map<string, Curve>();
  let problem = '';
  const read = async (name: string): Promise<void> => {
    const isMetric = metricOf(axis) !== null;
    const [low, high] = isMetric
      ? timesWithin(book.get(name)!, otherOf(axis, book), ...zoom)
      : zoom;
    if (!isFinite(low) || !isFinite(high)) {
      return;
    }
    const x = axis === 'step' ? 'step' : 'time';
    try {
      const points = await host.ask('points', { run, metric: name, x, low, high, limit: LIMIT });
      if (points) {
        curves.set(name, new Curve(points));
      }
    } catch (error) {
      problem = host.t('The points between cannot be read: %1', printable(wordsOf(error)));
    }
  };
  await Promise.all(names.map(read));
  return { zoom, curves, problem };
}
