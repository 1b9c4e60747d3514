import { type FSWatcher, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { Pidfd } from '@switchyard/sys';

/**
 * The control group of one session (cgroups(7), version 2).
 *
 *   populated ──last process ended──▶ empty
 */
export class SessionScope {
  readonly path: string;
  #watch: FSWatcher | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Moves a process in; what it forks follows. Throws ESRCH when it has ended. */
  adopt(pid: number): void {
    writeFileSync(join(this.path, 'cgroup.procs'), `${pid}`);
  }

  get empty(): boolean {
    try {
      return !/^populated 1$/m.test(readFileSync(join(this.path, 'cgroup.events'), 'latin1'));
    } catch {
      return true;
    }
  }

  /** Calls back when no process is left, also when none is now. A second call replaces the first. */
  onEmpty(callback: () => void): void {
    this.unwatch();
    try {
      this.#watch = watch(join(this.path, 'cgroup.events'), { persistent: false }, () => {
        if (this.empty) callback();
      });
      this.#watch.on('error', () => this.unwatch());
    } catch {
      // No more watches (fs.inotify.max_user_watches): leader and fifo tell of the end as well.
    }
    if (this.empty) queueMicrotask(callback);
  }

  unwatch(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  /** To every process in it and in its child groups. Those that fork meanwhile may be missed; SIGKILL misses none. */
  signal(signal: NodeJS.Signals | number): void {
    if ((signal === 'SIGKILL' || signal === constants.signals.SIGKILL) && this.#kill()) return;
    for (const pid of pidsIn(this.path)) {
      try {
        using process = Pidfd.open(pid);
        // The pidfd means a process of ours only if the pid is still listed.
        if (pidsIn(this.path).includes(pid)) process.signal(signal);
      } catch {
        // It has ended.
      }
    }
  }

  /** All of it at once; false before Linux 5.14. */
  #kill(): boolean {
    try {
      writeFileSync(join(this.path, 'cgroup.kill'), '1');
      return true;
    } catch {
      return false;
    }
  }
}

function pidsIn(path: string): number[] {
  let text = '';
  try {
    text = readFileSync(join(path, 'cgroup.procs'), 'latin1');
  } catch {
    // The group is gone.
  }
  // 0 is a process in a pid namespace that is not below ours.
  const own = text
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
  return [...own, ...childGroups(path).flatMap((child) => pidsIn(join(path, child)))];
}

/** Child groups: files are the kernel's. */
export function childGroups(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
