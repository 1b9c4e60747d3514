import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Names the tests that passed only when they were tried again, with why they had not: each is a bug of somebody's. */
export default class Flaky implements Reporter {
  readonly #flaky: TestCase[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.#flaky.push(test);
  }

  onTestRunEnd(_modules: readonly TestModule[]): void {
    if (this.#flaky.length === 0) return;
    console.log(`\n${this.#flaky.length} passed only at the second try:`);
    for (const test of this.#flaky) {
      console.log(`  ${test.module.relativeModuleId} > ${test.fullName}`);
      for (const { message } of test.result().errors ?? []) console.log(`    ${message.split('\n')[0]}`);
    }
  }
}
