// Finds a screen by what is known of it.
import type { ScreenEntry } from '../ui/screen';
import { SCREENS } from './registry.gen';

export { SCREENS };

export function entryOf(kind: string): ScreenEntry | null {
  return SCREENS.find(entry => entry.kind === kind) ?? null;
}

export function entryOfMime(mime: string): ScreenEntry | null {
  return SCREENS.find(entry => entry.mime === mime) ?? null;
}
