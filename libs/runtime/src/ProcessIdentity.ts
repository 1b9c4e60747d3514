import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Of a second, in what the kernel tells programs (USER_HZ), on all machines but Alpha and IA-64. */
const ticks = 100;

/** A process, told apart from a later one with the same pid by the time it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot: field 22 of /proc/PID/stat, proc(5). */
  readonly startTime: string;
}

interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  readonly startTime: string;
}

/** The fields of /proc/PID/stat behind the name, which is in parentheses and may hold anything. Undefined when there is no such process. */
export function processStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  const startTime = fields[19];
  if (state === undefined || parent === undefined || startTime === undefined) return undefined;
  return { state, parent: Number(parent), startTime };
}

export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const stat = processStat(pid);
  return stat && { pid, startTime: stat.startTime };
}

/** When it began, in milliseconds of Date.now(); to a hundredth of a second. */
export function beganAt(process: ProcessIdentity): number {
  return Math.min(Date.now(), Date.now() - (uptime() - Number(process.startTime) / ticks) * 1000);
}

/** True while that very process runs; a zombie does not. */
export function isRunning(process: ProcessIdentity): boolean {
  const stat = processStat(process.pid);
  return (
    stat !== undefined && stat.startTime === process.startTime && stat.state !== 'Z' && stat.state !== 'X'
  );
}

/** Resident set size in bytes, 0 when the process is gone. */
export function residentBytes(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
    return pages * 4096;
  } catch {
    return 0;
  }
}
