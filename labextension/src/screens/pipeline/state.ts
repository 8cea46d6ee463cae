// What the screen of a pipeline knows, and what it asks for.
import type { PipelineStepView, PipelineView } from '../../contract.gen';
import type { Embedded } from '../runs/below';
import { nameOf, oneLine, printable, wordsOf } from '../../ui/format';
import type { Sort } from '../../ui/grid';
import type { Host, Link } from '../../ui/host';
import type { Store } from '../../ui/store';
import type { NodeCache } from './steps';

export interface PipelineState {
  readonly view: PipelineView;
  readonly link: Link;
  readonly message: string;
  readonly tab: string;
  /** The id of the step that is looked at. */
  readonly chosen: string | null;
  readonly sort: Sort | null;
  /** The run that is compared with; null until the reader chose one. */
  readonly other: string | null;
  readonly isCanceling: boolean;
  /** Why what was asked last could not be done. */
  readonly problem: string;
  /** What stands below, where the host has no place of its own for it. */
  readonly shown: Embedded | null;
}

export interface Scene {
  readonly host: Host;
  readonly store: Store<PipelineState>;
  readonly nodes: NodeCache;
  /** Change what the reader chose, and show it at once. */
  choose(change: Partial<PipelineState>): void;
}

export interface PipelineProps {
  readonly scene: Scene;
  readonly state: PipelineState;
}

/** Whether something can be asked for: nothing can of what is gone, or only kept in a file. */
export function canAct({ link }: PipelineState): boolean {
  return link !== 'still' && link !== 'gone';
}

/** The newer view, whose steps are only those that changed, with all others and with what stays as it is. */
export function merged(before: PipelineView, newer: PipelineView): PipelineView {
  const changed = new Map(newer.steps.map(step => [step.id, step]));
  return {
    ...newer,
    steps: before.steps.map(step => changed.get(step.id) ?? step),
    edges: before.edges,
    parameters: before.parameters
  };
}

/** Show a run in a place of its own, or below. */
export function openRun({ host, choose }: Scene, step: PipelineStepView): void {
  const subject = { kind: 'run', run: step.run };
  if (host.open) {
    host.open(subject);
  } else {
    choose({ shown: { title: host.t('Run of step %1', oneLine(step.name)), subject } });
  }
}

/** End the pipeline with all of its steps. */
export async function cancelPipeline(scene: Scene): Promise<void> {
  const { host, store } = scene;
  scene.choose({ problem: '', isCanceling: true });
  try {
    await host.ask('cancel', { run: store.state.view.id });
  } catch (error) {
    const text = host.t('The pipeline could not be canceled: %1', printable(wordsOf(error)));
    scene.choose({ problem: text, isCanceling: false });
  }
}

/** Run the pipeline again: from a step, or what has not completed. */
export async function rerunPipeline(scene: Scene, step?: string): Promise<void> {
  const { host, store } = scene;
  scene.choose({ problem: '' });
  try {
    const view = await host.ask('pipeline_rerun', { run: store.state.view.id, step });
    const subject = { kind: 'pipeline', run: view.id };
    if (host.open) {
      host.open(subject);
    } else {
      scene.choose({ shown: { title: host.t('Pipeline %1', nameOf(view)), subject } });
    }
  } catch (error) {
    const text = host.t('The pipeline could not be run again: %1', printable(wordsOf(error)));
    scene.choose({ problem: text });
  }
}
