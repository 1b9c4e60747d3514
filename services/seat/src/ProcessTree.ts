import { readdirSync } from 'node:fs';
import { identifyProcess, isRunning, processStat } from '@switchyard/runtime';
import { Pidfd } from '@switchyard/sys';

/** Signals all processes below `root`, children before their parents can miss them. Those that end meanwhile are well. */
export function signalDescendants(root: number, signal: number): void {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const parent = Number.isInteger(pid) ? processStat(pid)?.parent : undefined;
    if (parent === undefined) continue;
    const siblings = children.get(parent);
    if (siblings) siblings.push(pid);
    else children.set(parent, [pid]);
  }
  for (const pid of descendants(children, root)) {
    const identity = identifyProcess(pid);
    if (!identity) continue;
    try {
      using process = Pidfd.open(pid);
      // The pidfd means the process that was listed only if that one still has the pid.
      if (isRunning(identity)) process.signal(signal);
    } catch {
      // Ended, or another user's (setuid programs): not ours to signal.
    }
  }
}

function* descendants(children: ReadonlyMap<number, number[]>, root: number): Generator<number> {
  for (const child of children.get(root) ?? []) {
    yield* descendants(children, child);
    yield child;
  }
}
