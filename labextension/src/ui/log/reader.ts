// Reads a log: the end of a file first, earlier pages on request, and what is new as it comes.
import type { LogPageView, LogSearchView, Questions } from '../../contract.gen';
import type { Translate } from '../host';
import type { LineTime } from './time';

/** Bytes beyond which the end is read instead of all that lies between. */
const FAR = 1 << 18;
const MOST = 5_000;
const PAGE = 500;

/** Lines that are drawn together. */
export interface LogPage {
  readonly key: number;
  /** Bytes of the file. */
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
  /** Positions in `lines` of those that look like errors. */
  readonly errors: ReadonlySet<number>;
  /** When each of `lines` was printed. */
  readonly times: readonly LineTime[];
}

/** A line by its page and its position there. */
export interface LinePlace {
  readonly page: number;
  readonly line: number;
}

export interface LogState {
  readonly pages: readonly LogPage[];
  /** The file that is read; the run's own output where none was chosen. */
  readonly file: string;
  readonly files: readonly string[];
  /** Whether what is new scrolls into sight: until the reader scrolls up. */
  readonly isFollowing: boolean;
  /** Whether there is more than what was read. */
  readonly isBehind: boolean;
  readonly isLoaded: boolean;
  readonly problem: { readonly why: unknown } | null;
  /** The line that is marked. */
  readonly at: LinePlace | null;
}

export const NO_LOG: LogState = {
  ...{ pages: [], file: '', files: [], isFollowing: true },
  ...{ isBehind: false, isLoaded: false, problem: null, at: null }
};

export type Stretch = Pick<Questions['log'], 'start' | 'end' | 'file'>;
export type LogSearch = Pick<
  Questions['log_search'],
  'text' | 'is_regex' | 'file' | 'start' | 'line'
>;

/** Where a log comes from, and where its state is kept: the log of a run, of a service. */
export interface LogSource {
  readonly t: Translate;
  readonly log: LogState;
  set(log: LogState): void;
  /** Draw now. */
  flush(): void;
  ask(stretch: Stretch): Promise<LogPageView>;
  search(search: LogSearch): Promise<LogSearchView>;
  /** The last lines that are known without the log itself. */
  tail(): readonly string[];
}

export class LogReader {
  #file: string | undefined;
  #size = -1;
  #isBusy = false;
  #turn = 0;
  #keys = 0;
  readonly #source: LogSource;

  constructor(source: LogSource) {
    this.#source = source;
  }

  get #log(): LogState {
    return this.#source.log;
  }

  get source(): LogSource {
    return this.#source;
  }

  /** Read the end, unless something was read before. */
  open(): void {
    if (this.#turn === 0) {
      this.tail();
    }
  }

  /** The log of the run has so many bytes now. */
  grown(size: number): void {
    if (size !== this.#size) {
      this.#set({ isBehind: this.#log.isBehind || this.#size >= 0 });
      this.#size = size;
    }
    this.#catchUp();
  }

  choose(file: string): void {
    this.#file = file;
    this.tail();
  }

  follow(isFollowing: boolean): void {
    if (isFollowing !== this.#log.isFollowing) {
      this.#set({ isFollowing });
    }
    this.#catchUp();
  }

  tail(): void {
    this.#set({ isBehind: false });
    void this.#load({}, page => {
      this.#reset([page], { isFollowing: true });
      return true;
    });
  }

  earlier(): void {
    if (!this.#isBusy) {
      void this.#load({ end: this.#log.pages[0]?.start ?? 0 }, page => {
        const pages = [this.#made(page), ...this.#log.pages];
        this.#set({ pages: shed(pages, 'pop') });
        return true;
      });
    }
  }

  /** Show the line that begins at a byte, with what stands before it. */
  async goTo(offset: number): Promise<void> {
    let after: LogPageView | null = null;
    await this.#load({ start: offset }, page => {
      after = page;
      return false;
    });
    if (after === null) {
      return; // The problem is told, or another request came.
    }
    await this.#load({ end: offset }, before => {
      const isWhole = before.end > before.start;
      this.#reset(isWhole ? [before, after!] : [after!], { isFollowing: false });
      const page = this.#log.pages.at(-1)!;
      this.#set({ at: { page: page.key, line: 0 }, isBehind: page.end < before.size });
      return false;
    });
  }

  mark(at: LinePlace): void {
    this.#set({ at, isFollowing: false });
  }

  dispose(): void {
    this.#turn += 1; // What still comes is void.
  }

  /** Read on from what is loaded. */
  #catchUp(): void {
    const { isBehind, isLoaded, isFollowing, pages } = this.#log;
    if (!isBehind || !isFollowing || this.#isBusy || !isLoaded) {
      return;
    }
    const end = pages.at(-1)?.end ?? 0;
    if (this.#file === undefined && this.#size - end > FAR) {
      this.tail();
      return;
    }
    this.#set({ isBehind: false });
    void this.#load({ start: end }, page => {
      if (page.start !== end) {
        this.#reset([page], { isFollowing: true }); // The file began anew, or a part of it is gone.
      } else if (page.end > end) {
        this.#append(page);
      }
      return page.end > end;
    });
  }

  /** Ask for a stretch; `take` says whether to read on where the file is longer. A later request makes an earlier one void. */
  async #load(stretch: Stretch, take: (page: LogPageView) => boolean): Promise<void> {
    const turn = (this.#turn += 1);
    const file = this.#file === undefined ? {} : { file: this.#file };
    this.#isBusy = true;
    try {
      const page = await this.#source.ask({ ...file, ...stretch });
      if (turn !== this.#turn) {
        return;
      }
      const isMore = take(page) && (this.#log.pages.at(-1)?.end ?? 0) < page.size;
      this.#set({
        ...{ file: page.file, files: page.files, isLoaded: true, problem: null },
        isBehind: isMore || this.#log.isBehind
      });
    } catch (why) {
      if (turn !== this.#turn) {
        return;
      }
      this.#fail(why);
    }
    this.#isBusy = false;
    this.#catchUp();
  }

  /** Without the log itself its last lines still are there. */
  #fail(why: unknown): void {
    this.#set({ problem: { why } });
    if (!this.#log.isLoaded) {
      const lines = [...this.#source.tail()];
      const nowhere = { file: '', files: [], start: 0, end: 0, size: 0, errors: [], times: [] };
      this.#reset([{ ...nowhere, lines }], { isFollowing: true });
    }
  }

  #reset(pages: LogPageView[], fields: Partial<LogState>): void {
    this.#set({ pages: pages.map(page => this.#made(page)), at: null, ...fields });
  }

  #append(page: LogPageView): void {
    const pages = [...this.#log.pages];
    const last = pages.at(-1);
    if (last && last.lines.length + page.lines.length <= PAGE) {
      const errors = page.errors.map(place => place + last.lines.length);
      pages[pages.length - 1] = {
        ...{ key: last.key, start: last.start, end: page.end },
        ...{ lines: [...last.lines, ...page.lines], errors: new Set([...last.errors, ...errors]) },
        times: [...last.times, ...timesOf(page)]
      };
    } else {
      pages.push(this.#made(page));
    }
    this.#set({ pages: shed(pages, 'shift') });
  }

  #made(page: LogPageView): LogPage {
    const { start, end, lines, errors } = page;
    const key = (this.#keys += 1);
    return { key, start, end, lines, errors: new Set(errors), times: timesOf(page) };
  }

  #set(change: Partial<LogState>): void {
    this.#source.set({ ...this.#log, ...change });
  }
}

/** A time for each line, whatever was answered. */
function timesOf({ lines, times }: LogPageView): LineTime[] {
  return lines.map((_, place) => {
    const time = times[place];
    return typeof time === 'number' ? time : null;
  });
}

/** Drop pages at the end that is not read. */
function shed(pages: LogPage[], from: 'shift' | 'pop'): LogPage[] {
  let count = pages.reduce((sum, page) => sum + page.lines.length, 0);
  while (count > MOST && pages.length > 1) {
    count -= pages[from]()!.lines.length;
  }
  return pages;
}
