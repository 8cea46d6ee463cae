// The steps as a table, with the time of each as a bar.
import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PipelineStepView, PipelineView } from '../../contract.gen';
import { useNow } from '../../ui/clock';
import { Status } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import { Grid, nextSort, type GridColumn, type Sort } from '../../ui/grid';
import type { Translate } from '../../ui/host';
import { tone } from '../../ui/status';
import { openRun, type PipelineProps } from './state';
import { isGoingOn, secondsSince, timeText } from './steps';

export function Table({ scene, state }: PipelineProps): JSX.Element {
  const { host, store } = scene;
  const { t } = host;
  const { view, sort, link } = state;
  const now = useNow(link === 'live' && view.steps.some(isGoingOn), 1_000);
  const columns = useMemo(() => columnsOf(t), []);
  const rows = useMemo(() => sorted(view.steps, sort), [view.steps, sort]);
  const span = spanOf(view, now);
  return (
    <Grid<PipelineStepView>
      {...{ t, columns, sort }}
      label={t('Steps')}
      class="aml-pipeline-grid"
      sticky={1}
      count={rows.length}
      rowAt={index => rows[index]}
      keyOf={({ id }) => id}
      cell={(step, { key }) => cellOf(step, key, now, span, t)}
      onSort={column => scene.choose({ sort: nextSort(sort, column) })}
      onOpen={step => openRun(scene, step)}
      onLook={step => {
        store.set({ chosen: step?.id ?? null });
        host.look?.(step ? { kind: 'run', run: step.run } : null);
      }}
      copied={(step, column) => (step ? textOf(step, column?.key ?? 'run') : '')}
    />
  );
}

function columnsOf(t: Translate): GridColumn[] {
  return [
    { key: 'name', title: t('Step'), width: 170, isSortable: true },
    { key: 'status', title: t('Status'), width: 120, isSortable: true },
    { key: 'seconds', title: t('Time'), width: 110, isSortable: true, isNumeric: true },
    { key: 'bar', title: t('When'), width: 190 },
    { key: 'reuse', title: t('Reuse'), width: 300 },
    { key: 'target', title: t('Compute'), width: 110, isSortable: true },
    { key: 'kind', title: t('Kind'), width: 130, isSortable: true },
    { key: 'reason', title: t('Reason'), width: 220 }
  ];
}

/** What a column is sorted by, and what of it is copied. */
export function textOf(step: PipelineStepView, key: string): string {
  const value = step[key as keyof PipelineStepView];
  return value === null || value === undefined ? '' : oneLine(String(value));
}

export function sorted(
  steps: readonly PipelineStepView[],
  sort: Sort | null
): readonly PipelineStepView[] {
  if (sort === null) {
    return steps;
  }
  const way = sort.descending ? -1 : 1;
  const words = new Intl.Collator(undefined, { numeric: true });
  return [...steps].sort((one, other) =>
    sort.column === 'seconds'
      ? way * ((one.seconds ?? -1) - (other.seconds ?? -1))
      : way * words.compare(textOf(one, sort.column), textOf(other, sort.column))
  );
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** From the first step that began to the end, or to now; in milliseconds. */
export function spanOf({ steps, ended }: PipelineView, now: number): Span | null {
  const starts = steps.flatMap(({ started }) => (started === null ? [] : [Date.parse(started)]));
  const from = Math.min(...starts);
  const to = ended === null ? now : Date.parse(ended);
  return starts.length > 0 && to > from ? { from, to } : null;
}

/** Where the bar of a step begins and how long it is, in parts of the span. */
export function barOf(
  step: PipelineStepView,
  span: Span,
  now: number
): { left: number; width: number } | null {
  if (step.started === null || step.decision === 'reused') {
    return null;
  }
  const whole = span.to - span.from;
  const seconds = step.seconds ?? secondsSince(step.started, now) ?? 0;
  const left = Math.min(1, Math.max(0, (Date.parse(step.started) - span.from) / whole));
  return { left, width: Math.min(1 - left, (1_000 * seconds) / whole) };
}

function cellOf(
  step: PipelineStepView,
  key: string,
  now: number,
  span: Span | null,
  t: Translate
): ComponentChildren {
  switch (key) {
    case 'name':
      return <span class="aml-open">{oneLine(step.name)}</span>;
    case 'status':
      return <Status status={step.status} />;
    case 'seconds':
      return timeText(step, now, t);
    case 'bar':
      return <Bar step={step} span={span} now={now} />;
    default:
      return <span title={textOf(step, key)}>{textOf(step, key)}</span>;
  }
}

function Bar(props: {
  step: PipelineStepView;
  span: Span | null;
  now: number;
}): JSX.Element | null {
  const { step, span, now } = props;
  const bar = span && barOf(step, span, now);
  return (
    bar && (
      <span class={`aml-pipeline-bar ${tone(step.status)}`} aria-hidden="true">
        <span style={{ left: `${100 * bar.left}%`, width: `${100 * bar.width}%` }} />
      </span>
    )
  );
}
