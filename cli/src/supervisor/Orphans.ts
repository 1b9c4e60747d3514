import { readFileSync } from 'node:fs';
import { processStat } from '@switchyard/runtime';
import { reapChild, setChildSubreaper } from '@switchyard/sys';

/**
 * Makes this process the parent of every orphan below it (PR_SET_CHILD_SUBREAPER, prctl(2)), so that none escapes `yard down`, and
 * buries those that end. The children that Node started are left to Node, which waits for each of them by pid.
 */
export function adoptOrphans(isOwnChild: (pid: number) => boolean): void {
  setChildSubreaper();
  process.on('SIGCHLD', () => {
    for (const pid of children()) {
      if (!isOwnChild(pid) && processStat(pid)?.state === 'Z') reapChild(pid);
    }
  });
}

function children(): number[] {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1')
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}
