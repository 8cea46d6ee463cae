// What can be done with a run, in one line: its star, its form, code in the notebook, the archive, deletion.
import type { JSX } from 'preact';
import type { RunCodeView } from '../../../contract.gen';
import { Button } from '../../../ui/controls';
import { printable, wordsOf } from '../../../ui/format';
import { MenuButton, type MenuEntry } from '../../../ui/popup/menu';
import type { PanelProps } from '../panel';
import type { RunState, Scene } from '../state';
import { mark, remove, restore, type Mark } from './marks';

/** What the panel says of what was done, with the way back. */
export interface Notice {
  text: string;
  isBad?: boolean;
  undo?: () => void;
}

type Tell = (notice: Notice | null) => void;

/** Whether the run can be changed: the host reaches it, and it is there. */
export function canChange({ link, later }: RunState): boolean {
  return later === null && (link === 'live' || link === 'ended');
}

export function Actions(
  props: PanelProps & { tell: Tell; isEdited: boolean; edit: () => void }
): JSX.Element {
  const { scene, state, tell, isEdited, edit } = props;
  const { host, t, run } = scene;
  const { starred } = state.view;
  const isChangeable = canChange(state);
  return (
    <>
      {isChangeable && (
        <>
          <Button
            class="aml-run-star"
            aria-pressed={starred}
            aria-label={t('Star')}
            title={starred ? t('Take the star away') : t('Star')}
            click={() => void marked(scene, 'starred', !starred, tell)}
          >
            {starred ? '★' : '☆'}
          </Button>
          <Button aria-expanded={isEdited} title={t('Name, notes and tags')} click={edit}>
            {t('Edit')}
          </Button>
        </>
      )}
      {host.insert && (
        <MenuButton
          t={t}
          label={t('Code: write a cell into the notebook')}
          groups={[codeEntries(scene, state, tell)]}
        >
          {t('Code')} <span aria-hidden="true">▾</span>
        </MenuButton>
      )}
      {host.open && (
        <Button class="aml-run-open" click={() => host.open?.({ kind: 'run', run })}>
          {t('Open')}
        </Button>
      )}
      {isChangeable && (
        <MenuButton t={t} label={t('More')} groups={[endEntries(scene, state, tell)]}>
          ⋯
        </MenuButton>
      )}
    </>
  );
}

/** Code that gets the run, runs it again, or goes on with it. */
function codeEntries(scene: Scene, state: RunState, tell: Tell): MenuEntry[] {
  const { host, t, run, once } = scene;
  const insert = async (verb: keyof RunCodeView): Promise<void> => {
    const code = (await once('run_code', { run }))[verb];
    if (!code) {
      throw new Error(t('This run keeps no code that could be run again.'));
    }
    host.insert?.(code, false);
  };
  const entry = (verb: keyof RunCodeView, label: string, hint: string): MenuEntry => ({
    ...{ label, hint },
    act: () =>
      void insert(verb).then(
        () => tell(null),
        (error: unknown) => tell(refused(t('The code cannot be inserted: %1', wordsOf(error))))
      )
  });
  const isResumable = /^(?:Failed|Canceled)$/.test((state.later ?? state).view.status);
  return [
    entry('handle', t('Get this run'), t('Write a cell that gets the handle of this run')),
    entry('again', t('Run again'), t('Write the code of this run into a new cell')),
    ...(isResumable
      ? [entry('resume', t('Resume'), t('Write a cell that goes on with this run'))]
      : [])
  ];
}

function endEntries(scene: Scene, { view }: RunState, tell: Tell): MenuEntry[] {
  const { t } = scene;
  const { archived, is_terminal } = view;
  return [
    {
      label: archived ? t('Bring back from the archive') : t('Archive'),
      act: () => void marked(scene, 'archived', !archived, tell)
    },
    {
      label: t('Delete'),
      isDisabled: !is_terminal,
      hint: is_terminal ? undefined : t('A run is deleted once it has ended: cancel it first.'),
      act: () => void removed(scene, tell)
    }
  ];
}

async function marked(scene: Scene, which: Mark, isOn: boolean, tell: Tell): Promise<void> {
  const { host, t, run, store } = scene;
  try {
    const { text, marks } = await mark(host, run, which, isOn);
    const { starred, archived } = marks;
    store.set(({ view }) => ({ view: { ...view, starred, archived } }));
    // The button of the star shows that it is on, and a press on it undoes it.
    const undo = (): void => void marked(scene, which, !isOn, tell);
    tell(which === 'starred' ? null : { text, ...(isOn ? { undo } : {}) });
  } catch (error) {
    tell(refused(t('The run could not be changed: %1', wordsOf(error))));
  }
}

async function removed(scene: Scene, tell: Tell): Promise<void> {
  const { host, t, run, store } = scene;
  const { view, link } = store.state;
  const back = async (): Promise<void> => {
    try {
      const text = await restore(host, run, view.name);
      store.set({ link });
      tell({ text });
    } catch (error) {
      tell(refused(t('The run could not be restored: %1', wordsOf(error))));
    }
  };
  try {
    const text = await remove(host, run, view.name);
    store.set({ link: 'gone', message: '' });
    tell({ text, undo: () => void back() });
  } catch (error) {
    tell(refused(t('The run could not be deleted: %1', wordsOf(error))));
  }
}

function refused(text: string): Notice {
  return { text: printable(text), isBad: true };
}
