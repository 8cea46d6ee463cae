// The command that opens a screen: its arguments say of what, or the user does.
import { InputDialog } from '@jupyterlab/apputils';
import type { Subject } from '../../ui/host';
import type { ScreenEntry } from '../../ui/screen';
import type { Front } from '../front';
import { hostOf } from '../show';

export interface Target {
  workspace: string;
  subject: Subject;
}

type Args = Readonly<Record<string, unknown>>;

/** What the arguments of a command name, or the user chooses; null where the user does not. */
export async function targetOf(
  front: Front,
  entry: ScreenEntry,
  args: Args
): Promise<Target | null> {
  const workspace = await workspaceOf(front, args);
  if (workspace === null) {
    return null;
  }
  const subject = named(entry, args) ?? (await asked(front, entry, workspace));
  return subject && { workspace, subject };
}

function named({ kind, command }: ScreenEntry, args: Args): Subject | null {
  return command ? command.subjectOf(args) : { ...args, workspace: undefined, kind };
}

async function asked(
  front: Front,
  { command }: ScreenEntry,
  workspace: string
): Promise<Subject | null> {
  const question = command?.question;
  if (!question) {
    return null;
  }
  const { t } = front;
  const [title, label] = [t(question.title), t(question.label)];
  let text: string | null;
  if (question.choices) {
    const items = await question.choices(await hostOf(front, workspace));
    if (items.length === 0) {
      throw new Error(label);
    }
    text = (await InputDialog.getItem({ title, items })).value;
  } else {
    text = (await InputDialog.getText({ title, label })).value;
  }
  return text?.trim() ? question.answered(text.trim()) : null;
}

/** The workspace that is asked for, the only one, or the one that the user picks. */
export async function workspaceOf(
  { source, t }: Front,
  { workspace }: Args
): Promise<string | null> {
  if (typeof workspace === 'string' && workspace !== '') {
    return workspace;
  }
  const names = await source.workspaces();
  if (names.length === 0) {
    throw new Error(t('There is no workspace yet: the first run makes one.'));
  }
  return names.length === 1
    ? names[0]!
    : (await InputDialog.getItem({ title: t('Workspace'), items: names })).value;
}
