// The columns of a dataset with their figures, found by name.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Muted } from '../../../ui/controls';
import { numberText, printable, wordsOf } from '../../../ui/format';
import { Card } from './card';
import { meets } from './pick';
import type { DatasetState, Scene } from '../state';
import { countedText } from '../words';

/** Columns that are drawn at once. */
const SHOWN = 60;

interface Props {
  scene: Scene;
  state: DatasetState;
}

export function Columns({ scene, state }: Props): JSX.Element {
  const { t } = scene;
  const { columns, has_profile } = state.view;
  const [words, setWords] = useState('');
  const [most, setMost] = useState(SHOWN);
  const list = useRef<HTMLDivElement>(null);
  const found = columns.filter(({ name, type }) => meets(name, type, words));
  useEffect(() => {
    if (most > SHOWN) {
      // The button moved away below what came.
      const first = list.current?.children[most - SHOWN] as HTMLElement | undefined;
      first?.setAttribute('tabindex', '-1');
      first?.focus({ preventScroll: true });
    }
  }, [most]);
  const all = numberText(columns.length);
  return (
    <div>
      <div class="aml-toolbar">
        <input
          type="search"
          class="aml-filter"
          aria-label={t('Search columns')}
          placeholder={t('Search columns: name or type')}
          spellcheck={false}
          value={words}
          onInput={event => {
            setWords(event.currentTarget.value);
            setMost(SHOWN);
          }}
        />
        <ProfileButtons scene={scene} state={state} />
        <span class="aml-count" role="status">
          {found.length === columns.length
            ? countedText(columns.length, '1 column', '%1 columns', t)
            : t('%1 of %2 columns', numberText(found.length), all)}
        </span>
      </div>
      {!has_profile && (
        <Muted>
          {t('This version has no profile yet: its figures are counted once and kept.')}
        </Muted>
      )}
      <div class="aml-data-columns" ref={list}>
        {found.slice(0, most).map(column => (
          <Card key={column.name} t={t} column={column} />
        ))}
      </div>
      {found.length > most && (
        <Button class="aml-more" click={() => setMost(most + SHOWN)}>
          {t('show %1 more', Math.min(found.length - most, SHOWN))}
        </Button>
      )}
    </div>
  );
}

/** Have the figures counted, or counted exactly. */
function ProfileButtons({ scene, state }: Props): JSX.Element {
  const { t, host } = scene;
  const { view } = state;
  const [counting, setCounting] = useState<'' | 'some' | 'exact'>('');
  const [problem, setProblem] = useState('');
  const ask = async (exact: boolean): Promise<void> => {
    setProblem('');
    setCounting(exact ? 'exact' : 'some');
    try {
      const found = await host.ask('dataset_profile', { dataset: view.id, exact });
      const { columns, rows } = found;
      const now = scene.store.state.view;
      if (now.id === view.id) {
        scene.store.set({ notices: found.notices });
        scene.take({ ...now, columns, rows, has_profile: true });
      }
    } catch (error) {
      setProblem(t('The columns could not be counted: %1', printable(wordsOf(error))));
    }
    setCounting('');
  };
  const isAbout = view.columns.some(column => column.distinct !== null && !column.is_exact);
  const asker = (id: 'some' | 'exact', words: string): JSX.Element => (
    <Button
      isDisabled={counting !== ''}
      aria-busy={counting === id}
      click={() => void ask(id === 'exact')}
    >
      {counting === id ? t('Counting…') : words}
    </Button>
  );
  return (
    <>
      {!view.has_profile && view.kind !== 'file' && asker('some', t('Compute profile'))}
      {isAbout && asker('exact', t('Exact counts'))}
      <span class="aml-bad aml-problem" role="alert">
        {problem}
      </span>
    </>
  );
}
