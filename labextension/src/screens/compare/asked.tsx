// What is asked about the runs while they change: the last answer stays until the next has come.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answers, Questions } from '../../contract.gen';
import { Button, Message, Muted } from '../../ui/controls';
import { printable, wordsOf } from '../../ui/format';
import type { Host, Translate } from '../../ui/host';
import type { CompareState } from './state';

/** Views that come before a question is asked again: while runs go on they come each second. */
const PATIENCE = 5;

export interface Asked<A> {
  answer: A | null;
  problem: unknown;
  isWaiting: boolean;
  again(): void;
}

/** How often a question about the runs of this state has to be asked. */
export function turnOf({ version, link }: CompareState): string {
  // of runs that had ended before, a view comes and that it was the last
  return link === 'ended' && version > 2 ? 'end' : String(Math.floor(version / PATIENCE));
}

/**
 * Ask a question, and again at each new `turn`; another question makes earlier answers void.
 *
 * @param turn names the state of what is asked about.
 */
export function useAsked<K extends keyof Questions>(
  host: Host,
  kind: K,
  question: Questions[K],
  turn: string
): Asked<Answers[K]> {
  const key = JSON.stringify([kind, question]);
  const [found, setFound] = useState<{ key: string; answer: Answers[K] | null; problem: unknown }>({
    key: '',
    answer: null,
    problem: null
  });
  const [attempt, setAttempt] = useState(0);
  const wanted = useRef(key);
  wanted.current = key;
  useEffect(
    () => () => {
      wanted.current = '';
    },
    []
  );
  useEffect(() => {
    host.ask(kind, question).then(
      answer => wanted.current === key && setFound({ key, answer, problem: null }),
      (problem: unknown) =>
        wanted.current === key &&
        // an answer that is there is better than none
        setFound(before =>
          before.key === key && before.answer !== null ? before : { key, answer: null, problem }
        )
    );
  }, [key, turn, attempt]);
  const isOf = found.key === key;
  return {
    answer: isOf ? found.answer : null,
    problem: isOf ? found.problem : null,
    isWaiting: !isOf,
    again: () => {
      setFound({ key: '', answer: null, problem: null });
      setAttempt(attempt + 1);
    }
  };
}

/** What stands where an answer is not there yet, or does not come. */
export function Waiting({ t, asked }: { t: Translate; asked: Asked<unknown> }): JSX.Element {
  return asked.isWaiting ? (
    <div aria-busy="true">
      <Muted>{t('Loading…')}</Muted>
    </div>
  ) : (
    <Message role="alert">
      {t('This cannot be shown: %1', printable(wordsOf(asked.problem)))}{' '}
      <Button click={asked.again}>{t('Try again')}</Button>
    </Message>
  );
}
