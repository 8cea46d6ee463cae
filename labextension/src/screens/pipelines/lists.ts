// The four lists of pipelines: what their rows are, and the columns of each.
import type {
  EndpointView,
  PipelineRowView,
  PipelinesView,
  PublishedPipelineView,
  ScheduleView
} from '../../contract.gen';
import { momentText, secondsText } from '../../ui/format';
import type { GridColumn } from '../../ui/grid';
import type { Subject } from '../../ui/host';

/** A row of any of the lists: texts by column, and what to sort by where that is another. */
export interface Row {
  readonly kind: 'run' | 'published' | 'endpoint' | 'schedule';
  readonly id: string;
  readonly status: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly order: Readonly<Record<string, string | number>>;
  /** What opens it; null where it has no screen. */
  readonly subject: Subject | null;
}

export interface PipelineList {
  readonly id: string;
  readonly title: string;
  /** What stands there instead of an empty table. */
  readonly empty: string;
  readonly columns: readonly GridColumn[];
  rows(view: PipelinesView): readonly Row[];
}

const column = (key: string, title: string, width: number, more: object = {}): GridColumn => ({
  ...{ key, title, width, isSortable: true },
  ...more
});
const NUMBER = { isNumeric: true };

export const LISTS: readonly PipelineList[] = [
  {
    ...{ id: 'runs', title: 'Runs' },
    empty: 'No pipeline has run. Experiment.submit(Pipeline(ws, steps=[…])) runs one.',
    columns: [
      column('name', 'Pipeline', 170),
      column('status', 'Status', 130),
      column('steps', 'Steps', 90, NUMBER),
      column('reused', 'Reused', 80, NUMBER),
      column('failed', 'Failed', 70, NUMBER),
      column('seconds', 'Time', 100, NUMBER),
      column('experiment', 'Experiment', 140),
      column('created', 'Submitted', 180)
    ],
    rows: ({ runs }) => runs.map(runRow)
  },
  {
    ...{ id: 'published', title: 'Published' },
    empty: 'No pipeline is published. pipeline.publish(name="…") publishes one.',
    columns: [
      column('name', 'Pipeline', 180),
      column('status', 'Status', 160),
      column('version', 'Version', 80),
      column('steps', 'Steps', 70, NUMBER),
      column('parameters', 'Parameters', 180),
      column('created', 'Published', 180),
      column('description', 'Description', 220),
      column('id', 'Id', 290)
    ],
    rows: ({ published }) => published.map(publishedRow)
  },
  {
    ...{ id: 'endpoints', title: 'Endpoints' },
    empty:
      'There is no endpoint. PipelineEndpoint.publish(ws, name="…", pipeline=…, description="…") makes one.',
    columns: [
      column('name', 'Endpoint', 180),
      column('status', 'Status', 160),
      column('version', 'Default', 80),
      column('versions', 'Versions', 80, NUMBER),
      column('created', 'Made', 180),
      column('description', 'Description', 220),
      column('id', 'Id', 290)
    ],
    rows: ({ endpoints }) => endpoints.map(endpointRow)
  },
  {
    ...{ id: 'schedules', title: 'Schedules' },
    empty:
      'There is no schedule. Schedule.create(ws, name="…", pipeline_id=…, experiment_name="…", recurrence=…) makes one.',
    columns: [
      column('name', 'Schedule', 160),
      column('status', 'Status', 160),
      column('when', 'When', 220),
      column('next', 'Next', 180),
      column('last', 'Last', 210),
      column('target', 'Runs', 150),
      column('experiment', 'Experiment', 130),
      column('problem', 'Problem', 260)
    ],
    rows: ({ schedules }) => schedules.map(scheduleRow)
  }
];

function runRow(run: PipelineRowView): Row {
  return {
    ...{ kind: 'run', id: run.id, status: run.status, subject: { kind: 'pipeline', run: run.id } },
    texts: {
      ...{ name: run.name, status: run.status, experiment: run.experiment, id: run.id },
      ...{ steps: `${run.done}/${run.total}`, reused: String(run.reused) },
      ...{ failed: String(run.failed), seconds: secondsText(run.seconds) },
      created: momentText(run.created)
    },
    order: {
      ...{ steps: run.total, reused: run.reused, failed: run.failed },
      ...{ seconds: run.seconds ?? -1, created: run.created ?? '' }
    }
  };
}

function publishedRow(one: PublishedPipelineView): Row {
  const { name, status, version, description, id } = one;
  return {
    ...{ kind: 'published', id, status, subject: null },
    texts: {
      ...{ name, status, version, description, id, steps: String(one.steps) },
      ...{ parameters: one.parameters.join(', '), created: momentText(one.created) }
    },
    order: { steps: one.steps, created: one.created ?? '' }
  };
}

function endpointRow(one: EndpointView): Row {
  const { name, status, description, id, default_version: version } = one;
  const versions = Object.keys(one.pipelines).length;
  return {
    ...{ kind: 'endpoint', id, status, subject: null },
    texts: {
      ...{ name, status, version, description, id, versions: String(versions) },
      created: momentText(one.created)
    },
    order: { versions, created: one.created ?? '' }
  };
}

function scheduleRow(one: ScheduleView): Row {
  const { name, status, when, target, experiment, problem, id } = one;
  const last = [one.last, one.last_state].filter(Boolean).join(' · ');
  return {
    ...{ kind: 'schedule', id, status },
    subject: one.last_run === null ? null : { kind: 'pipeline', run: one.last_run },
    texts: {
      name,
      status,
      when,
      target,
      experiment,
      problem,
      id,
      last,
      next: momentText(one.next)
    },
    order: { next: one.next ?? '', last: one.last }
  };
}
