import type { Log } from '@switchyard/runtime';
import type { Program, Tab } from './Tab.js';

/** Starts the programs of tabs. */
export class Starter {
  readonly #program: Program;
  readonly #log: Log;
  /** Variables of programs that are started from now on, beside the program's own. */
  readonly environment: Record<string, string> = {};
  /** Where the next one begins; undefined: where the first one did. */
  directory: string | undefined;

  constructor(program: Program, log: Log) {
    this.#program = program;
    this.#log = log;
  }

  /** All variables of a program that is started now. */
  get allVariables(): NodeJS.ProcessEnv {
    return { ...this.#program.environment, ...this.environment };
  }

  /** `width` and `height` of the screen in pixels. A program that cannot be started is told in the tab. */
  start(tab: Tab, width: number, height: number): void {
    const { command, directory } = this.#program;
    const program = {
      command,
      directory: this.directory ?? directory,
      environment: this.allVariables,
    };
    const failure = tab.start(program, width, height);
    if (failure !== undefined) this.#log.error({ error: failure }, 'the program could not be started');
  }
}
