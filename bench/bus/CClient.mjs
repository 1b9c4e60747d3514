import { spawn } from 'node:child_process';

/** Runs bench/bus/client.c's program against one broker. */
export class CClient {
  #program;
  #path;
  #running = new Set();

  constructor(program, path) {
    this.#program = program;
    this.#path = path;
  }

  /** Runs to its end; what it printed, as a number. */
  async run(...words) {
    return Number(await this.start(...words).result);
  }

  /** `first`: its first line; `result`: its last, when it has ended. */
  start(...words) {
    const child = spawn(this.#program, [this.#path, ...words.map(String)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    let output = '';
    let complaint = '';
    let tellFirst;
    const first = new Promise((resolve) => {
      tellFirst = resolve;
    });
    child.stdout.on('data', (text) => {
      output += text;
      if (output.includes('\n')) tellFirst(output.slice(0, output.indexOf('\n')));
    });
    child.stderr.on('data', (text) => {
      complaint += text;
    });
    const result = new Promise((resolve, reject) => {
      child.once('close', (code) => {
        this.#running.delete(child);
        if (code && code > 0) reject(new Error(complaint.trim() || `the client ended with ${code}`));
        else resolve(output.trim().split('\n').at(-1));
      });
    });
    result.catch(() => {});
    const stop = async () => {
      child.kill('SIGTERM');
      return await result;
    };
    return { first, result, stop };
  }

  end() {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}
