// Stars, the archive and deletion: what was done is told in words, with the way back.
import type { Answers } from '../../../contract.gen';
import { oneLine } from '../../../ui/format';
import type { Host } from '../../../ui/host';

export type Mark = 'starred' | 'archived';
export type Marks = Answers['update_run'];

/** What was done with a run. */
export interface Done {
  text: string;
  marks: Marks;
}

export async function mark(host: Host, run: string, which: Mark, isOn: boolean): Promise<Done> {
  const marks = await host.ask('update_run', { run, [which]: isOn });
  const words = {
    starred: ['%1 has a star now.', '%1 has no star any more.'],
    archived: ['%1 is archived: lists leave it out.', '%1 is in lists again.']
  }[which];
  return { text: host.t(words[isOn ? 0 : 1]!, oneLine(marks.name)), marks };
}

export async function remove(host: Host, run: string, name: string): Promise<string> {
  await host.ask('delete_runs', { runs: [run] });
  return host.t('Deleted: %1', oneLine(name));
}

export async function restore(host: Host, run: string, name: string): Promise<string> {
  await host.ask('restore_runs', { runs: [run] });
  return host.t('%1 is back.', oneLine(name));
}
