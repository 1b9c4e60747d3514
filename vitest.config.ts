import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{libs,services}/*/src/**/*.test.ts', 'cli/src/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
