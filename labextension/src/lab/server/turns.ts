// A browser opens six connections to one server, for all of its tabs. What follows something holds one,
// so that only a few may at once; the others get their turn, and go on from where they were.

export interface Holder {
  /** The turn has come. */
  begin(): void;
  /** The turn is over; another one comes by itself. */
  end(): void;
}

export class Turns {
  readonly #holding: Holder[] = [];
  readonly #waiting: Holder[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  /**
   * @param size how many hold a turn at once.
   * @param length milliseconds of a turn while others wait.
   */
  readonly #size: number;
  readonly #length: number;

  constructor(size: number, length: number) {
    this.#size = size;
    this.#length = length;
  }

  enter(holder: Holder): void {
    if (!this.#holding.includes(holder) && !this.#waiting.includes(holder)) {
      this.#waiting.push(holder);
      this.#next();
    }
  }

  leave(holder: Holder): void {
    for (const list of [this.#holding, this.#waiting]) {
      const place = list.indexOf(holder);
      if (place >= 0) {
        list.splice(place, 1);
      }
    }
    this.#next();
  }

  #next(): void {
    while (this.#holding.length < this.#size && this.#waiting.length > 0) {
      const holder = this.#waiting.shift()!;
      this.#holding.push(holder);
      holder.begin();
    }
    if (this.#waiting.length === 0) {
      clearTimeout(this.#timer ?? undefined);
      this.#timer = null;
    } else {
      this.#timer ??= setTimeout(() => this.#rotate(), this.#length);
    }
  }

  #rotate(): void {
    this.#timer = null;
    const oldest = this.#holding.shift();
    if (oldest) {
      this.#waiting.push(oldest);
      oldest.end();
    }
    this.#next();
  }
}
