// Lines to copy that call a service; a key stands in them only where it was asked for.

export const PLACEHOLDER = '<key>';

/** A word of a POSIX shell that stands for `text` and nothing else. */
export function shellWord(text: string): string {
  return `'${text.replace(/'/g, `'"'"'`)}'`;
}

/** A call from a shell. */
export function curlLines(uri: string, body: string, key: string | null): string {
  return [
    `curl ${shellWord(uri)}`,
    "-H 'Content-Type: application/json'",
    ...(key === null ? [] : [`-H ${shellWord(`Authorization: Bearer ${key}`)}`]),
    `-d ${shellWord(body)}`
  ].join(' \\\n  ');
}

/** A call from Python; a body that is JSON is written as a value would be. */
export function pythonLines(uri: string, body: string, key: string | null): string {
  const headers = key === null ? '' : `, "Authorization": ${JSON.stringify(`Bearer ${key}`)}`;
  return [
    'import requests',
    '',
    `body = ${JSON.stringify(body)}`,
    `headers = {"Content-Type": "application/json"${headers}}`,
    `answer = requests.post(${JSON.stringify(uri)}, data=body.encode(), headers=headers, timeout=60)`,
    'answer.raise_for_status()',
    'answer.json()'
  ].join('\n');
}
