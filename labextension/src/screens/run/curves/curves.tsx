// The curves of a run: charts in sections, of one metric each or of those that the reader put together.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { MetricView } from '../../../contract.gen';
import { Part } from '../../../ui/boundary';
import { Button } from '../../../ui/controls';
import { oneLine } from '../../../ui/format';
import { MenuButton } from '../../../ui/popup/menu';
import { isLogged } from '../../../ui/metric/metric';
import { Store } from '../../../ui/store';
import { combined, entriesOf, FEW, idOf, pairsOf, sectionsOf } from './choices';
import type { ChartChoices, ChartEntry, Section } from './choices';
import { CurveControls, useGhosts } from './controls';
import type { Sight } from './figure';
import { useKept } from './kept';
import { CurveSection, type SectionProps } from './section';
import { inOrder, type Scene } from '../state';

export function Curves(scene: Scene): JSX.Element | null {
  const { t, store, choose } = scene;
  const { view, book, choices } = store.state;
  const sight = useMemo(() => new Store<Sight>({ cursor: null }), []);
  const { ghosts, note } = useGhosts(scene, choices.ghosts);
  const problem = useKept(scene);
  const drawn = inOrder(view.metrics.filter(({ name }) => book.has(name))).filter(
    metric => !isLogged(metric)
  );
  if (drawn.length === 0) {
    return null;
  }
  const change = (some: Partial<ChartChoices>): void =>
    choose({ choices: { ...store.state.choices, ...some } });
  const names = drawn.map(({ name }) => name);
  const entries = entriesOf(names, choices);
  const sections = sectionsOf(entries, choices);
  const shared: Omit<SectionProps, 'section'> = {
    ...{ scene, sight, choices, change, ghosts, entries },
    metrics: new Map(drawn.map((metric): [string, MetricView] => [metric.name, metric])),
    height: heightOf(sections),
    isShared: sections.every(({ charts }) => charts.length <= FEW)
  };
  return (
    <section aria-label={t('Curves')}>
      <div class="aml-run-head">
        <h3>{t('Curves')}</h3>
        {entries.length > FEW && <Filter scene={scene} filter={choices.filter} change={change} />}
        <Pairs {...{ scene, choices, entries, change }} />
        <Hidden {...{ scene, choices, entries, change }} />
        <CurveControls
          {...{ scene, choices, names, change }}
          note={[note, problem].filter(Boolean).join(' ')}
        />
      </div>
      {sections.map(section => (
        <Part key={section.id} t={t}>
          <CurveSection {...shared} section={section} />
        </Part>
      ))}
    </section>
  );
}

/** Pixels of a plot: what stands alone may be higher. */
function heightOf(sections: readonly Section[]): number {
  const open = sections.filter(section => !section.isFolded);
  const count = open.reduce((sum, { charts }) => sum + charts.length, 0);
  return count === 1 ? 240 : count <= 3 ? 190 : 150;
}

interface HeadProps {
  scene: Scene;
  choices: ChartChoices;
  entries: readonly ChartEntry[];
  change: (change: Partial<ChartChoices>) => void;
}

function Filter(props: { scene: Scene; filter: string; change: HeadProps['change'] }): JSX.Element {
  const { scene, filter, change } = props;
  return (
    <input
      type="search"
      placeholder={scene.t('filter')}
      aria-label={scene.t('Show only curves whose name holds')}
      value={filter}
      onInput={event => change({ filter: event.currentTarget.value })}
    />
  );
}

/** Offers to put what belongs together into one chart. */
function Pairs({ scene, choices, entries, change }: HeadProps): JSX.Element | null {
  const { t } = scene;
  const pairs = pairsOf(entries);
  if (pairs.length === 0) {
    return null;
  }
  const words = pairs.map(names => oneLine(idOf(names)));
  const combine = (): void =>
    change(
      pairs.reduce(
        (after, names) => combined(after, ...names.map(name => ({ id: name, names: [name] }))),
        choices
      )
    );
  return (
    <Button click={combine} title={words.join(', ')}>
      {pairs.length === 1 ? t('Combine %1', words[0]!) : t('Combine %1 pairs', pairs.length)}
    </Button>
  );
}

/** Brings back what was hidden. */
function Hidden({ scene, choices, entries, change }: HeadProps): JSX.Element | null {
  const { t } = scene;
  const { hidden } = choices;
  const there = entries.filter(({ id }) => hidden.includes(id));
  if (there.length === 0) {
    return null;
  }
  const items = there.map(({ id }) => ({
    label: t('Show %1', oneLine(id)),
    act: () => change({ hidden: hidden.filter(each => each !== id) })
  }));
  const all = { label: t('Show all'), act: () => change({ hidden: [] }) };
  return (
    <MenuButton
      t={t}
      label={t('Hidden charts')}
      groups={there.length > 1 ? [[all], items] : [items]}
    >
      {t('%1 hidden', there.length)}
    </MenuButton>
  );
}
