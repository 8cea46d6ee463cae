// A place below a screen for another one, where the host has none.
import { element, fill } from '../element';
import type { Translate } from '../host';
import type { RunSnapshot } from '../snapshot';
import { VERSION } from '../snapshot';
import { TERMINAL } from '../status';
import type { ComparedRunView, JsonScalar, MetricView, RunRowView, RunView } from '../view';

interface Closing {
  dispose(): void;
}

export class Drawer {
  readonly element = element('div', { class: 'aml-drawer' });
  #shown: Closing | null = null;
  /** Where the focus was before. */
  #from: HTMLElement | null = null;

  constructor(private readonly t: Translate) {}

  open(title: string, mount: (parent: HTMLElement) => Closing): void {
    if (!this.#shown) {
      this.#from = document.activeElement as HTMLElement | null;
    }
    this.#shown?.dispose();
    const close = element('button', { type: 'button', class: 'aml-close', 'aria-label': this.t('Close %1', title) }, ['✕'], { click: () => this.close() });
    const inside = element('div');
    fill(this.element, element('div', { class: 'aml-drawer-head' }, [element('h3', {}, [title]), close]), inside);
    this.#shown = mount(inside);
    close.focus();
  }

  close(): void {
    this.dispose();
    this.#from?.focus();
  }

  dispose(): void {
    this.#shown?.dispose();
    this.#shown = null;
    fill(this.element);
  }
}

/** What is known of a run from a table, until more comes. */
export function runSnapshot(workspace: string, row: ComparedRunView & Partial<RunRowView>): RunSnapshot {
  const metrics = Object.entries(row.metrics ?? {}).map(([name, last]) => metricView(name, last));
  const view: RunView = {
    id: row.id,
    short_id: row.short_id,
    number: row.number,
    name: row.name,
    experiment: row.experiment,
    type: null,
    target: '',
    status: row.status,
    is_terminal: TERMINAL.has(row.status),
    reason: row.reason ?? '',
    error: null,
    description: '',
    attempt: 1,
    parent: null,
    created: null,
    started: row.started ?? null,
    ended: null,
    elapsed: row.elapsed,
    params: row.params ?? {},
    tags: row.tags ?? {},
    metrics,
    images: [],
    files: [],
    children: [],
    log_tail: [],
    log_size: 0,
    warnings: []
  };
  return { version: VERSION, workspace, view };
}

function metricView(name: string, last: JsonScalar): MetricView {
  return { name, kind: 'scalar', count: 1, last, low: null, high: null, points: null, table: null, matrix: null, charts: [], files: [] };
}
