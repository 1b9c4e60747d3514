import { defineConfig } from 'vitest/config';

/**
 * A machine that others share may lose one of thousands of races against a browser or an emulated kernel: where nobody
 * watches, such a test has a second chance. Those that needed it are named at the end of the run (tests/support/Flaky).
 */
const retry = process.env.CI ? 1 : 0;
/** Only what never comes fails by waiting for it: a machine that others share may stand still for seconds. */
const expect = { poll: { timeout: 60_000 } };
const common = { testTimeout: 180_000, hookTimeout: 240_000, pool: 'forks', retry, expect } as const;

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/Flaky.ts', './tests/support/FailedFiles.ts'],
    projects: [
      {
        test: {
          ...common,
          name: 'parts',
          include: ['{libs,services}/*/src/**/*.test.ts', 'cli/src/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole trees with browsers, one at a time: they measure what a person would wait for.
        test: {
          ...common,
          name: 'whole',
          testTimeout: 240_000,
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/vm/**'],
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Machines that are emulated: everything in them takes several times as long.
        test: {
          ...common,
          name: 'vm',
          include: ['tests/vm/**/*.test.ts'],
          testTimeout: 400_000,
          hookTimeout: 400_000,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
