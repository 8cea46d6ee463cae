// What screens are made of: buttons, boxes to tick, selects, messages, what opens by a click.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { oneLine, printable, wordsOf } from './format';
import type { Link, Translate } from './host';
import { statusText, tone } from './status';

type ButtonProps = Omit<JSX.HTMLAttributes<HTMLButtonElement>, 'onClick' | 'disabled'> & {
  click(): void;
  isDisabled?: boolean;
  children?: ComponentChildren;
};

/** A button. One that is disabled keeps the focus, and does nothing. */
export function Button({ click, isDisabled, children, ...rest }: ButtonProps): JSX.Element {
  return (
    <button
      type="button"
      aria-disabled={isDisabled || undefined}
      onClick={() => isDisabled || click()}
      {...rest}
    >
      {children}
    </button>
  );
}

export function Checkbox(props: {
  isOn: boolean;
  change(isOn: boolean): void;
  children: ComponentChildren;
}): JSX.Element {
  const { isOn, change, children } = props;
  return (
    <label>
      <input
        type="checkbox"
        checked={isOn}
        onChange={event => change(event.currentTarget.checked)}
      />
      {children}
    </label>
  );
}

/** A select with its label; `options` are `[value, text]`. */
export function Picker(props: {
  label: ComponentChildren;
  options: readonly (readonly [value: string, text: string])[];
  value: string;
  change(value: string): void;
}): JSX.Element {
  const { label, options, value, change } = props;
  return (
    <label>
      {label}
      <select value={value} onChange={event => change(event.currentTarget.value)}>
        {options.map(([of, text]) => (
          <option key={of} value={of}>
            {oneLine(text)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A line that says what is not there. */
export function Muted({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="aml-muted">{children}</p>;
}

/** A line that says what is wrong. */
export function Message(props: {
  tone?: 'aml-warn' | 'aml-bad' | 'aml-calm';
  role?: 'alert' | 'status';
  children: ComponentChildren;
}): JSX.Element {
  return (
    <p class={`aml-message ${props.tone ?? 'aml-warn'}`} role={props.role}>
      {props.children}
    </p>
  );
}

/** Lines of a text that is shown as a whole. */
const LINES = 8;

/** Text of any length: of a long one the first lines, and a button that shows the others. */
export function LongText(props: { t: Translate; text: string; most?: number }): JSX.Element {
  const { t, text, most = 600 } = props;
  const [isWhole, setWhole] = useState(false);
  const first = text.split('\n').slice(0, LINES).join('\n').slice(0, most);
  const isLong = first.length < text.length;
  return (
    <>
      {printable(isLong && !isWhole ? `${first.trimEnd()}… ` : text)}
      {isLong && (
        <Button class="aml-more" aria-expanded={isWhole} click={() => setWhole(!isWhole)}>
          {isWhole ? t('show less') : t('show all')}
        </Button>
      )}
    </>
  );
}

/** Something below a title that is opened by a click. */
export function Fold(props: {
  title: string;
  isOpen?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <details class="aml-fold" open={props.isOpen}>
      <summary>{oneLine(props.title)}</summary>
      {props.children}
    </details>
  );
}

/** A status as a glyph, a word and a colour. */
export function Status({ status }: { status: string }): JSX.Element {
  return <span class={`aml-status ${tone(status)}`}>{statusText(status)}</span>;
}

/** A sign that is spoken as a word: never a colour alone. */
export function Glyph({ sign, word }: { sign: string; word: string }): JSX.Element {
  return (
    <span class="aml-star" role="img" aria-label={word} title={word}>
      {sign}
    </span>
  );
}

/** How a screen stands to what it shows. Where `isQuiet` only what is wrong is told. */
export function LinkLine(props: {
  t: Translate;
  link: Link;
  message?: string;
  isQuiet?: boolean;
}): JSX.Element {
  const { t, link, message = '', isQuiet } = props;
  const words: Partial<Record<Link, string>> = {
    detached: t('detached: showing the last data, trying again'),
    gone: t('deleted'),
    connecting: t('connecting…'),
    still: t('as it was when it was saved')
  };
  const isTold = !isQuiet || link === 'detached' || link === 'gone';
  const text = isTold ? [words[link], words[link] && message].filter(Boolean).join(': ') : '';
  return (
    <span
      class={`aml-link ${link === 'gone' ? 'aml-bad' : 'aml-warn'}`}
      role="status"
      hidden={!text}
    >
      {oneLine(text)}
    </span>
  );
}

/**
 * What is asked of the host while the reader waits: said so, drawn, or said why not.
 *
 * @param of names what is asked: another value asks again, and makes an earlier answer void.
 */
export function Asked<A>(props: {
  t: Translate;
  of: string;
  ask(): Promise<A>;
  draw(answer: A): ComponentChildren;
}): JSX.Element {
  const { t, of, ask, draw } = props;
  const [attempt, setAttempt] = useState(0);
  const [result, setResult] = useState<{ answer: A } | { problem: unknown } | null>(null);
  useEffect(() => {
    let isVoid = false;
    setResult(null);
    ask().then(
      answer => isVoid || setResult({ answer }),
      (problem: unknown) => isVoid || setResult({ problem })
    );
    return () => {
      isVoid = true;
    };
  }, [of, attempt]);
  if (result === null) {
    return (
      <div aria-busy="true">
        <Muted>{t('Loading…')}</Muted>
      </div>
    );
  }
  if ('problem' in result) {
    return (
      <Message role="alert">
        {t('This cannot be shown: %1', printable(wordsOf(result.problem)))}{' '}
        <Button click={() => setAttempt(attempt + 1)}>{t('Try again')}</Button>
      </Message>
    );
  }
  return <>{draw(result.answer)}</>;
}

/** The first `limit` of many, and a button that shows the others. */
export function Limited<T>(props: {
  t: Translate;
  items: readonly T[];
  limit: number;
  /** Draws those that are shown, with the button to put below them. */
  draw(items: readonly T[], more: JSX.Element | null): ComponentChildren;
}): JSX.Element {
  const { t, items, limit, draw } = props;
  const [isWhole, setWhole] = useState(false);
  const hidden = isWhole ? 0 : items.length - limit;
  const more =
    hidden > 0 ? (
      <Button class="aml-more" click={() => setWhole(true)}>
        {t('show %1 more', hidden)}
      </Button>
    ) : null;
  return <>{draw(hidden > 0 ? items.slice(0, limit) : items, more)}</>;
}
