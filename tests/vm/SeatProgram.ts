import type { GuestProcess } from './GuestProcess.js';
import type { Vm } from './Vm.js';

const program = 'node_modules/.cache/tests/vm/guest/seats.js';

/** guest/seats.ts in a VM: a session manager with real devices, and controllers of sessions on it. */
export class SeatProgram {
  readonly #process: GuestProcess;
  #read = 0;

  /** `options`: of the session manager. */
  static async start(vm: Vm, ...options: string[]): Promise<SeatProgram> {
    const started = new SeatProgram(vm.exec(`exec node ${program} ${options.join(' ')}`));
    await started.#answer();
    return started;
  }

  private constructor(process: GuestProcess) {
    this.#process = process;
  }

  /** Calls one of its functions. */
  async call(name: string, ...given: unknown[]): Promise<unknown> {
    this.#process.write(`${JSON.stringify([name, ...given])}\n`);
    return this.#answer();
  }

  /** Ends it, and the manager with it as a system's end does. What services have logged is in /tmp/*.log. */
  async stop(): Promise<void> {
    this.#process.end();
    await this.#process.status;
  }

  async #answer(): Promise<unknown> {
    await this.#process.printed(new RegExp(`^(.*\n){${this.#read + 1}}`), 180_000);
    const answer = JSON.parse(this.#process.stdout.split('\n')[this.#read++]!) as {
      value?: unknown;
      failed?: string;
    };
    if (answer.failed !== undefined) throw new Error(`${answer.failed}\n${this.#process.stderr}`);
    return answer.value;
  }
}
