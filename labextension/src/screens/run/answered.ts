// Answers that stay.
import type { Host } from '../../ui/host';
import type { Scene } from './state';

/** Asks each question once, and again where it failed. */
export function answered(host: Host): Scene['once'] {
  const answers = new Map<string, Promise<unknown>>();
  return (kind, question) => {
    const key = JSON.stringify([kind, question]);
    const known = answers.get(key) ?? host.ask(kind, question);
    answers.set(key, known);
    known.catch(() => answers.delete(key));
    return known as ReturnType<typeof host.ask<typeof kind>>;
  };
}
