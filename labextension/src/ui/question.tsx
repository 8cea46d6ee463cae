// A question that is asked once more, in its place, before something is done that cannot be undone.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from './controls';

/** The focus goes to the way back, and from there to the button that asked, or to the first one beside it. */
export function Question(props: {
  class?: string;
  /** What is asked, and what else is said to it. */
  words: string;
  yes: string;
  no: string;
  act(): void;
  keep(): void;
}): JSX.Element {
  const { words, yes, no, act, keep } = props;
  const group = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const asked = document.activeElement;
    const around = group.current!.parentElement;
    group.current!.querySelector<HTMLElement>('button:last-of-type')!.focus();
    return () => queueMicrotask(() => returnFocus(asked, around));
  }, []);
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      keep();
    }
  };
  return (
    <span
      class={`aml-question ${props.class ?? ''}`}
      role="group"
      aria-label={words}
      ref={group}
      onKeyDown={pressed}
    >
      <span>{words}</span>
      <Button class="aml-question-yes" click={act}>
        {yes}
      </Button>
      <Button click={keep}>{no}</Button>
    </span>
  );
}

/** Where the question is gone and took the focus with it. */
function returnFocus(asked: Element | null, around: Element | null): void {
  if (document.activeElement !== document.body) {
    return; // it is somewhere else by now
  }
  const place = asked?.isConnected && asked !== document.body ? asked : null;
  (place as HTMLElement | null)?.focus();
  if (!place) {
    around?.querySelector<HTMLElement>('button')?.focus();
  }
}
