import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The limits are for what hangs, and not for what a busy machine is slow at.
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
});
