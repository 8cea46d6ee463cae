// Statuses as a glyph, a word and a colour: never the colour alone.
import { element } from './element';

const GLYPHS: Record<string, string> = {
  NotStarted: '○',
  Starting: '◔',
  Provisioning: '◔',
  Preparing: '◔',
  Queued: '◷',
  Running: '●',
  Finalizing: '◕',
  CancelRequested: '◌',
  NotResponding: '△',
  Completed: '✓',
  Failed: '✗',
  Canceled: '⊘'
};
const TONES: Record<string, string> = {
  Completed: 'aml-good',
  Failed: 'aml-bad',
  NotResponding: 'aml-warn',
  CancelRequested: 'aml-warn',
  Canceled: 'aml-warn',
  Running: 'aml-live',
  Starting: 'aml-live',
  Finalizing: 'aml-live'
};

export const TERMINAL: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Canceled']);

/** A status with its glyph: `✓ Completed`. */
export function statusText(status: string): string {
  return `${GLYPHS[status] ?? '·'} ${status}`;
}

/** The CSS class that colours a status. */
export function tone(status: string): string {
  return TONES[status] ?? 'aml-calm';
}

export function statusElement(status: string): HTMLElement {
  return element('span', { class: `aml-status ${tone(status)}` }, [statusText(status)]);
}
