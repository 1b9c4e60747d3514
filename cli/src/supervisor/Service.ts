import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import {
  beganAt,
  identifyProcess,
  isRunning,
  type Log,
  type ProcessIdentity,
  type RuntimeDir,
} from '@switchyard/runtime';
import { type Fd, Pidfd } from '@switchyard/sys';
import { KeptFiles } from './KeptFiles.js';
import type { Notification } from './NotifySocket.js';

/** A service that dies is started again after this time, doubled for each death up to the longest… */
const shortestPause = 100;
const longestPause = 5_000;
/** …and the pause is short again when it has lived this long. */
const longLife = 10_000;
/** A log that is larger when its service starts is moved aside, so that a runtime directory (often a tmpfs) stays small. */
const largestLog = 8 * 1024 * 1024;
/** What an orderly end may take before KILL. */
const endPatience = 1_500;

export interface ServiceOptions {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: RuntimeDir;
  readonly log: Log;
  /** Called at every change that `Status` or the tree's file shows. */
  readonly changed: () => void;
}

export type ServiceState = 'stopped' | 'starting' | 'ready' | 'pausing' | 'ending';

/**
 * One supervised process.
 *
 *   stopped ──start──▶ starting ──READY=1──▶ ready
 *      ▲                  │ ▲                  │
 *      │                dies └──── pause over   dies
 *      │                  ▼        │           ▼
 *      │               pausing ────┘◀──────────┘
 *      └── exits ── ending ◀── stop (from any state)
 *
 * It outlives its supervisor: a new one takes over what its predecessor left running (`adopt`).
 */
export class Service {
  readonly name: string;
  state: ServiceState = 'stopped';
  status = '';
  restarts = 0;
  startedAt = 0n;
  process: ProcessIdentity | undefined;

  readonly #options: ServiceOptions;
  /** Files of its process, for the one that comes after it. */
  readonly #kept = new KeptFiles();
  #pause = shortestPause;
  #timer: NodeJS.Timeout | undefined;
  #pidfd: Pidfd | undefined;
  #startedMs = 0;
  /** Where this run's lines begin in the log. */
  #logStart = 0;
  #waitingReady: ((error?: Error) => void)[] = [];
  #waitingEnd: (() => void)[] = [];

  constructor(options: ServiceOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Starts it and resolves when it is ready; rejects when its first start fails, since that is a fault of the set-up and not of the hour. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waitingReady.push((error) => (error ? reject(error) : resolve()));
      this.#spawn();
    });
  }

  /** Takes over a process that an earlier supervisor started. False when it is gone. */
  adopt(process: ProcessIdentity): boolean {
    if (!isRunning(process)) return false;
    try {
      this.#pidfd = Pidfd.open(process.pid);
    } catch {
      return false;
    }
    this.process = process;
    this.state = 'ready';
    this.#startedMs = beganAt(process);
    this.startedAt = BigInt(Math.round(this.#startedMs)) * 1000n;
    this.#pidfd.onExit(() => this.#died('gone'));
    return true;
  }

  /** What its first process, and those after it, get as LISTEN_FDS; the fd is the service's. */
  keep(name: string, fd: Fd): void {
    this.#kept.put(name, fd);
  }

  /** A notification came from this service's process; which fds of it are kept is taken out of it. */
  notified({ ready, status, store, name, fds }: Notification): void {
    if (store === 'put') for (const fd of fds.splice(0)) this.#kept.put(name, fd);
    if (store === 'remove') this.#kept.remove(name);
    if (status !== undefined) this.status = status;
    if (ready && this.state === 'starting') {
      this.state = 'ready';
      this.#tellReady();
    }
    this.#options.changed();
  }

  /** Ends it at once; as after any other death it is started again. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  stop(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.process) {
      this.state = 'stopped';
      return Promise.resolve();
    }
    this.state = 'ending';
    this.#signal('SIGTERM');
    const killer = setTimeout(() => this.#signal('SIGKILL'), endPatience);
    return new Promise((resolve) => {
      this.#waitingEnd.push(() => {
        clearTimeout(killer);
        resolve();
      });
    });
  }

  #spawn(): void {
    const { directory, argv, environment } = this.#options;
    const file = directory.log(this.name);
    keepSmall(file);
    const log = openSync(file, 'a', 0o600);
    this.#logStart = fstatSync(log).size;
    let child: ChildProcess;
    try {
      const [program, ...rest] = this.#kept.command(argv);
      // A session of its own: the terminal's Ctrl+C reaches the supervisor alone, which then ends its tree in order.
      child = spawn(program!, rest, {
        detached: true,
        env: { ...environment, ...this.#kept.environment() },
        stdio: ['ignore', log, log, ...this.#kept.numbers()],
      });
    } finally {
      closeSync(log);
    }
    this.state = 'starting';
    this.status = '';
    this.startedAt = BigInt(Date.now()) * 1000n;
    this.#startedMs = Date.now();
    child.on('error', (error) => this.#died(error.message));
    child.on('exit', (code, signal) => this.#died(signal ? `killed by ${signal}` : `exit status ${code}`));
    this.process = child.pid === undefined ? undefined : identifyProcess(child.pid);
    this.#options.changed();
  }

  #died(how: string): void {
    if (!this.process && this.state !== 'starting') return;
    this.process = undefined;
    this.#pidfd?.[Symbol.dispose]();
    this.#pidfd = undefined;
    if (this.state === 'ending') {
      this.state = 'stopped';
      this.#kept.clear();
      for (const done of this.#waitingEnd.splice(0)) done();
      this.#options.changed();
      return;
    }
    if (this.state === 'starting' && this.restarts === 0 && this.#waitingReady.length > 0) {
      this.state = 'stopped';
      this.#tellReady(
        new Error(
          lastWords(this.#options.directory.log(this.name), this.#logStart) ??
            `${this.name} did not start: ${how}`,
        ),
      );
      return;
    }
    if (Date.now() - this.#startedMs >= longLife) this.#pause = shortestPause;
    this.#options.log.warn(
      { service: this.name, how, again: this.#pause },
      'a service died; starting it again',
    );
    this.state = 'pausing';
    this.restarts++;
    this.#timer = setTimeout(() => this.#spawn(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, longestPause);
    this.#options.changed();
  }

  #tellReady(error?: Error): void {
    for (const waiting of this.#waitingReady.splice(0)) waiting(error);
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.process && isRunning(this.process)) process.kill(this.process.pid, signal);
  }
}

function keepSmall(file: string): void {
  try {
    if (statSync(file).size > largestLog) renameSync(file, `${file}.1`);
  } catch {
    // There is none yet.
  }
}

/** The last that a service said since `start`; of a JSON record its message. */
function lastWords(file: string, start: number): string | undefined {
  const lines = readFileSync(file).subarray(start).toString('utf8').trimEnd().split('\n');
  // Of an uncaught error the message stands before the stack and Node's own version.
  const line = lines.findLast((one) => !/^(\s|Node\.js v|}|$)/.test(one));
  if (!line) return undefined;
  try {
    return String((JSON.parse(line) as { msg?: unknown }).msg ?? line);
  } catch {
    return line;
  }
}
