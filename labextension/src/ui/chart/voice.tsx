// Sentences for those who hear a chart.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const PAUSE = 150;

/** Says a sentence, not more often than it can be heard. */
export function Voice({ text }: { text: string }): JSX.Element {
  const [spoken, speak] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => speak(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="aml-hidden" role="status" aria-live="polite">
      {spoken}
    </div>
  );
}
