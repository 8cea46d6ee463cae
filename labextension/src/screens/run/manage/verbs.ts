// What the commands of a run do; loaded with the first of them.
import { oneLine } from '../../../ui/format';
import type { Host, Subject } from '../../../ui/host';
import { textIn, type ScreenAction, type User } from '../../../ui/screen';
import { mark, remove, restore, type Mark } from './marks';

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
  (which: Mark): Act =>
  async (host, run, user) => {
    const was = (await host.ask('run', { run }))[which];
    const { text } = await mark(host, run, which, !was);
    user.tell(text, async () => void (await mark(host, run, which, was)));
  };

const removeRun: Act = async (host, run, user) => {
  const { name } = await host.ask('run', { run });
  const text = await remove(host, run, name);
  user.tell(text, async () => void (await restore(host, run, name)));
};

const restoreRun: ScreenAction['act'] = async (host, _subject, user) => {
  const { t } = host;
  const { runs } = await host.ask('deleted_runs', {});
  if (runs.length === 0) {
    user.tell(t('No run is deleted.'));
    return;
  }
  const items = runs.map(one => oneLine(`${one.name} · ${one.experiment} · ${one.id.slice(0, 8)}`));
  const run = runs[(await user.pick(t('Restore a deleted run'), items)) ?? -1];
  if (run) {
    user.tell(await restore(host, run.id, run.name));
    host.open?.({ kind: 'run', run: run.id });
  }
};

export const VERBS = {
  rename: ofRun(rename),
  note: ofRun(note),
  tag: ofRun(tag),
  star: ofRun(turn('starred')),
  archive: ofRun(turn('archived')),
  remove: ofRun(removeRun),
  restore: restoreRun
} satisfies Record<string, ScreenAction['act']>;
