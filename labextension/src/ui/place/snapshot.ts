// What an output of a notebook holds: the last state of a screen, small, and where its data lives.

/** The newest snapshot that this code reads; of a newer one the output's HTML is shown. */
export const VERSION = 1;

export interface Snapshot<V = unknown> {
  version: number;
  workspace: string;
  /** The id of the live ipywidgets model, where a widget was shown. */
  widget?: string;
  view: V;
}

/** What an output would hold of a view that a host was asked for. */
export function snapshotOf<V>(host: { readonly workspace: string }, view: V): Snapshot<V> {
  return { version: VERSION, workspace: host.workspace, view };
}

/**
 * `data` as a `Snapshot`. A notebook's file gives each number of a list its own line, so an output holds its
 * view as JSON text, with the names of fields once for a list of objects. What cannot be read is returned as
 * it is, and `problemOf` says so.
 */
export function unpacked(data: unknown): unknown {
  const { view } = (data ?? {}) as Partial<Snapshot<unknown>>;
  if (typeof view !== 'string') {
    return data;
  }
  try {
    return {
      ...(data as object),
      view: JSON.parse(view, (_, value: unknown) => objects(value)) as unknown
    };
  } catch {
    return data;
  }
}

function objects(value: unknown): unknown {
  const { $fields, $rows } = (value ?? {}) as { $fields?: string[]; $rows?: unknown[][] };
  // A metric may have either name; its points are no lists.
  return Array.isArray($fields) && Array.isArray($rows) && $rows.every(Array.isArray)
    ? $rows.map(row => Object.fromEntries($fields.map((name, place) => [name, row[place]])))
    : value;
}

/** Whether `data`, unpacked, can be drawn; else the text that says why not. */
export function problemOf(data: unknown): string | null {
  if (typeof data !== 'object' || data === null) {
    return 'This output is damaged: it holds no snapshot.';
  }
  const { version, workspace, view } = data as Partial<Snapshot<unknown>>;
  if (typeof version !== 'number') {
    return 'This output is damaged: it does not say its version.';
  }
  if (typeof workspace !== 'string' || typeof view !== 'object' || view === null) {
    return 'This output is damaged: a part of its snapshot is missing.';
  }
  return null;
}
