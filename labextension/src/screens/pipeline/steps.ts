// The steps of a pipeline as the nodes of a graph, and what is said of each in a line.
import type { PipelineEdgeView, PipelineStepView, PipelineView } from '../../contract.gen';
import { secondsText } from '../../ui/format';
import type { GraphEdge, GraphNode } from '../../ui/graph';
import type { Translate } from '../../ui/host';
import { TERMINAL } from '../../ui/status';

/** Seconds from a moment to now; null where it has not come. */
export function secondsSince(started: string | null, now: number): number | null {
  return started === null ? null : Math.max(0, (now - Date.parse(started)) / 1_000);
}

export function isGoingOn({ status, started }: PipelineStepView): boolean {
  return started !== null && !TERMINAL.has(status);
}

/** How long a step took or has taken, or what it waits for. */
export function timeText(step: PipelineStepView, now: number, t: Translate): string {
  if (step.decision === 'reused') {
    return t('reused');
  }
  if (step.decision === 'skipped') {
    return t('skipped');
  }
  if (isGoingOn(step)) {
    return wholeSeconds(secondsSince(step.started, now));
  }
  if (step.status === 'Queued') {
    return t('waits for a free slot');
  }
  return TERMINAL.has(step.status) ? secondsText(step.seconds) : t('waits');
}

/** A duration that is counted, whose tenths would only flicker. */
export function wholeSeconds(seconds: number | null): string {
  return secondsText(seconds).replace(/\.\d s$/, ' s');
}

/** The line below the title of a step. */
export function noteText(step: PipelineStepView, now: number, t: Translate): string {
  const tries = step.tries > 1 ? t('try %1', step.tries) : '';
  return [step.kind, timeText(step, now, t), tries].filter(Boolean).join(' · ');
}

/** The names of the steps that one still waits for. */
export function waitedFor({ steps, edges }: PipelineView, id: string): string[] {
  const before = new Set(edges.filter(({ target }) => target === id).map(({ source }) => source));
  return steps
    .filter(step => before.has(step.id) && !TERMINAL.has(step.status))
    .map(({ name }) => name);
}

/** Nodes by step; one whose step and line stay the same stays the same object, and is not drawn again. */
export class NodeCache {
  readonly #known = new Map<string, { step: PipelineStepView; node: GraphNode }>();

  nodesOf(steps: readonly PipelineStepView[], now: number, t: Translate): GraphNode[] {
    return steps.map(step => {
      const note = noteText(step, now, t);
      const known = this.#known.get(step.id);
      if (known?.step === step && known.node.note === note) {
        return known.node;
      }
      const node = nodeOf(step, note);
      this.#known.set(step.id, { step, node });
      return node;
    });
  }
}

function nodeOf(step: PipelineStepView, note: string): GraphNode {
  return {
    ...{ id: step.id, title: step.name, note, status: step.status },
    class: step.decision === 'reused' ? 'aml-pipeline-reused' : undefined,
    words: [note, step.reason].filter(Boolean).join(', '),
    inputs: step.inputs.map(name => ({ name })),
    outputs: step.outputs.map(name => ({ name }))
  };
}

export function edgesOf(edges: readonly PipelineEdgeView[]): GraphEdge[] {
  return edges.map(({ source, output, target, input }) => ({
    from: { node: source, port: output },
    to: { node: target, port: input },
    isOrder: output === null
  }));
}
