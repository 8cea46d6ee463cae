// Server-sent events out of chunks of text that are cut anywhere.

export interface ServerEvent {
  name: string;
  data: string;
  /** The last id that was sent, with this event or before it. */
  id: string | null;
}

/** Reads the stream of one response. */
export class EventParser {
  #rest = '';
  #name = '';
  #data: string[] = [];
  #id: string | null = null;

  /** The events that are complete with this chunk. */
  feed(chunk: string): ServerEvent[] {
    const text = this.#rest + chunk;
    // A CR at the end may be half of a CRLF: what it ends is known with the next chunk.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\r|\n/);
    this.#rest = (lines.pop() ?? '') + text.slice(whole.length);
    const events: ServerEvent[] = [];
    for (const line of lines) {
      if (line !== '') {
        this.#field(line);
      } else if (this.#data.length > 0 || this.#name !== '') {
        events.push({ name: this.#name || 'message', data: this.#data.join('\n'), id: this.#id });
        this.#name = '';
        this.#data = [];
      }
    }
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'event') {
      this.#name = value;
    } else if (name === 'id' && !value.includes('\0')) {
      this.#id = value;
    }
  }
}
