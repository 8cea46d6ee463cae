// What a host that does not answer as asked says, and when it is asked again.

const FIRST_DELAY = 500;
const LAST_DELAY = 15_000;

/**
 * `gone`: what was asked for is not there; `refused`: the question cannot be answered as it is;
 * `missing`: the host does not know the question; `away`: it may work later, and is tried again by itself.
 */
export type RefusalKind = 'gone' | 'refused' | 'missing' | 'away';

export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string
  ) {
    super(message);
  }
}

/** Milliseconds before the next try, so that many panels do not try at once. */
export function delayAfter(failures: number, chance = Math.random()): number {
  return Math.min(LAST_DELAY, FIRST_DELAY * 2 ** (failures - 1)) * (0.8 + 0.4 * chance);
}
