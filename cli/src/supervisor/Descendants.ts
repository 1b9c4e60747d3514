import { readdirSync, readFileSync } from 'node:fs';
import { isRunning, type ProcessIdentity, processStat } from '@switchyard/runtime';

/** Every process that a tree starts has this in its environment, and so have their children, whoever their parent is by now. */
export const treeVariable = 'YARD_TREE';

/** How long processes have to end before KILL, and the time between looks. */
const patience = 2_000;
const look = 20;

/**
 * The processes of a tree but for this one: those that carry its mark, and this process's descendants (a subreaper's orphans are its
 * children), since a program may hide its environment or clear it.
 */
export function treeProcesses(tree: string): ProcessIdentity[] {
  const mark = `${treeVariable}=${tree}`;
  const all = new Map<number, { parent: number; startTime: string }>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const stat = Number.isInteger(pid) ? processStat(pid) : undefined;
    if (stat) all.set(pid, stat);
  }
  const ours: ProcessIdentity[] = [];
  for (const [pid, { startTime }] of all) {
    if (pid !== process.pid && (descends(pid, all) || carries(pid, mark))) ours.push({ pid, startTime });
  }
  return ours;
}

function descends(pid: number, all: ReadonlyMap<number, { parent: number }>): boolean {
  for (let at = all.get(pid)?.parent; at !== undefined && at > 1; at = all.get(at)?.parent) {
    if (at === process.pid) return true;
  }
  return false;
}

function carries(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
  } catch {
    return false;
  }
}

/** Ends processes: TERM, then KILL for those that are still there. Resolves when none runs. */
export async function endProcesses(find: () => ProcessIdentity[]): Promise<void> {
  const asked = new Set<number>();
  const deadline = Date.now() + patience;
  for (;;) {
    const running = find().filter(isRunning);
    if (running.length === 0) return;
    const last = Date.now() > deadline;
    for (const { pid } of running) {
      if (!last && asked.has(pid)) continue;
      asked.add(pid);
      try {
        process.kill(pid, last ? 'SIGKILL' : 'SIGTERM');
        // A stopped process takes no TERM before it goes on.
        if (!last) process.kill(pid, 'SIGCONT');
      } catch {
        // It ended meanwhile.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, look));
  }
}
