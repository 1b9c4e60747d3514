import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that is measured, and what it has of the machine. It ends with the benchmark. */
export class Daemon {
  static #all = [];

  static start(program, args, environment = {}) {
    const env = { ...process.env, YARD_LOG_LEVEL: 'error', ...environment };
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    const daemon = new Daemon(child);
    Daemon.#all.push(daemon);
    return daemon;
  }

  static endAll() {
    for (const { child } of Daemon.#all.splice(0).reverse()) child.kill('SIGKILL');
  }

  constructor(child) {
    this.child = child;
  }

  get pid() {
    return this.child.pid;
  }
  /** Microseconds of CPU time of all its threads. */
  get cpu() {
    const tasks = `/proc/${this.pid}/task`;
    const used = readdirSync(tasks).map((task) =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, 'latin1').split(' ')[0]),
    );
    return used.reduce((sum, one) => sum + one, 0) / 1000;
  }
  get held() {
    const pages = Number(readFileSync(`/proc/${this.pid}/statm`, 'latin1').split(' ')[1]);
    const mebibytes = ((pages * 4096) / 2 ** 20).toFixed(1);
    return `${readdirSync(`/proc/${this.pid}/fd`).length} fds, ${mebibytes} MiB`;
  }

  async until(condition) {
    for (let i = 0; !condition(); i++) {
      if (i > 6000) throw new Error('it did not start within a minute');
      if (this.child.exitCode !== null) throw new Error(`${this.child.spawnfile} ended by itself`);
      await sleep(10);
    }
  }
}
