import type { GuestProcess } from './GuestProcess.js';
import type { SeatManager, SessionOptions } from './SeatManager.js';

/** What guest/controller.c counts. */
export interface Counts {
  readonly keys: number;
  readonly backgroundKeys: number;
  readonly flips: number;
  readonly backgroundFlips: number;
  /** PauseDevice("pause"), and the other kinds. */
  readonly pauses: number;
  readonly forces: number;
  readonly resumes: number;
  /** How many fds it was given, and how often one of them was tried in the background. */
  readonly fds: number;
  readonly checks: number;
}

interface Options extends Pick<SessionOptions, 'user' | 'seat' | 'vt'> {
  /** Device nodes, of which it takes control. */
  readonly devices: readonly string[];
  /** It never answers PauseDevice("pause"), or it sets the mode of its VT itself, as an X server does. */
  readonly manner?: 'silent' | 'own-vt';
}

/** A session whose controller tells of all that the manager tells it (guest/controller.c). */
export class ControlledSession {
  static async open(manager: SeatManager, options: Options): Promise<ControlledSession> {
    const { devices, manner, ...session } = options;
    const words = ['exec /out/controller', ...(manner ? [`--${manner}`] : []), ...devices];
    const { id, process } = await manager.open({ ...session, program: words.join(' ') });
    await process.printed(/ready\n/);
    return new ControlledSession(id, process, devices.length);
  }

  readonly id: string;
  readonly #process: GuestProcess;
  readonly #deviceCount: number;
  /** How much of the output has been waited for. */
  #seen = 0;

  private constructor(id: string, process: GuestProcess, deviceCount: number) {
    this.id = id;
    this.#process = process;
    this.#deviceCount = deviceCount;
  }

  get log(): string {
    return this.#process.stdout;
  }

  /** Waits for a line that it has not waited for yet; when the controller wrote it, in ms of the guest's clock. */
  async told(pattern: RegExp, patience = 180_000): Promise<number> {
    const line = new RegExp(`^([\\d.]+) (?:${pattern.source}).*\\n`, 'm');
    const match = await this.#process.printed(line, patience, this.#seen);
    this.#seen += match.index + match[0].length;
    return Number(match[1]);
  }

  /** Asks for its own session; how many ms pass until it has all of its devices. */
  async activate(): Promise<number> {
    this.#process.write('activate\n');
    const asked = await this.told(/activate(?!d)/);
    let last = asked;
    for (let device = 0; device < this.#deviceCount; device++) last = await this.told(/resume/);
    return last - asked;
  }

  async counts(): Promise<Counts> {
    this.#process.write('report\n');
    await this.told(/counted:/);
    const line = this.log.slice(0, this.#seen).trimEnd().split('\n').at(-1)!;
    const number = (name: string) => Number(new RegExp(` ${name}=(\\d+)`).exec(line)?.[1]);
    return {
      keys: number('keys'),
      backgroundKeys: number('background-keys'),
      flips: number('flips'),
      backgroundFlips: number('background-flips'),
      pauses: number('pauses'),
      forces: number('forces'),
      resumes: number('resumes'),
      fds: number('fds'),
      checks: number('checks'),
    };
  }

  /** Ends the session. */
  async close(): Promise<void> {
    this.#process.end();
    await this.#process.status;
  }
  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }
}
