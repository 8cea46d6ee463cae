// What can be done with a run from the palette and by keys.
import type { ScreenAction } from '../../../ui/screen';
import type { VERBS } from './verbs';

/** A page that shows no run need not load what is done with one. */
const later =
  (verb: keyof typeof VERBS): ScreenAction['act'] =>
  async (host, subject, user) =>
    (await import('./verbs')).VERBS[verb](host, subject, user);

export const RUN_ACTIONS: readonly ScreenAction[] = [
  {
    ...{ id: 'aml-magics:rename-run', label: 'Rename the run…', keys: ['Accel Alt R'] },
    act: later('rename')
  },
  {
    ...{ id: 'aml-magics:note-run', label: 'Write a note to the run…', keys: ['Accel Alt N'] },
    act: later('note')
  },
  {
    ...{ id: 'aml-magics:tag-run', label: 'Tag the run…', keys: ['Accel Alt G'] },
    act: later('tag')
  },
  {
    ...{ id: 'aml-magics:star-run', label: 'Star the run, or take its star' },
    keys: ['Accel Alt S'],
    act: later('star')
  },
  {
    ...{ id: 'aml-magics:archive-run', label: 'Archive the run, or bring it back' },
    keys: ['Accel Alt A'],
    act: later('archive')
  },
  {
    ...{ id: 'aml-magics:delete-run', label: 'Delete the run' },
    keys: ['Accel Alt Backspace'],
    act: later('remove')
  },
  {
    ...{ id: 'aml-magics:restore-run', label: 'Restore a deleted run…', isOfAll: true },
    act: later('restore')
  }
];
