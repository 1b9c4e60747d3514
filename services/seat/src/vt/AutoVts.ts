import { spawn } from 'node:child_process';
import type { Log } from '@switchyard/runtime';
import type { KernelVts } from './KernelVts.js';

/** VT_GETSTATE tells of no more whether they are in use; there are twelve keys. */
export const AUTO_VTS_MAX = 12;

/** Login prompts on the first VTs, each of which starts when somebody first comes to a VT that nothing has open. */
export class AutoVts {
  readonly #command: string;
  readonly #count: number;
  readonly #log: Log;
  readonly #running = new Set<number>();

  /** `command`: for a shell, in which %I is the terminal's name. */
  constructor(command: string, count: number, log: Log) {
    this.#command = command;
    this.#count = count;
    this.#log = log;
  }

  /** This VT is in front, and no session is on it. */
  shown(number: number, vts: KernelVts): void {
    if (number > this.#count || this.#running.has(number) || vts.inUse(number)) return;
    const tty = `tty${number}`;
    const child = spawn('/bin/sh', ['-c', this.#command.replaceAll('%I', tty)], {
      stdio: 'ignore',
      // A process session of its own, as who takes a terminal needs it; it outlives the manager like any login.
      detached: true,
      env: { ...process.env, NOTIFY_SOCKET: undefined },
    });
    const ended = () => this.#running.delete(number);
    child.on('error', (error) => {
      this.#log.error(`no login prompt on ${tty}: ${error.message}`);
      ended();
    });
    child.on('exit', ended);
    child.unref();
    this.#running.add(number);
    this.#log.info({ vt: number, pid: child.pid }, 'started a login prompt');
  }
}
