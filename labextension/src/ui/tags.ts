// Tags as a person writes them: one a line.
import type { Translate } from './host';

type Tags = Record<string, string | null>;

export function tagLines(tags: Tags): string {
  return Object.entries(tags)
    .map(([name, value]) => (value ? `${name}=${value}` : name))
    .join('\n');
}

/**
 * The tags that are new or changed in `lines`, and null for each that is gone.
 *
 * @throws Error where a line has no name, or the name of another line.
 */
export function changedTags(lines: string, before: Tags, t: Translate): Tags {
  const now = new Map<string, string>();
  for (const line of lines.split('\n').filter(each => each.trim())) {
    const [, name = '', value = ''] = /^\s*([^=]*?)\s*(?:=\s*(.*?)\s*)?$/.exec(line) ?? [];
    if (!name) {
      throw new Error(
        t('“%1” has no name before the “=”: a tag is name=value, such as stage=final.', cut(line))
      );
    }
    if (now.has(name)) {
      throw new Error(t('The tag “%1” stands in two lines: leave one of them.', cut(name)));
    }
    now.set(name, value);
  }
  const gone = Object.keys(before).filter(name => !now.has(name));
  const changed = [...now].filter(
    ([name, value]) => !Object.hasOwn(before, name) || (before[name] ?? '') !== value
  );
  return Object.fromEntries([...gone.map((name): [string, null] => [name, null]), ...changed]);
}

function cut(text: string): string {
  const LONGEST = 60;
  const whole = text.trim();
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}
