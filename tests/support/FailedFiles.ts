import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Writes which test files have failed, a line each, to the file that TEST_FAILURES names: for who runs them again. */
export default class FailedFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly object[]): void {
    const path = process.env['TEST_FAILURES'];
    if (!path) return;
    const failed = new Set(modules.filter((one) => !one.ok()).map(({ moduleId }) => moduleId));
    for (const error of errors) failed.add(originOf(error));
    writeFileSync(path, [...failed].map((one) => `${one}\n`).join(''));
  }
}

/** The file whose test was running when an error came that no test has caught; empty when that is not known. */
const originOf = (error: { VITEST_TEST_PATH?: string }): string => error.VITEST_TEST_PATH ?? '';
