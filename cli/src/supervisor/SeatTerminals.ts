import { type Connection, DBusError } from '@switchyard/dbus';
import { homeDirectory, type Log } from '@switchyard/runtime';
import type { HeldProgram, SessionPrograms } from './SessionPrograms.js';
import type { TreeSeat } from './TreeSeat.js';

/** A terminal that ends while nothing else is on the seat comes again after this time, so that one that cannot start does not spin. */
const PAUSE_MS = 500;
/** A program that was just started may show its first window within this time; one that lives on after its display, its next one. */
const WINDOW_PATIENCE_MS = 5000;

const login1 = 'org.freedesktop.login1';

export interface SeatTerminalsOptions {
  readonly programs: SessionPrograms;
  readonly log: Log;
  readonly connection: () => Connection;
  /** The seat of that name, if it is still there. */
  readonly seat: (name: string) => TreeSeat | undefined;
}

/**
 * A seat with a terminal is never left without a session to type into:
 *
 *   held (its process loads while the services start) ──start──▶ running ──ends, and nothing is seen──▶ pausing ──▶ running
 */
export class SeatTerminals implements Disposable {
  readonly #options: SeatTerminalsOptions;
  /** By seat. */
  readonly #held = new Map<string, HeldProgram>();
  #ended = false;

  constructor(options: SeatTerminalsOptions) {
    this.#options = options;
  }

  /** No terminal comes from now on. */
  [Symbol.dispose](): void {
    this.#ended = true;
  }

  /** Begins a terminal before its seat has a display. */
  hold(seat: TreeSeat): void {
    if (seat.options.console) this.#held.set(seat.name, this.#options.programs.hold(terminal(seat.name)));
  }

  /** The seat's first terminal, if it is to have one. Throws DBusError. */
  async start(seat: TreeSeat): Promise<void> {
    const { programs } = this.#options;
    const held = this.#held.get(seat.name);
    this.#held.delete(seat.name);
    if (seat.options.console) await programs.admit(held ?? programs.hold(terminal(seat.name)));
  }

  /** One of the seat's programs ended. */
  ended(name: string): void {
    setTimeout(() => this.#again(name), PAUSE_MS);
  }

  async #again(name: string): Promise<void> {
    const { programs, log, seat: find } = this.#options;
    const seat = find(name);
    if (!seat?.options.console || !(await this.#isEmpty(seat)) || this.#ended) return;
    try {
      await programs.run(terminal(name));
    } catch (error) {
      log.warn({ seat: name, error: String(error) }, 'the console did not start; trying again');
      setTimeout(() => this.#again(name), PAUSE_MS * 4);
    }
  }

  /** Whether whoever looks at the seat sees nothing, though programs without a window may run there. */
  async #isEmpty(seat: TreeSeat): Promise<boolean> {
    const { programs } = this.#options;
    if (this.#ended) return false;
    if (programs.countOn(seat.name) === 0) return true;
    const age = Math.min(programs.youngestOn(seat.name), seat.displayAge);
    if (age < WINDOW_PATIENCE_MS) {
      setTimeout(() => this.#again(seat.name), WINDOW_PATIENCE_MS - age);
      return false;
    }
    try {
      const connection = this.#options.connection();
      const display = connection.proxy(seat.displayName, '/org/switchyard/Display1');
      const [shown] = (await display.call('org.switchyard.Display1', 'ListSessions', '')) as [
        [string, number][],
      ];
      if (shown.some(([, windows]) => windows > 0)) return false;
      const manager = connection.proxy(login1, '/org/freedesktop/login1');
      const [path] = (await manager.call(`${login1}.Manager`, 'GetSeat', 's', seat.name)) as [string];
      const active = await connection.proxy(login1, path).get(`${login1}.Seat`, 'ActiveSession');
      const [front] = active as [string, string];
      // What is in front beside the display's sessions draws by itself.
      return front === '' || shown.some(([id]) => id === front);
    } catch (error) {
      if (error instanceof DBusError) return false;
      throw error;
    }
  }
}

function terminal(seat: string) {
  return { argv: [], environment: process.env, directory: homeDirectory(), seat };
}
