// What the reader chose of the charts of a run, and which charts there are then. Nothing here changes its arguments.
import type { GhostView } from '../../../contract.gen';
import type { Range } from '../../../ui/chart/contract';
import { oneLine } from '../../../ui/format';
import type { Axis } from './axis';

export type Role = GhostView['role'];

/** All but the zoom is worth keeping: as JSON it brings the charts back. */
export interface ChartChoices {
  readonly axis: Axis;
  readonly isLogY: boolean;
  readonly smoothing: number;
  /** The runs that are drawn behind. */
  readonly ghosts: readonly Role[];
  /** What the names of the charts shown hold. */
  readonly filter: string;
  /** Metrics that share a chart, by their names. */
  readonly combined: readonly (readonly string[])[];
  /** Charts by id: first those of the reader's order, then the others in the order of their first logging. */
  readonly order: readonly string[];
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
  /** Charts as wide as the panel. */
  readonly wide: readonly string[];
  /** Sections that were opened or folded. */
  readonly isFolded: Readonly<Record<string, boolean>>;
  readonly zoom: Range | null;
}

export const NO_CHOICES: ChartChoices = {
  ...{ axis: 'step', isLogY: false, smoothing: 0, ghosts: [], filter: '', combined: [] },
  ...{ order: [], pinned: [], hidden: [], wide: [], isFolded: {}, zoom: null }
};

/** A chart of one metric, or of several. */
export interface ChartEntry {
  readonly id: string;
  readonly names: readonly string[];
}

export interface Section {
  readonly id: string;
  /** Empty where it needs no head. */
  readonly title: string;
  readonly isFolded: boolean;
  readonly charts: readonly ChartEntry[];
}

/** Charts up to which there are no sections but that of the machine. */
export const FEW = 6;
const MACHINE = 'system';
export const PINNED = '\u0000pinned';

/** The title of a chart, which is its id. */
export function idOf(names: readonly string[]): string {
  return names.join(' + ');
}

/** The charts of metrics in the order of their first logging; those that share one stand where the first stood. */
export function entriesOf(names: readonly string[], choices: ChartChoices): ChartEntry[] {
  const known = new Set(names);
  const groups = new Map<string, readonly string[]>();
  for (const group of choices.combined) {
    const there = group.filter(name => known.has(name));
    if (there.length > 1) {
      there.forEach(name => groups.set(name, there));
    }
  }
  const seen = new Set<string>();
  return names.flatMap(name => {
    const group = groups.get(name) ?? [name];
    const id = idOf(group);
    if (seen.has(id)) {
      return [];
    }
    seen.add(id);
    return [{ id, names: group }];
  });
}

/** The charts that are shown, in their sections: what is pinned, what has no prefix, each prefix, the machine. */
export function sectionsOf(entries: readonly ChartEntry[], choices: ChartChoices): Section[] {
  const { filter, hidden, order, pinned, isFolded } = choices;
  const wanted = filter.trim().toLowerCase();
  const shown = entries.filter(
    ({ id }) => !hidden.includes(id) && oneLine(id).toLowerCase().includes(wanted)
  );
  const rank = ({ id }: ChartEntry): number => {
    const place = order.indexOf(id);
    return place < 0 ? order.length : place;
  };
  const sorted = [...shown].sort((one, other) => rank(one) - rank(other));
  const prefixes = sorted.map(prefixOf);
  const isFew = prefixes.filter(prefix => prefix !== MACHINE).length <= FEW;
  /** A prefix that one chart has alone makes no section. */
  const isSection = (prefix: string): boolean =>
    prefix === MACHINE || (!isFew && prefixes.indexOf(prefix) !== prefixes.lastIndexOf(prefix));
  const byId = new Map<string, ChartEntry[]>([
    [PINNED, []],
    ['', []]
  ]);
  for (const entry of sorted) {
    const prefix = prefixOf(entry);
    const id = pinned.includes(entry.id) ? PINNED : isSection(prefix) ? prefix : '';
    byId.set(id, [...(byId.get(id) ?? []), entry]);
  }
  // In the order of first logging, whatever is moved within them.
  const places = ['', ...entries.map(prefixOf)];
  const ids = [...byId.keys()].filter(id => byId.get(id)!.length > 0);
  const placeOf = (id: string): number =>
    id === PINNED ? -1 : id === MACHINE ? Infinity : places.indexOf(id);
  ids.sort((one, other) => placeOf(one) - placeOf(other));
  return ids.map(id => ({
    id,
    title: id === PINNED ? '' : id,
    isFolded: isFolded[id] ?? (id === MACHINE && !wanted),
    charts: byId.get(id)!
  }));
}

/** What stands before the first slash of the name; empty where there is none. */
function prefixOf({ names }: ChartEntry): string {
  const [first = ''] = names;
  const prefixes = new Set(names.map(name => name.split('/', 1)[0]!));
  return first.includes('/') && prefixes.size === 1 ? [...prefixes][0]! : '';
}

const SPLIT = /(^|[/_.\- ])(?:train(?:ing)?|val(?:id(?:ation)?)?|test|eval)(?=$|[/_.\- ])/gi;

/** Metrics that are the same one of several parts of the data, and do not share a chart yet: `loss`, `val_loss`. */
export function pairsOf(entries: readonly ChartEntry[]): string[][] {
  const byBase = new Map<string, string[]>();
  for (const { names } of entries) {
    const [name = ''] = names;
    const base = name
      .replace(SPLIT, '$1')
      .replace(/[/_.\- ]+/g, ' ')
      .trim()
      .toLowerCase();
    if (names.length === 1 && base && !name.startsWith(`${MACHINE}/`)) {
      byBase.set(base, [...(byBase.get(base) ?? []), name]);
    }
  }
  return [...byBase.values()].filter(
    names => names.length > 1 && names.some(name => name.search(SPLIT) >= 0)
  );
}

/** The choices after a chart took the metrics of another. */
export function combined(choices: ChartChoices, ...entries: readonly ChartEntry[]): ChartChoices {
  const names = [...new Set(entries.flatMap(entry => entry.names))];
  const id = idOf(names);
  const rename = (ids: readonly string[]): string[] =>
    ids.flatMap(each =>
      each === entries[0]!.id ? [id] : entries.some(entry => entry.id === each) ? [] : [each]
    );
  return {
    ...choices,
    combined: [...without(choices.combined, names), names],
    order: rename(choices.order),
    pinned: rename(choices.pinned),
    wide: rename(choices.wide)
  };
}

/** The choices after the metrics of a chart got charts of their own. */
export function split(choices: ChartChoices, { names }: ChartEntry): ChartChoices {
  return { ...choices, combined: without(choices.combined, names) };
}

/** The choices after a chart of a section was put before another one, or at its end. */
export function moved(
  choices: ChartChoices,
  section: readonly ChartEntry[],
  id: string,
  before: string | null
): ChartChoices {
  const ids = section.map(entry => entry.id).filter(each => each !== id);
  const place = before === null ? ids.length : ids.indexOf(before);
  ids.splice(place < 0 ? ids.length : place, 0, id);
  return { ...choices, order: [...choices.order.filter(each => !ids.includes(each)), ...ids] };
}

/** The choices with a chart in a list that it was not in, or out of one that it was in. */
export function toggled(
  choices: ChartChoices,
  list: 'pinned' | 'hidden' | 'wide',
  id: string
): ChartChoices {
  const ids = choices[list];
  const isIn = ids.includes(id);
  return { ...choices, [list]: isIn ? ids.filter(each => each !== id) : [...ids, id] };
}

function without(
  groups: readonly (readonly string[])[],
  names: readonly string[]
): readonly (readonly string[])[] {
  return groups
    .map(group => group.filter(name => !names.includes(name)))
    .filter(group => group.length > 1);
}
