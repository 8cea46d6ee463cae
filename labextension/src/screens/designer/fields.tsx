// Fields of the designer's forms. An edit is taken over when its field is left, or at Enter: one step to undo.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { DesignProblemView } from '../../contract.gen';
import { Message } from '../../ui/controls';
import type { Plain } from './document';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly isDisabled?: boolean;
  readonly hint?: string;
  change(value: string): void;
}

/** What is typed until it is taken over. */
function useDraft(
  value: string,
  change: (value: string) => void
): [string, (text: string) => void, () => void] {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  return [draft, setDraft, () => draft !== value && change(draft)];
}

export function TextField({ label, value, isDisabled, hint, change }: FieldProps): JSX.Element {
  const [draft, setDraft, take] = useDraft(value, change);
  return (
    <label>
      {label}
      <input
        type="text"
        dir="auto"
        value={draft}
        placeholder={hint}
        disabled={isDisabled}
        onInput={event => setDraft(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={event => event.key === 'Enter' && take()}
      />
    </label>
  );
}

export function LinesField({ label, value, isDisabled, hint, change }: FieldProps): JSX.Element {
  const [draft, setDraft, take] = useDraft(value, change);
  return (
    <label>
      {label}
      <textarea
        class="aml-mono"
        rows={Math.min(10, Math.max(2, draft.split('\n').length))}
        spellcheck={false}
        value={draft}
        placeholder={hint}
        disabled={isDisabled}
        onInput={event => setDraft(event.currentTarget.value)}
        onBlur={take}
      />
    </label>
  );
}

/** A select that may also hold a value that is none of its options. */
export function ChoiceField(
  props: FieldProps & { options: readonly (readonly [string, string])[] }
): JSX.Element {
  const { label, value, isDisabled, options, change } = props;
  const isKnown = options.some(([one]) => one === value);
  return (
    <label>
      {label}
      <select
        value={value}
        disabled={isDisabled}
        onChange={event => change(event.currentTarget.value)}
      >
        {!isKnown && <option value={value}>{value}</option>}
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A field for plain JSON; what is none is a text. */
export function PlainField(
  props: Omit<FieldProps, 'value' | 'change'> & {
    value: Plain | undefined;
    change(value: Plain | undefined): void;
  }
): JSX.Element {
  const { value, change, ...rest } = props;
  return <TextField {...rest} value={shownValue(value)} change={text => change(plainOf(text))} />;
}

/** A typed text as the value that it looks like. */
export function plainOf(text: string): Plain | undefined {
  if (text.trim() === '') {
    return undefined;
  }
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return text;
  }
}

/** A plain value as a form shows it: a text as it is, all else as JSON. */
export function shownValue(value: Plain | undefined): string {
  return value === undefined || value === null
    ? ''
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}

/** What is wrong with what a form is of. */
export function Problems({ problems }: { problems: readonly DesignProblemView[] }): JSX.Element {
  return (
    <>
      {problems.map(({ text }) => (
        <Message key={text} tone="aml-bad">
          {text}
        </Message>
      ))}
    </>
  );
}
