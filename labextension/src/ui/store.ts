// The state of a screen, in one place; what draws it is told of changes.
import { useEffect, useState } from 'preact/hooks';

/** Holds a state that is never changed in place: each change makes a new one. */
export class Store<S extends object> {
  #state: S;
  readonly #listeners = new Set<() => void>();

  constructor(state: S) {
    this.#state = state;
  }

  get state(): S {
    return this.#state;
  }

  set(change: Partial<S> | ((state: S) => Partial<S>)): void {
    const fields = typeof change === 'function' ? change(this.#state) : change;
    this.#state = { ...this.#state, ...fields };
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }

  /** Called after each change; returns what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The state of a store, for a component that is drawn at each change of it, at once and alone. */
export function useStored<S extends object>(store: Store<S>): S {
  const [, draw] = useState(store.state);
  useEffect(() => store.subscribe(() => draw(store.state)), [store]);
  return store.state;
}
