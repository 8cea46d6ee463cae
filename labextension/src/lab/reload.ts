// What Notebook 7 does not restore: it is noted when the page is left, and there as long as the browser's tab is.

export class Reload {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly #page: Pick<Window, 'location' | 'addEventListener'>;

  constructor(
    storage: Pick<Storage, 'getItem' | 'setItem'> = window.sessionStorage,
    page: Pick<Window, 'location' | 'addEventListener'> = window
  ) {
    this.#storage = storage;
    this.#page = page;
  }

  /** What a part of this page had to say when it was left; null where that is not known. `now` says it next time. */
  keep<T>(name: string, now: () => T): T | null {
    // A notebook that was renamed meanwhile has another address.
    const key = (): string => `aml-magics:${name}:${this.#page.location.pathname}`;
    this.#page.addEventListener('pagehide', () => {
      try {
        this.#storage.setItem(key(), JSON.stringify(now()));
      } catch (error) {
        console.warn('aml_magics: the browser keeps nothing for a reload of the page.', error);
      }
    });
    try {
      return JSON.parse(this.#storage.getItem(key()) ?? 'null') as T | null;
    } catch {
      return null; // Damaged, or no storage.
    }
  }
}
