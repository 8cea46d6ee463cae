// Statuses as a glyph, a word and a colour: never the colour alone.
import { oneLine } from './format';

// A map, for a status may have any name: `constructor`.
const LOOKS = new Map([
  ['NotStarted', ['○']],
  ['Starting', ['◔', 'live']],
  ['Provisioning', ['◔']],
  ['Preparing', ['◔']],
  ['Queued', ['◷']],
  ['Running', ['●', 'live']],
  ['Finalizing', ['◕', 'live']],
  ['CancelRequested', ['◌', 'warn']],
  ['NotResponding', ['△', 'warn']],
  ['Completed', ['✓', 'good']],
  ['Failed', ['✗', 'bad']],
  ['Canceled', ['⊘', 'warn']],
  // States of services; one that failed is as a run that did.
  ['Transitioning', ['◔', 'live']],
  ['Healthy', ['✓', 'good']],
  ['Unhealthy', ['△', 'warn']],
  ['Stopped', ['⊘']],
  ['Deleting', ['◌', 'warn']],
  // Published pipelines, endpoints and schedules.
  ['Active', ['✓', 'good']],
  ['Disabled', ['⊘']],
  ['Archived', ['⊘']],
  // Compute targets of which only the configuration is kept.
  ['Attached', ['○']],
  ['Created', ['○']]
]);

export const TERMINAL: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Canceled']);

/** The glyph of a status alone, where there is no room for its word. */
export function sign(status: string): string {
  return LOOKS.get(status)?.[0] ?? '·';
}

/** A status with its glyph: `✓ Completed`. */
export function statusText(status: string): string {
  return `${sign(status)} ${oneLine(status)}`;
}

/** The CSS class that colours a status. */
export function tone(status: string): string {
  return `aml-${LOOKS.get(status)?.[1] ?? 'calm'}`;
}
