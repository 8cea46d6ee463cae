// Addresses of the server extension. Names are the user's: each is one part of the path, whatever it holds.
import { Refusal } from './refusal';

export const BASE = 'aml-magics/api/';

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

/** Where a question is asked; what is asked is in the body. */
export function questionAddress(workspace: string, kind: string): string {
  return path('workspaces', workspace, 'ask', kind);
}

/** Where a subject is followed; which one is in the body. */
export function eventsAddress(workspace: string, kind: string): string {
  return path('workspaces', workspace, 'follow', kind);
}

/** Where a file of a run is downloaded; a folder of it is a part of the path. */
export function fileAddress(workspace: string, run: string, file: string): string {
  return path('workspaces', workspace, 'runs', run, 'files', ...file.split('/'));
}
