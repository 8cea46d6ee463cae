// The content of the side panel: what runs, the experiments, the data, and the runs of an experiment.
import { element, fill, setText } from '../../ui/element';
import { nameOf, oneLine } from '../../ui/format';
import { statusText, tone } from '../../ui/status';
import { wordsOf } from '../../ui/boundary';
import type { ActiveRun, Host, Workspaces } from '../../ui/host';
import { PanelData } from './panel_data';
import { keep } from './panel_list';
import type { ExperimentRowView } from '../../contract.gen';

/** Between two looks at the experiments, while runs come and go. */
const PAUSE = 1_000;
const WHILE_RUNNING = 5_000;
/** Until the next look where the last one failed. */
const RETRY = 5_000;

export class PanelView {
  private readonly picker: HTMLSelectElement;
  private readonly running = element('ul', { class: 'aml-panel-list' });
  private readonly runningPart: HTMLElement;
  private readonly experiments = element('ul', { class: 'aml-panel-list' });
  private readonly message = element('div', {
    class: 'aml-message aml-bad',
    role: 'status',
    hidden: true
  });
  private readonly heading = element('h3', {}, []);
  private readonly table = element('div', { class: 'aml-panel-table' });
  private screen: { dispose(): void } | null = null;
  private workspace: string | null = null;
  private experiment = '';
  private unwatch: (() => void) | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isLooking = false;
  private isStale = false;
  private readonly data: PanelData;
  /** Runs make data: once others run, there may be more of it. */
  private isDataStale = true;
  private ran = '';

  constructor(
    node: HTMLElement,
    private readonly host: Host,
    private readonly all: Workspaces
  ) {
    const { t } = host;
    this.picker = element('select', { 'aria-label': t('Workspace'), hidden: true }, [], {
      change: () => this.choose(this.picker.value)
    });
    this.runningPart = element('section', { 'aria-label': t('Running'), hidden: true }, [
      element('h3', {}, [t('Running')]),
      this.running
    ]);
    const experiments = element('section', { 'aria-label': t('Experiments') }, [
      element('h3', {}, [t('Experiments')]),
      this.experiments
    ]);
    this.data = new PanelData(host, all);
    const runs = element('section', { 'aria-label': t('Runs') }, [this.heading, this.table]);
    node.append(
      element('div', { class: 'aml-ui aml-panel' }, [
        this.picker,
        this.message,
        this.runningPart,
        experiments,
        this.data.node
      ]),
      runs
    );
    runs.classList.add('aml-panel-runs');
    this.heading.hidden = true;
  }

  /** The panel can be seen: it follows what runs, and looks at the experiments when that changes. */
  show(): void {
    this.isDataStale = true;
    this.unwatch ??= this.all.watch(runs => {
      this.showRunning(runs);
      this.lookAfter(0);
    });
  }

  hide(): void {
    this.unwatch?.();
    this.unwatch = null;
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
  }

  dispose(): void {
    this.hide();
    this.screen?.dispose();
  }

  private lookAfter(delay: number): void {
    if (this.isLooking) {
      this.isStale = true;
    } else {
      this.timer ??= setTimeout(() => void this.look(), delay);
    }
  }

  private async look(): Promise<void> {
    this.timer = null;
    this.isLooking = true;
    this.isStale = false;
    // While something runs, counts change without a run that comes or goes.
    let delay = this.running.children.length > 0 ? WHILE_RUNNING : null;
    try {
      this.showWorkspaces(await this.all.names());
      const { workspace } = this;
      const view = workspace === null ? null : await this.all.at(workspace).ask('experiments', {});
      if (workspace === this.workspace) {
        this.showExperiments(view?.rows ?? []);
        this.lookAtData();
      }
      this.message.hidden = true;
    } catch (error) {
      setText(this.message, wordsOf(error));
      this.message.hidden = false;
      delay = RETRY;
    }
    this.isLooking = false;
    delay = this.isStale ? PAUSE : delay;
    if (this.unwatch && delay !== null) {
      this.lookAfter(delay);
    }
  }

  private lookAtData(): void {
    if (this.isDataStale && this.workspace !== null) {
      this.isDataStale = false;
      void this.data.look(this.workspace);
    }
  }

  private choose(workspace: string): void {
    this.workspace = workspace;
    this.picker.value = workspace;
    this.screen?.dispose();
    this.screen = null;
    this.heading.hidden = true;
    this.isDataStale = true;
    this.lookAfter(0);
  }

  private showWorkspaces(names: string[]): void {
    if (this.workspace === null || !names.includes(this.workspace)) {
      this.workspace = names[0] ?? null;
    }
    const known = [...this.picker.options].map(option => option.value);
    if (known.join('\n') !== names.join('\n')) {
      fill(this.picker, ...names.map(name => element('option', { value: name }, [oneLine(name)])));
    }
    this.picker.value = this.workspace ?? '';
    this.picker.hidden = names.length < 2;
  }

  private showRunning(runs: readonly ActiveRun[]): void {
    this.runningPart.hidden = runs.length === 0;
    const key = (run: ActiveRun): string => JSON.stringify([run.workspace, run.id]);
    const ran = runs.map(key).sort().join();
    this.isDataStale ||= ran !== this.ran;
    this.ran = ran;
    keep(this.running, runs, key, (button, run) => {
      setText(button, `${statusText(run.status)} ${nameOf(run)}`);
      button.className = `aml-panel-item ${tone(run.status)}`;
      button.title = oneLine(`${run.experiment} · ${run.short_id}`);
      button.onclick = () => this.all.at(run.workspace).open?.({ kind: 'run', run: run.id });
    });
  }

  private showExperiments(rows: readonly ExperimentRowView[]): void {
    const { t } = this.host;
    const counted = rows.filter(row => !row.is_archived);
    const shown = counted.length > 0 ? [{ name: '', by_status: {}, runs: 0 }, ...counted] : [];
    keep(
      this.experiments,
      shown,
      row => row.name,
      (button, row) => {
        const counts = Object.entries(row.by_status).map(([status, count]) =>
          element('span', { class: `aml-status ${tone(status)}`, title: `${count} ${status}` }, [
            `${statusText(status).split(' ')[0]} ${count}`,
            element('span', { class: 'aml-hidden' }, [` ${status}`])
          ])
        );
        const label = JSON.stringify([row.name, row.by_status]);
        button.className = 'aml-panel-item';
        button.setAttribute(
          'aria-pressed',
          String(this.screen !== null && this.experiment === row.name)
        );
        if (button.dataset['shown'] !== label) {
          button.dataset['shown'] = label;
          fill(
            button,
            element('span', { class: 'aml-panel-name' }, [
              row.name ? oneLine(row.name) : t('All runs')
            ]),
            ...counts
          );
        }
        button.onclick = () => this.openExperiment(row.name);
      }
    );
    if (shown.length === 0) {
      fill(this.experiments, element('li', { class: 'aml-muted' }, [t('There are no runs yet.')]));
    }
  }

  private openExperiment(experiment: string): void {
    if (this.workspace === null) {
      return;
    }
    this.screen?.dispose();
    this.experiment = experiment;
    setText(
      this.heading,
      experiment ? this.host.t('Runs of %1', oneLine(experiment)) : this.host.t('All runs')
    );
    this.heading.hidden = false;
    const query = experiment ? { experiment } : {};
    this.screen = this.all.at(this.workspace).embed(this.table, { kind: 'runs', query });
    for (const button of this.experiments.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.dataset['key'] === experiment));
    }
  }
}
