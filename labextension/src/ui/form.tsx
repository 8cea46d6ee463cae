// A form that changes what people say of a thing: it saves, tells why it could not, and closes.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Message } from './controls';
import type { Translate } from './host';

/** Its first field has the focus; Escape closes it without saving. */
export function EditForm(props: {
  t: Translate;
  label: string;
  /** Save what differs; returns why that could not be done. */
  save: () => Promise<string | null>;
  close: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const { t, label, save, close, children } = props;
  const [problem, setProblem] = useState('');
  const [isSaving, setSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea')?.focus(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isSaving) {
      return;
    }
    setSaving(true);
    const failure = await save();
    setSaving(false);
    setProblem(failure ?? '');
    if (failure === null) {
      close();
    }
  };
  return (
    <form
      class="aml-run-edit"
      aria-label={label}
      ref={form}
      onSubmit={event => void submit(event)}
      onKeyDown={event => event.key === 'Escape' && close()}
    >
      {children}
      {problem && (
        <Message tone="aml-bad" role="alert">
          {problem}
        </Message>
      )}
      <span class="aml-run-line">
        <button type="submit" aria-disabled={isSaving || undefined}>
          {isSaving ? t('Saving…') : t('Save')}
        </button>
        <Button click={close}>{t('Leave as it was')}</Button>
      </span>
    </form>
  );
}

/** A text of several lines, as high as it is long. */
export function Lines(props: {
  label: string;
  text: string;
  change: (text: string) => void;
  isCode?: boolean;
}): JSX.Element {
  const { label, text, change, isCode } = props;
  return (
    <label>
      {label}
      <textarea
        class={isCode ? 'aml-mono' : undefined}
        rows={Math.min(8, Math.max(2, text.split('\n').length))}
        value={text}
        dir="auto"
        spellcheck={!isCode}
        onInput={event => change(event.currentTarget.value)}
      />
    </label>
  );
}
