// Parallel coordinates: a line for each run across an axis for each parameter and metric.
import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { Muted } from '../../../ui/controls';
import { oneLine, valueText } from '../../../ui/format';
import { Alternative } from '../alternative';
import { firstAxes, pathsOf, widthOf } from './axes';
import { Bounds } from './bounds';
import { isWithin, movedBy } from './brush';
import type { Range } from './brush';
import { EarlyLegend, markedName } from '../early';
import { fieldsOf, textAt } from '../field';
import type { Field } from '../field';
import { Legend, levelsOf } from './levels';
import { Picture } from './picture';
import { colorClass, runNames } from '../run_name';
import { objectiveOf } from '../state';
import type { Scene } from '../state';
import { useWidth } from '../width';

export function Parallel({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const { view, axes, ranges, early } = store.state;
  const node = useRef<HTMLDivElement>(null);
  const room = useWidth(node);
  const fields = useMemo(() => fieldsOf(view, scene), [view]);
  const objective = objectiveOf(store.state);
  const keys = axes ?? firstAxes(fields, objective?.name ?? null);
  const shown = keys.flatMap(key => fields.find(field => field.key === key) ?? []);
  const width = widthOf(room, shown.length);
  const paths = useMemo(
    () => pathsOf(shown, view.runs.length, width),
    [fields, keys.join('\n'), width]
  );
  const colored = fields.find(({ key }) => key === `metrics.${objective?.name}`);
  const classes = useMemo(() => {
    const levels = colored && levelsOf(colored, objective!.direction);
    return view.runs.map(
      ({ id }, place) =>
        (early.has(id) ? 'aml-early ' : '') +
        (levels ? `aml-level-${levels[place]!}` : colorClass(view, place))
    );
  }, [fields, early, colored, objective?.direction]);
  const within = view.runs.map((_, place) => isWithin(fields, ranges, place));
  const limit = limiter(scene, fields);
  const arrange = (now: string[]): void => scene.change({ axes: now });
  return (
    <div ref={node}>
      <Controls scene={scene} fields={fields} keys={keys} arrange={arrange} limit={limit} />
      {shown.length < 2 && <Muted>{t('Two or more axes make a picture: show another.')}</Muted>}
      <div class="aml-scroll" tabIndex={0} role="region" aria-label={t('Parallel coordinates')}>
        <Picture
          scene={scene}
          shown={shown}
          width={width}
          paths={paths}
          classes={classes}
          within={within}
          limit={limit}
          move={(key, by) => arrange(movedBy(keys, key, by))}
        />
      </div>
      {colored && <Legend t={t} field={colored} direction={objective!.direction} />}
      <EarlyLegend scene={scene} mark="line" />
      <Words scene={scene} shown={shown} within={within} />
    </div>
  );
}

type Limit = (key: string, range: Range | null, isDone: boolean) => void;

function Controls(props: {
  scene: Scene;
  fields: Field[];
  keys: readonly string[];
  arrange(keys: string[]): void;
  limit: Limit;
}): JSX.Element {
  const { scene, fields, keys, arrange, limit } = props;
  const { ranges, axes } = scene.store.state;
  const [chosen, choose] = useState('');
  return (
    <Bounds
      t={scene.t}
      fields={fields}
      axes={keys}
      ranges={ranges}
      chosen={fields.some(({ key }) => key === chosen) ? chosen : (keys[0] ?? fields[0]?.key ?? '')}
      choose={choose}
      limit={(key, range) => limit(key, range, true)}
      clear={() => limit('', null, true)}
      move={(key, by) => arrange(movedBy(keys, key, by))}
      show={(key, isOn) => arrange(isOn ? [...keys, key] : keys.filter(one => one !== key))}
      reset={axes ? () => scene.change({ axes: null }) : null}
    />
  );
}

/** Set or clear the range of an axis, of all without a key; a finished one becomes the selection. */
function limiter(scene: Scene, fields: readonly Field[]): Limit {
  return (key, range, isDone) => {
    const { view, ranges: before, selectedBefore } = scene.store.state;
    const ranges = new Map(key ? before : []);
    if (range) {
      ranges.set(key, range);
    } else {
      ranges.delete(key);
    }
    const { selection } = scene;
    if (!isDone) {
      scene.change({ ranges });
    } else if (ranges.size > 0) {
      scene.change({ ranges, selectedBefore: selectedBefore ?? selection?.get() ?? [] });
      selection?.set(
        view.runs.flatMap(({ id }, place) => (isWithin(fields, ranges, place) ? [id] : []))
      );
    } else {
      scene.change({ ranges, selectedBefore: null });
      if (selectedBefore) {
        selection?.set(selectedBefore);
      }
    }
  };
}

/** What is drawn, in words. */
function Words(props: { scene: Scene; shown: Field[]; within: boolean[] }): JSX.Element {
  const { scene, shown, within } = props;
  const { t, store, words } = scene;
  const { view } = store.state;
  const names = runNames(view);
  const inside = within.flatMap((isIn, place) => (isIn ? [place] : []));
  return (
    <Alternative
      t={t}
      title={t('Table of the axes')}
      summary={words.within(inside.length, within.length, shown.length)}
      heads={[words.one, ...shown.map(({ name }) => name)]}
      rows={() =>
        inside.map(place => [
          markedName(scene, view.runs[place]!.id, names[place]!),
          ...shown.map(field => cellText(field, place))
        ])
      }
    />
  );
}

function cellText(field: Field, place: number): string {
  const number = field.numbers[place]!;
  return field.words || field.isTime
    ? textAt(field, number)
    : isNaN(number)
      ? ''
      : oneLine(valueText(number));
}
