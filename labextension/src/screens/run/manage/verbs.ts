// What the commands of a run do; loaded with the first of them.
import { oneLine } from '../../../ui/format';
import type { Host, Subject } from '../../../ui/host';
import { textIn, type ScreenAction, type User } from '../../../ui/screen';

type Act = (host: Host, run: string, user: User) => Promise<void>;

const ofRun =
  (act: Act): ScreenAction['act'] =>
  (host, subject, user) =>
    act(host, idOf(subject), user);

function idOf(subject: Subject): string {
  return textIn(subject['run']) ?? '';
}

const rename: Act = async (host, run, user) => {
  const { name } = await host.ask('run', { run });
  const text = await user.ask(host.t('Name of the run'), name);
  if (text !== null && text !== name) {
    await host.ask('update_run', { run, name: text, was: { name } });
    user.tell(host.t('The run is now: %1', oneLine(text)));
  }
};

const note: Act = async (host, run, user) => {
  const { description } = await host.ask('run', { run });
  const text = await user.ask(host.t('Note of the run'), description, true);
  if (text !== null && text !== description) {
    await host.ask('update_run', { run, description: text, was: { description } });
    user.tell(host.t('The note is kept.'));
  }
};

/** `stage=final` sets a tag, `-stage` removes it. */
const tag: Act = async (host, run, user) => {
  const { t } = host;
  const text = await user.ask(t('Tag the run: name=value, or -name to remove one'), '');
  if (text === null || text.trim() === '') {
    return;
  }
  const [name, ...value] = text.trim().split('=');
  const isRemoved = text.trim().startsWith('-') && value.length === 0;
  if (!isRemoved && value.length === 0) {
    throw new Error(t('A tag is name=value, such as stage=final, not “%1”.', oneLine(text)));
  }
  const tags = isRemoved ? { [name!.slice(1).trim()]: null } : { [name!.trim()]: value.join('=') };
  const now = await host.ask('update_run', { run, tags });
  const shown = Object.entries(now.tags).map(([key, of]) => oneLine(`${key}=${of ?? ''}`));
  user.tell(shown.length > 0 ? t('Tags: %1', shown.join(', ')) : t('The run has no tags.'));
};

/** On where it was off, and the other way round. */
const turn =
  (mark: 'starred' | 'archived', on: string, off: string): Act =>
  async (host, run, user) => {
    const was = (await host.ask('run', { run }))[mark];
    const set = (is: boolean) => host.ask('update_run', { run, [mark]: is });
    const { name } = await set(!was);
    user.tell(host.t(was ? off : on, oneLine(name)), async () => void (await set(was)));
  };

const remove: Act = async (host, run, user) => {
  const { name } = await host.ask('run', { run });
  await host.ask('delete_runs', { runs: [run] });
  user.tell(
    host.t('Deleted: %1', oneLine(name)),
    async () => void (await host.ask('restore_runs', { runs: [run] }))
  );
};

const restore: ScreenAction['act'] = async (host, _subject, user) => {
  const { t } = host;
  const { runs } = await host.ask('deleted_runs', {});
  if (runs.length === 0) {
    user.tell(t('No run is deleted.'));
    return;
  }
  const items = runs.map(one => oneLine(`${one.name} · ${one.experiment} · ${one.id.slice(0, 8)}`));
  const run = runs[(await user.pick(t('Restore a deleted run'), items)) ?? -1];
  if (run) {
    await host.ask('restore_runs', { runs: [run.id] });
    user.tell(t('%1 is back.', oneLine(run.name)));
    host.open?.({ kind: 'run', run: run.id });
  }
};

export const VERBS = {
  rename: ofRun(rename),
  note: ofRun(note),
  tag: ofRun(tag),
  star: ofRun(turn('starred', '%1 has a star now.', '%1 has no star any more.')),
  archive: ofRun(turn('archived', '%1 is archived: lists leave it out.', '%1 is in lists again.')),
  remove: ofRun(remove),
  restore
} satisfies Record<string, ScreenAction['act']>;
