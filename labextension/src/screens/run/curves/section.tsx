// Charts that belong together below a head that folds them away.
import type { JSX } from 'preact';
import type { GhostView, MetricView } from '../../../contract.gen';
import { Part } from '../../../ui/boundary';
import { Button, Limited } from '../../../ui/controls';
import { oneLine } from '../../../ui/format';
import type { MenuEntry, MenuGroups } from '../../../ui/popup/menu';
import type { Store } from '../../../ui/store';
import { combined, moved, pairsOf, split, toggled } from './choices';
import type { ChartChoices, ChartEntry, Section } from './choices';
import type { DropSide } from './drag';
import { CurveFigure, type Sight } from './figure';
import type { Scene } from '../state';

/** Charts of a section that are there at first, and metrics that a menu offers to combine with. */
const SHOWN = 12;
const OFFERED = 8;

export interface SectionProps {
  scene: Scene;
  sight: Store<Sight>;
  choices: ChartChoices;
  change: (change: Partial<ChartChoices>) => void;
  section: Section;
  /** All charts of the run. */
  entries: readonly ChartEntry[];
  metrics: ReadonlyMap<string, MetricView>;
  ghosts: readonly GhostView[];
  height: number;
  /** Whether the charts share the width among them. */
  isShared: boolean;
}

export function CurveSection(props: SectionProps): JSX.Element {
  const { scene, section, choices, change, isShared } = props;
  const { t } = scene;
  const { id, title, charts, isFolded } = section;
  const fold = (): void => change({ isFolded: { ...choices.isFolded, [id]: !isFolded } });
  return (
    <div class="aml-run-section">
      {title && (
        <h4>
          <Button class="aml-run-fold" aria-expanded={!isFolded} click={fold}>
            {`${isFolded ? '▸' : '▾'} ${oneLine(title)} `}
            <span class="aml-muted">{charts.length}</span>
          </Button>
        </h4>
      )}
      {!isFolded && (
        <Limited
          t={t}
          items={charts}
          limit={SHOWN}
          draw={(shown, more) => (
            <>
              <div class={`aml-run-grid${isShared ? ' aml-run-share' : ''}`}>
                {shown.map(chart => (
                  <Part key={chart.id} t={t}>
                    <Figure {...props} chart={chart} />
                  </Part>
                ))}
              </div>
              {more}
            </>
          )}
        />
      )}
    </div>
  );
}

function Figure(props: SectionProps & { chart: ChartEntry }): JSX.Element {
  const { choices, change, chart, section, entries } = props;
  const dropped = (id: string, side: DropSide): void => {
    const other = entries.find(entry => entry.id === id);
    if (!other || id === chart.id) {
      return;
    }
    if (side === 'into') {
      change(combined(choices, chart, other));
      return;
    }
    const place = section.charts.findIndex(each => each.id === chart.id);
    const next = section.charts[place + 1]?.id ?? null;
    change(moved(choices, section.charts, id, side === 'before' ? chart.id : next));
  };
  return (
    <CurveFigure
      {...props}
      isWide={choices.wide.includes(chart.id)}
      toggleWide={() => change(toggled(choices, 'wide', chart.id))}
      menu={() => menuOf(props)}
      dropped={dropped}
    />
  );
}

function menuOf(props: SectionProps & { chart: ChartEntry }): MenuGroups {
  const { scene, choices, change, chart, section, entries } = props;
  const { t } = scene;
  const { charts } = section;
  const place = charts.findIndex(each => each.id === chart.id);
  const move = (before: string | null): void => change(moved(choices, charts, chart.id, before));
  const pair = pairsOf(entries).find(names => names.includes(chart.id)) ?? [];
  const others = entries
    .filter(each => each.id !== chart.id)
    .sort((one, other) => Number(pair.includes(other.id)) - Number(pair.includes(one.id)));
  const whole: MenuEntry[] =
    chart.names.length > 1
      ? [
          {
            label: t('Split into %1 charts', chart.names.length),
            act: () => change(split(choices, chart))
          }
        ]
      : [];
  return [
    [
      {
        label: t('Pin to the top'),
        isOn: choices.pinned.includes(chart.id),
        act: () => change(toggled(choices, 'pinned', chart.id))
      },
      {
        label: t('Move before'),
        isDisabled: place === 0,
        act: () => move(charts[place - 1]!.id)
      },
      {
        label: t('Move behind'),
        isDisabled: place === charts.length - 1,
        act: () => move(charts[place + 2]?.id ?? null)
      },
      { label: t('Hide'), act: () => change(toggled(choices, 'hidden', chart.id)) }
    ],
    [
      ...whole,
      ...others.slice(0, OFFERED).map(other => ({
        label: t('Combine with %1', other.id),
        act: () => change(combined(choices, chart, other))
      }))
    ]
  ];
}
