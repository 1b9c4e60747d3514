import { statSync } from 'node:fs';
import { identifyProcess, isRunning } from '@switchyard/runtime';
import { type Fd, Pidfd } from '@switchyard/sys';

/** A session's first process: when it ends, the session does. Held by pidfd, so a reused pid is never meant. */
export class Leader {
  readonly pid: number;
  /** Clock ticks since boot; with the pid it names the process across our own restarts. */
  readonly startTime: string;
  readonly #pidfd: Pidfd;

  private constructor(pid: number, startTime: string, pidfd: Pidfd) {
    this.pid = pid;
    this.startTime = startTime;
    this.#pidfd = pidfd;
  }

  /** Takes a pidfd over; undefined when it is none, or its process has ended or is not to be seen from here. */
  static adopt(fd: Fd): Leader | undefined {
    const pidfd = Pidfd.adopt(fd);
    const { pid } = pidfd;
    const identity = pid === undefined ? undefined : identifyProcess(pid);
    // Read behind the pidfd: the process that has the pid is the one that is meant if it still runs.
    if (identity && isRunning(identity) && pidfd.pid === pid) {
      return new Leader(identity.pid, identity.startTime, pidfd);
    }
    pidfd.close();
    return undefined;
  }

  /** Undefined when there is no such process, or it has ended. */
  static open(pid: number): Leader | undefined {
    let pidfd: Pidfd;
    try {
      pidfd = Pidfd.open(pid);
    } catch {
      return undefined;
    }
    const identity = identifyProcess(pid);
    if (identity && isRunning(identity)) return new Leader(pid, identity.startTime, pidfd);
    pidfd.close();
    return undefined;
  }

  /** The leader of before our restart; undefined when the pid is another process's now. */
  static reopen(pid: number, startTime: string): Leader | undefined {
    const leader = Leader.open(pid);
    if (leader?.startTime === startTime) return leader;
    leader?.close();
    return undefined;
  }

  /** The user whose process it is; undefined when it has ended meanwhile. */
  get uid(): number | undefined {
    try {
      const { uid } = statSync(`/proc/${this.pid}`);
      return isRunning(this) ? uid : undefined;
    } catch {
      return undefined;
    }
  }

  onExit(callback: () => void): void {
    this.#pidfd.onExit(callback);
  }

  /** A leader that is gone already needs no signal. Throws EPERM when it is another user's. */
  signal(signal: NodeJS.Signals | number): void {
    try {
      this.#pidfd.signal(signal);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ESRCH') throw error;
    }
  }

  close(): void {
    this.#pidfd.close();
  }
}
