// Tags as a person writes them: one a line.
import type { Translate } from './host';

type Tags = Record<string, string | null>;

export function tagLines(tags: Tags): string {
  return Object.entries(tags).flatMap(lineOf).join('\n');
}

/** The line of a tag; none where it would be read as another tag, so that this one stays as it is. */
function lineOf([name, value]: [string, string | null]): string[] {
  const line = value ? `${name}=${value}` : name;
  const [is, has] = /[\r\n]/.test(line) ? [] : tagOf(line);
  return name && is === name && has === (value ?? '') ? [line] : [];
}

function tagOf(line: string): [name: string, value: string] {
  const [, name = '', value = ''] = /^\s*([^=]*?)\s*(?:=\s*(.*?)\s*)?$/.exec(line) ?? [];
  return [name, value];
}

/**
 * The tags that are new or changed in `lines`, and null for each that is gone.
 *
 * @throws Error where a line has no name, or the name of another line.
 */
export function changedTags(lines: string, before: Tags, t: Translate): Tags {
  const now = new Map<string, string>();
  for (const line of lines.split('\n').filter(each => each.trim())) {
    const [name, value] = tagOf(line);
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
  const gone = Object.entries(before).filter(tag => !now.has(tag[0]) && lineOf(tag).length > 0);
  const changed = [...now].filter(
    ([name, value]) => !Object.hasOwn(before, name) || (before[name] ?? '') !== value
  );
  return Object.fromEntries([...gone.map(([name]): [string, null] => [name, null]), ...changed]);
}

function cut(text: string): string {
  const LONGEST = 60;
  const whole = text.trim();
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}
