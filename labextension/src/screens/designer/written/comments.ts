// Comments of a document, by the line that each belongs to: they stay when the canvas writes the document anew.

/** What stands above a line, with empty lines, and behind it. */
interface Comment {
  readonly above: readonly string[];
  readonly behind: string;
}

/** By the path of a line's key; what stands below all of them has the path `''`. */
export type Comments = ReadonlyMap<string, Comment>;

const NOTHING = /^\s*(?:#.*)?$/;
/** A line up to its comment: quoted texts may hold a `#`, and a plain one begins no comment within a word. */
const BEHIND = /^(?:[^"'#]|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?<=\S)#)*?\s(#.*)$/;
const KEY = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#{[][^#]*?)\s*:(?=\s|$)/;
/** A text of several lines begins. */
const BLOCK = /(?:^|\s)[|>][-+\d]*\s*(?:#.*)?$/;

export function commentsOf(text: string): Comments {
  const found = new Map<string, Comment>();
  const pathOf = paths();
  let above: string[] = [];
  let block: number | null = null;
  for (const line of text.split(/\r?\n/)) {
    const depth = line.search(/\S/);
    if (block !== null && (depth < 0 || depth > block)) {
      continue;
    }
    block = BLOCK.test(line) ? depth : null;
    if (NOTHING.test(line)) {
      above.push(line.trim());
      continue;
    }
    const path = pathOf(line);
    const behind = BEHIND.exec(line)?.[1] ?? '';
    if (path !== null && !found.has(path) && (above.length > 0 || behind)) {
      found.set(path, { above, behind });
      above = [];
    }
  }
  return above.some(Boolean) ? found.set('', { above, behind: '' }) : found;
}

/** A document as `yamlOf` writes it, with the comments of another whose keys it has; those at the top always stay. */
export function withComments(text: string, comments: Comments): string {
  if (comments.size === 0) {
    return text;
  }
  const pathOf = paths();
  const lines = text.trimEnd().split('\n');
  const seen = new Set<string>();
  const written = lines.flatMap(line => {
    const path = pathOf(line);
    const comment = path === null || seen.has(path) ? undefined : comments.get(path);
    if (!comment) {
      return [line];
    }
    seen.add(path!);
    const space = ' '.repeat(line.search(/\S/));
    const above = comment.above.map(one => one && space + one);
    return [...above, comment.behind ? `${line} ${comment.behind}` : line];
  });
  return `${[...written, ...(comments.get('')?.above ?? [])].join('\n').trimEnd()}\n`;
}

/** Tells the path of each line that has a key or is an item of a list; lines are given in their order. */
function paths(): (line: string) => string | null {
  const open: { depth: number; path: string; isItem: boolean }[] = [];
  const enter = (depth: number, name: string, isItem: boolean): string => {
    // A list may stand as deep as the key that it belongs to.
    const isInside = (one: (typeof open)[number]): boolean =>
      one.depth < depth || (isItem && !one.isItem && one.depth === depth);
    while (open.length > 0 && !isInside(open.at(-1)!)) {
      open.pop();
    }
    const path = JSON.stringify([open.at(-1)?.path ?? '', name]);
    open.push({ depth, path, isItem });
    return path;
  };
  return line => {
    let depth = line.search(/\S/);
    let rest = line.trim();
    let path: string | null = null;
    for (let mark = /^-\s+/.exec(rest); mark; mark = /^-\s+/.exec(rest)) {
      rest = rest.slice(mark[0].length);
      path = enter(depth, `- ${plain(rest.replace(/\s+#.*$/, ''))}`, true);
      depth += mark[0].length;
    }
    const key = KEY.exec(rest)?.[1];
    return key === undefined ? path : enter(depth, plain(key), false);
  };
}

/** A name or word without its quotes. */
function plain(word: string): string {
  if (word.startsWith("'")) {
    return word.slice(1, -1).replaceAll("''", "'");
  }
  try {
    return word.startsWith('"') ? String(JSON.parse(word)) : word;
  } catch {
    return word; // YAML has escapes that JSON has not.
  }
}
