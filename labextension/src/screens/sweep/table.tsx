// The trials in the one grid there is: only rows that are seen are drawn.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { SweepParameterView, SweepTrialView } from '../../contract.gen';
import { Button, Checkbox, Muted, Status } from '../../ui/controls';
import { runsCode } from '../../ui/code';
import { useNow } from '../../ui/clock';
import { oneLine, printable, secondsText, valueText, wordsOf } from '../../ui/format';
import { Grid, nextSort, type GridColumn, type GridSelection } from '../../ui/grid';
import type { Translate } from '../../ui/host';
import type { SweepProps } from './head';
import { canAct, insertValues, secondsBetween } from './state';
import { plainName, runOf, sorted, valueAt } from './trials';

export function Table({ scene, state }: SweepProps): JSX.Element {
  const { host, store, picked } = scene;
  const { t } = host;
  const { view, sort } = state;
  const { parameters, metric } = view;
  const columns = useMemo(
    () => columnsOf(parameters, metric, t),
    [JSON.stringify([metric, parameters])]
  );
  const isOnly = state.isOnly && picked.ids.size > 0;
  const rows = useMemo(() => {
    const all = sorted(view.trials, sort);
    return isOnly ? all.filter(trial => picked.ids.has(runOf(view, trial))) : all;
  }, [view.trials, sort, isOnly && [...picked.ids].join()]);
  const bestNumber = view.best?.number;
  return (
    <>
      <Selected scene={scene} state={state} />
      {view.trials.length === 0 && <Muted>{t('No trial has begun.')}</Muted>}
      <Grid<SweepTrialView>
        {...{ t, columns, sort, cell: state.link === 'live' ? drawnLive : drawn }}
        label={t('Trials')}
        class="aml-sweep-grid"
        sticky={1}
        hasTicks
        count={rows.length}
        rowAt={index => rows[index]}
        keyOf={trial => String(trial.number)}
        rowClass={({ number, is_early }) =>
          [number === bestNumber && 'aml-sweep-best-row', is_early && 'aml-sweep-early']
            .filter(Boolean)
            .join(' ')
        }
        onSort={column => store.set({ sort: nextSort(sort, column) ?? sort })}
        onOpen={trial => {
          const run = scene.compared.store.state.view.runs.find(
            ({ id }) => id === runOf(view, trial)
          );
          if (run) {
            scene.compared.open(run);
          }
        }}
        onLook={trial => host.look?.(trial ? { kind: 'run', run: runOf(view, trial) } : null)}
        selection={selectionOf(scene, rows)}
        copied={(trial, column) =>
          trial === undefined ? '' : column ? textOf(trial, column.key) : runOf(view, trial)
        }
      />
      {view.more > 0 && <Muted>{t('and %1 more trials', view.more)}</Muted>}
    </>
  );
}

/** Trials are selected as runs, by their ids. */
function selectionOf(
  { picked, store }: SweepProps['scene'],
  rows: readonly SweepTrialView[]
): GridSelection<SweepTrialView> {
  const { view } = store.state;
  const ids = rows.map(trial => runOf(view, trial));
  const isAll = ids.length > 0 && ids.every(id => picked.ids.has(id));
  return {
    isSelected: trial => picked.ids.has(runOf(view, trial)),
    toggle: index => {
      const id = ids[index];
      if (id !== undefined) {
        picked.toggle([id], id);
      }
    },
    extend: index => {
      const from = picked.anchor === null ? -1 : ids.indexOf(picked.anchor);
      const [first, last] =
        from < 0 ? [index, index] : [Math.min(from, index), Math.max(from, index)];
      picked.add(ids.slice(first, last + 1));
    },
    all: isToggle => picked.set(isToggle && isAll ? [] : ids),
    isAll
  };
}

/** What is brushed or picked, and what can be done with it. */
function Selected({ scene, state }: SweepProps): JSX.Element {
  const { host, picked, store } = scene;
  const { t, insert } = host;
  const ids = picked.get();
  const [only] = ids.length === 1 ? ids : [];
  const number = state.view.trials.find(trial => runOf(state.view, trial) === only)?.number;
  const asFrame = (): void => {
    try {
      insert!(runsCode(ids), true);
    } catch (error) {
      store.set({ problem: printable(wordsOf(error)) });
    }
  };
  return (
    <div class="aml-toolbar" role="status">
      <span>
        {ids.length === 0
          ? t('Brush the axes of “Parallel”, or tick trials, to select them.')
          : t('%1 trials are selected', ids.length)}
      </span>
      {ids.length > 0 && (
        <>
          <Checkbox isOn={state.isOnly} change={isOnly => store.set({ isOnly })}>
            {t('Show no others')}
          </Checkbox>
          <Button click={() => clear(scene)}>{t('Clear')}</Button>
          {insert && canAct(state) && <Button click={asFrame}>{t('To DataFrame')}</Button>}
          {insert && canAct(state) && number !== undefined && (
            <Button click={() => void insertValues(scene, number)}>{t('Insert its values')}</Button>
          )}
        </>
      )}
    </div>
  );
}

/** Select nothing, neither by ticks nor by ranges. */
function clear({ picked, compared }: SweepProps['scene']): void {
  compared.change({ ranges: new Map(), selectedBefore: null });
  picked.set([]);
}

export function columnsOf(
  parameters: readonly SweepParameterView[],
  metric: string,
  t: Translate
): GridColumn[] {
  const column = { isSortable: true, isNumeric: true };
  return [
    { ...column, key: 'number', title: t('Trial'), width: 76 },
    { ...column, key: 'metric', title: oneLine(metric), width: 110 },
    { ...column, key: 'status', title: t('Status'), width: 130, isNumeric: false },
    ...parameters.map(({ name, expression }, at) => ({
      ...{ ...column, key: `params.${at}`, title: oneLine(plainName(name)), width: 120 },
      hint: oneLine(`${name} = ${expression}`)
    })),
    { ...column, key: 'seconds', title: t('Time'), width: 90 }
  ];
}

export function textOf(trial: SweepTrialView, column: string): string {
  return column === 'seconds'
    ? secondsText(trial.seconds)
    : oneLine(valueText(valueAt(trial, column)));
}

function drawn(trial: SweepTrialView, { key }: GridColumn): JSX.Element {
  const text = textOf(trial, key);
  if (key === 'number') {
    return <span class="aml-open">{text}</span>;
  }
  if (key !== 'status') {
    return <span title={text}>{text}</span>;
  }
  const reason = oneLine(trial.reason);
  return trial.is_early ? (
    <span class="aml-muted" title={reason}>
      ■ {text}
    </span>
  ) : (
    <span title={reason}>
      <Status status={trial.status} />
    </span>
  );
}

/** The same with the time of a trial that goes on counted. */
function drawnLive(trial: SweepTrialView, column: GridColumn): JSX.Element {
  const isOn = trial.started !== null && trial.seconds === null;
  return column.key === 'seconds' && isOn ? <Counted trial={trial} /> : drawn(trial, column);
}

function Counted({ trial }: { trial: SweepTrialView }): JSX.Element {
  const now = useNow(true, 1_000);
  return <span>{secondsText(secondsBetween(trial.started, now)).replace(/\.\d s$/, ' s')}</span>;
}
