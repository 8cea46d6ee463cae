// What an output of a notebook holds.
import { entryOfMime } from '../../screens/registry';
import type { ScreenEntry } from '../../ui/screen';
import { problemOf, unpacked, type Snapshot } from '../../ui/place/snapshot';

/** The forms of an output by their types. */
export type Bundle = Readonly<Record<string, unknown>>;

/** What a bundle is of: as long as this stays, a newer one is an update. Null where it is none that can be drawn. */
export function subjectOfBundle(data: Bundle): string | null {
  const mime = Object.keys(data).find(type => entryOfMime(type));
  const entry = mime === undefined ? null : entryOfMime(mime);
  const snapshot = unpacked(data[mime ?? '']);
  try {
    return entry && problemOf(snapshot) === null ? subjectText(entry, snapshot as Snapshot) : null;
  } catch {
    return null; // Damaged: its screen says so.
  }
}

export function subjectText(entry: ScreenEntry, snapshot: Snapshot): string {
  return JSON.stringify([snapshot.workspace, snapshot.widget ?? null, entry.subjectOf(snapshot)]);
}
