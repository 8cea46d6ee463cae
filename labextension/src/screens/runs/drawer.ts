// A place below a screen for another one, where the host has none.
import { button } from '../../ui/control';
import { div, element, fill } from '../../ui/element';
import type { Translate } from '../../ui/host';
import type { RunSnapshot } from '../../ui/snapshot';
import { VERSION } from '../../ui/snapshot';
import { TERMINAL } from '../../ui/status';
import type { ComparedRunView, RunRowView } from '../../contract.gen';

interface Closing {
  dispose(): void;
}

export class Drawer {
  readonly node = div('aml-drawer');
  #shown: Closing | null = null;
  /** Where the focus was before. */
  #from: HTMLElement | null = null;

  constructor(private readonly t: Translate) {}

  open(title: string, mount: (parent: HTMLElement) => Closing): void {
    if (!this.#shown) {
      this.#from = document.activeElement as HTMLElement | null;
    }
    this.#shown?.dispose();
    const close = button('✕', () => this.close(), {
      class: 'aml-close',
      'aria-label': this.t('Close %1', title)
    });
    const inside = div();
    fill(this.node, div('aml-drawer-head', element('h3', {}, [title]), close), inside);
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
    fill(this.node);
  }
}

/** What a table does not tell of a run. */
const UNKNOWN = {
  ...{
    type: null,
    target: '',
    reason: '',
    error: null,
    description: '',
    starred: false,
    archived: false,
    attempt: 1,
    parent: null,
    created: null,
    started: null,
    ended: null
  },
  ...{
    params: {},
    tags: {},
    images: [],
    files: [],
    children: [],
    log_tail: [],
    log_size: 0,
    warnings: []
  }
};
const SCALAR = {
  kind: 'scalar',
  count: 1,
  low: null,
  high: null,
  points: null,
  table: null,
  matrix: null,
  charts: [],
  files: []
};

/** What is known of a run from a table, until more comes. */
export function runSnapshot(
  workspace: string,
  row: ComparedRunView & Partial<RunRowView>
): RunSnapshot {
  const metrics = Object.entries(row.metrics ?? {}).map(([name, last]) => ({
    ...SCALAR,
    name,
    last
  }));
  return {
    version: VERSION,
    workspace,
    view: { ...UNKNOWN, ...row, is_terminal: TERMINAL.has(row.status), metrics }
  };
}
