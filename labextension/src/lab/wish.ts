// What a command is asked to do; anyone can call a command, with anything.
import type { RunQuery } from '../contract.gen';

export interface Wish {
  workspace?: string;
  run?: string;
  runs?: string[];
  query?: RunQuery;
  dataset?: string;
  version?: number;
}

/** The arguments that have their form; others are as if they were not given. */
export function wishOf(args: object): Wish {
  const { workspace, run, runs, query, dataset, version } = args as Record<string, unknown>;
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  return {
    workspace: isText(workspace) ? workspace : undefined,
    run: isText(run) ? run : undefined,
    runs: Array.isArray(runs) && runs.length > 0 && runs.every(isText) ? runs : undefined,
    query:
      typeof query === 'object' && query !== null && !Array.isArray(query)
        ? (query as RunQuery)
        : undefined,
    dataset: isText(dataset) ? dataset : undefined,
    version: Number.isSafeInteger(version) ? (version as number) : undefined
  };
}

/** The run to cancel, where it is named in full. */
export function cancelWish({ workspace, run }: Wish): { workspace: string; run: string } | null {
  return workspace !== undefined && run !== undefined ? { workspace, run } : null;
}

/** Ids that were typed with blanks or commas between them, each once. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}
