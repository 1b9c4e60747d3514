import { readFileSync } from 'node:fs';
import { processStat, type RuntimeDir } from '@switchyard/runtime';
import { readTreeFile } from '../supervisor/TreeFile.js';
import type { Yard } from '../Yard.js';

/** What may hang: a session or a service of the tree. */
export interface Suspect {
  readonly kind: 'session' | 'service';
  /** A session's id, a service's name. */
  readonly id: string;
  readonly name: string;
  readonly pid: number;
  /** Of proc(5), in words; undefined when the process is gone. */
  readonly condition: string | undefined;
}

/** The states of proc(5). A stopped process and one that waits for a device answer nobody. */
const conditions: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for a device',
  T: 'STOPPED',
  t: 'STOPPED by a debugger',
  Z: 'dead',
  I: 'idle',
  X: 'dead',
};

function conditionOf(pid: number): string | undefined {
  const state = processStat(pid)?.state;
  return state === undefined ? undefined : (conditions[state] ?? state);
}

/** The seat's sessions but for emergency ones. */
export async function sessionSuspects(yard: Yard, seat: string): Promise<Suspect[]> {
  const sessions = await yard.sessions();
  return sessions
    .filter((session) => session.seat === seat && session.class !== 'emergency')
    .map(({ id, name, leader }) => ({
      kind: 'session' as const,
      id,
      name: name || commandOf(leader),
      pid: leader,
      condition: conditionOf(leader),
    }));
}

/** The services of the tree in that directory, as its supervisor wrote them down: also when the bus answers nobody. */
export function serviceSuspects(directory: RuntimeDir): Suspect[] {
  return (readTreeFile(directory)?.services ?? []).map(({ name, pid }) => ({
    kind: 'service' as const,
    id: name,
    name,
    pid,
    condition: conditionOf(pid),
  }));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
