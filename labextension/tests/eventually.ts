import { vi } from 'vitest';

/** Waits until what is expected holds; a minute, since vitest's own second is short on a busy machine. */
export function eventually(expectation: () => void): Promise<void> {
  return vi.waitFor(expectation, { timeout: 60_000 });
}
