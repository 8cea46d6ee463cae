// What the panel remembers from one page to the next, in this browser.

export interface Kept {
  workspace: string | null;
  /** The experiment whose runs are shown, by workspace; an empty name stands for all runs. */
  experiments: Readonly<Record<string, string>>;
  isArchiveOpen: boolean;
  isSweepsOpen: boolean;
  isPipelinesOpen: boolean;
  isSchedulesOpen: boolean;
  isComputesOpen: boolean;
  isDataOpen: boolean;
  isModelsOpen: boolean;
  isServicesOpen: boolean;
}

const KEY = 'aml-magics:side-panel';
const NOTHING: Kept = {
  workspace: null,
  experiments: {},
  isArchiveOpen: false,
  isSweepsOpen: false,
  isPipelinesOpen: false,
  isSchedulesOpen: false,
  isComputesOpen: false,
  isDataOpen: false,
  isModelsOpen: false,
  isServicesOpen: false
};

/** What was kept; what cannot be read is as if nothing were. */
export function recall(): Kept {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof found === 'object' && found !== null ? sound(found) : NOTHING;
  } catch {
    return NOTHING;
  }
}

export function remember(kept: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing: the next page begins anew.
  }
}

function sound(found: Partial<Record<keyof Kept, unknown>>): Kept {
  const { workspace, experiments } = found;
  return {
    workspace: typeof workspace === 'string' ? workspace : null,
    experiments: Object.fromEntries(
      Object.entries(typeof experiments === 'object' ? (experiments ?? {}) : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string'
      )
    ),
    isArchiveOpen: found.isArchiveOpen === true,
    isSweepsOpen: found.isSweepsOpen === true,
    isPipelinesOpen: found.isPipelinesOpen === true,
    isSchedulesOpen: found.isSchedulesOpen === true,
    isComputesOpen: found.isComputesOpen === true,
    isDataOpen: found.isDataOpen === true,
    isModelsOpen: found.isModelsOpen === true,
    isServicesOpen: found.isServicesOpen === true
  };
}
