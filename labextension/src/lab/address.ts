// Addresses of the server extension. Names are the user's: each is one part of the path, whatever it holds.
import type { Questions, RunQuery, Subjects } from '../contract.gen';
import { Refusal } from './refusal';

export const BASE = 'aml-magics/api/';

type Value = string | number | boolean | readonly string[] | undefined;

/** `parts` as a path; a name that browsers would take for a step up is refused. */
export function path(...parts: string[]): string {
  return parts
    .map(part => {
      if (part === '' || part === '.' || part === '..') {
        throw new Refusal(
          'gone',
          `The name “${part}” cannot be a part of an address, so it cannot be asked for.`
        );
      }
      return encodeURIComponent(part);
    })
    .join('/');
}

/** `?a=1&b=2` of what has a value; a list gives its name several times. */
export function search(values: Record<string, Value>): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value)
      ? (value as string[])
      : [value as string | number | boolean | undefined]) {
      if (one !== undefined && one !== '') {
        pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(one)}`);
      }
    }
  }
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Where a question is asked. */
export function questionAddress<K extends keyof Questions>(
  workspace: string,
  kind: K,
  question: Questions[K]
): string {
  const of = path('workspaces', workspace);
  if (kind === 'runs') {
    const { query, offset, limit } = question as Questions['runs'];
    return `${of}/runs${search({ ...fields(query), offset, limit })}`;
  }
  if (kind === 'compare') {
    return `${of}/compare${search({ run: (question as Questions['compare']).runs })}`;
  }
  if (kind === 'datasets' || kind === 'experiments') {
    return `${of}/${kind}`;
  }
  if (kind.startsWith('dataset')) {
    return `${of}/${datasetAddress(kind, question as Questions['dataset_diff'])}`;
  }
  const { run, ...rest } = question as Questions['diff'] & Record<string, string | number>;
  if (kind === 'diff') {
    return `${of}/${path('runs', run, 'diff', rest.other)}`;
  }
  if (kind === 'run') {
    return `${of}/${path('runs', run)}`;
  }
  return `${of}/${path('runs', run, kind)}${search(rest)}`;
}

function datasetAddress(
  kind: keyof Questions,
  { dataset, other, ...rest }: Questions['dataset_diff'] & Record<string, string | number>
): string {
  if (kind === 'dataset_diff') {
    return path('datasets', dataset, 'diff', other);
  }
  const more = kind === 'dataset' ? [] : [kind === 'dataset_rows' ? 'rows' : 'profile'];
  return path('datasets', dataset, ...more) + search(rest);
}

/** Whether a question changes something. */
export function isDeed(kind: keyof Questions): boolean {
  return kind === 'cancel' || kind === 'dataset_profile';
}

/** Where a subject is followed. */
export function eventsAddress<K extends keyof Subjects>(
  workspace: string,
  kind: K,
  subject: Subjects[K]
): string {
  const of = path('workspaces', workspace);
  if (kind === 'run') {
    return `${of}/${path('runs', (subject as Subjects['run']).run, 'events')}`;
  }
  if (kind === 'runs') {
    return `${of}/events/runs${search(fields((subject as Subjects['runs']).query))}`;
  }
  return `${of}/events/compare${search({ run: (subject as Subjects['compare']).runs })}`;
}

/** Where a file of a run is downloaded; a folder of it is a part of the path. */
export function fileAddress(workspace: string, run: string, file: string): string {
  return path('workspaces', workspace, 'runs', run, 'files', ...file.split('/'));
}

function fields({
  experiment,
  status,
  filter,
  find,
  sort,
  limit,
  ids,
  parent
}: RunQuery): Record<string, Value> {
  return { experiment, status, filter, find, sort, limit, ids, parent };
}
