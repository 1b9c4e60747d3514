import { spawnSync } from 'node:child_process';

/** What `node -e 0` takes on a quiet machine of two cores. */
const quiet = 60;

/**
 * How much slower than a quiet machine this one is now, at least 1. Times that a person would notice are stated for a
 * quiet machine; on one that others share they are multiplied by this.
 */
export function slowness(): number {
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - start;
  });
  return Math.max(1, times.sort((a, b) => a - b)[1]! / quiet);
}
