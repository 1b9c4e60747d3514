import type { GuestProcess } from './GuestProcess.js';
import type { Vm } from './Vm.js';

const program = 'node_modules/.cache/tests/vm/guest/cards.js';

/** guest/cards.ts in a VM: plays with libs/drm, a step at a time, so that there can be a look at the screens in between. */
export class CardProgram {
  readonly #process: GuestProcess;
  #read = 0;

  static async start(vm: Vm): Promise<CardProgram> {
    const started = new CardProgram(vm.exec(`exec node ${program}`));
    await started.#answer();
    return started;
  }

  private constructor(process: GuestProcess) {
    this.#process = process;
  }

  /** Begins a play, and ends the one before; what its first step saw. */
  play(name: string): Promise<unknown> {
    this.#process.write(`${name}\n`);
    return this.#answer();
  }

  /** The next step; 'done' behind the last one. */
  step(): Promise<unknown> {
    this.#process.write('\n');
    return this.#answer();
  }

  async #answer(): Promise<unknown> {
    await this.#process.printed(new RegExp(`^(.*\n){${this.#read + 1}}`));
    const answer: unknown = JSON.parse(this.#process.stdout.split('\n')[this.#read++]!);
    const failed = (answer as { failed?: string } | undefined)?.failed;
    if (failed) throw new Error(failed);
    return answer;
  }
}
