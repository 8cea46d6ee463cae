// The columns of a dataset with their figures, found by name.
import { button, muted, wordsOf } from '../../ui/control';
import { div, element, fill, setAttributes, setText } from '../../ui/element';
import { numberText, printable } from '../../ui/format';
import type { Sight } from '../../ui/tabs';
import type { ColumnView } from '../../contract.gen';
import { card } from './card';
import type { Scene } from './scene';

/** Columns that are drawn at once. */
const SHOWN = 60;

export function columns(scene: Scene): Sight {
  const { t, view } = scene;
  const list = div('aml-data-columns');
  const count = element('span', { class: 'aml-count', role: 'status' });
  const search = element(
    'input',
    {
      type: 'search',
      class: 'aml-filter',
      'aria-label': t('Search columns'),
      placeholder: t('Search columns: name or type'),
      spellcheck: 'false'
    },
    [],
    {
      input: () => draw(SHOWN)
    }
  );
  const more = button('', () => draw(most + SHOWN), { class: 'aml-more' });
  let most = SHOWN;
  const draw = (wanted: number): void => {
    most = wanted;
    const found = view.columns.filter(column => meets(column, search.value));
    const from = wanted > SHOWN ? list.childElementCount : 0;
    const cards = found.slice(from, most).map(column => card(column, t));
    if (from > 0) {
      list.append(...cards);
      // The button moves away below what came.
      cards[0]?.setAttribute('tabindex', '-1');
      cards[0]?.focus({ preventScroll: true });
    } else {
      fill(list, ...cards);
    }
    more.hidden = found.length <= most;
    setText(more, t('show %1 more', Math.min(found.length - most, SHOWN)));
    const all = numberText(view.columns.length);
    setText(
      count,
      found.length === view.columns.length
        ? t('%1 columns', all)
        : t('%1 of %2 columns', numberText(found.length), all)
    );
  };
  const profile = profileButtons(scene);
  const note =
    !view.has_profile &&
    muted(t('This version has no profile yet: its figures are counted once and kept.'));
  const node = div(
    '',
    div('aml-toolbar', search, ...profile.buttons, count, profile.problem),
    note || null,
    list,
    more
  );
  draw(SHOWN);
  return { node, draw: () => undefined };
}

function meets({ name, type }: ColumnView, text: string): boolean {
  const all = `${name} ${type}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every(word => all.includes(word));
}

/** Have the figures counted, or counted exactly. */
function profileButtons(scene: Scene): {
  buttons: (HTMLButtonElement | null)[];
  problem: HTMLElement;
} {
  const { t, view, host } = scene;
  const problem = element('span', { class: 'aml-bad aml-problem', role: 'alert' });
  const ask = async (made: HTMLButtonElement, exact: boolean): Promise<void> => {
    const words = made.textContent ?? '';
    setText(problem, '');
    setText(made, t('Counting…'));
    setAttributes(made, { 'aria-disabled': true, 'aria-busy': true });
    try {
      const { columns: counted, rows } = await host.ask('dataset_profile', {
        dataset: view.id,
        exact
      });
      if (scene.view.id === view.id) {
        scene.take({ ...scene.view, columns: counted, rows, has_profile: true });
      }
    } catch (error) {
      setText(problem, t('The columns could not be counted: %1', printable(wordsOf(error))));
      setText(made, words);
      setAttributes(made, { 'aria-disabled': false, 'aria-busy': false });
    }
  };
  const asker = (words: string, exact: boolean): HTMLButtonElement => {
    const made: HTMLButtonElement = button(words, () => void ask(made, exact));
    return made;
  };
  const isAbout = view.columns.some(column => column.distinct !== null && !column.is_exact);
  return {
    buttons: [
      view.has_profile || view.kind === 'file' ? null : asker(t('Compute profile'), false),
      isAbout ? asker(t('Exact counts'), true) : null
    ],
    problem
  };
}
