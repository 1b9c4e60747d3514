import { setFlagsFromString } from 'node:v8';

/** V8's own is 135168, in bytes of bytecode that a function runs through between two looks at whether it is worth optimizing. */
const INTERRUPT_BUDGET = 1_500_000;

/**
 * For services that do a little now and then: V8 takes functions for hot ten times later. Its compiler runs beside the
 * program, on CPUs that others want just then; where a session is switched to once in a while, a third to a half of
 * all CPU time went to code that was never used enough to pay for it. What is used all the time is optimized all the same.
 */
export function optimizeLate(): void {
  setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
}
