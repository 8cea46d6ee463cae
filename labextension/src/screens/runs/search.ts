// What the table is filtered and ordered by: words are looked for here, a filter is asked of the host.
import type { Host } from '../../ui/host';
import type { RunQuery } from '../../contract.gen';
import { nextSort } from './order';
import type { Sort } from './order';
import { wordsIn } from './words';
import type { Condition } from './words';

/** Milliseconds without a key before the host is asked: names are wrong while they are typed. */
const PAUSE = 400;
/** A sign, a group of names, or a column with a word of the language: `aml_magics/services/filter/grammar.py`. */
const FILTER =
  /[=<>]|^(?:[\s(]|not\s)*(?:(?:metric|param|tag|propert)\w*\.|(?:status|reason|name|experiment|id|type|number|created|started|ended|duration|description)\s+(?:not\s+)?(?:like|is|in)\b)/i;

/** Whether the text is a filter, and not words to look for. */
export function isFilter(text: string): boolean {
  return FILTER.test(text);
}

export class Search {
  /** What a row that is here must meet. */
  condition: Condition | null = null;
  /** The filter that the host is followed by. */
  find = '';
  sort: Sort | null = null;
  /** What is wrong with the filter; the last one that was right stays in force. */
  problem = '';
  /** Whether the user stopped the loading that this needs, or it failed. */
  isHeld = false;
  #timer?: ReturnType<typeof setTimeout>;
  #turn = 0;

  constructor(
    private readonly host: Host,
    private readonly query: RunQuery,
    private readonly changed: () => void
  ) {}

  get isOn(): boolean {
    return (this.condition ?? this.sort) !== null;
  }

  orderBy(column: string): void {
    this.sort = nextSort(this.sort, column);
    this.isHeld = false;
  }

  /** Take what is typed. */
  type(text: string): void {
    this.stop();
    this.problem = '';
    this.isHeld = false;
    if (isFilter(text)) {
      this.#timer = setTimeout(() => void this.#ask(text), PAUSE);
    } else {
      this.condition = wordsIn(text);
      this.find = '';
    }
    this.changed();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  async #ask(find: string): Promise<void> {
    const turn = this.#turn;
    let problem = '';
    try {
      await this.host.ask('runs', {
        query: { ...this.query, find, sort: '' },
        offset: 0,
        limit: 1
      });
    } catch (error) {
      problem = (error as Error).message;
    }
    if (turn === this.#turn) {
      this.problem = problem;
      if (!problem) {
        this.find = find;
        this.condition = null;
      }
      this.changed();
    }
  }
}
