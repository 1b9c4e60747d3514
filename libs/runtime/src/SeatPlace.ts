import { join } from 'node:path';
import type { RuntimeDir } from './RuntimeDir.js';

/**
 * Where the services of one seat are found. A tree's first seat has the bare names and directories; those of further
 * seats end in the seat's own name.
 */
export class SeatPlace {
  readonly seat: string;
  readonly #further: boolean;

  constructor(seat: string, further: boolean) {
    this.seat = seat;
    this.#further = further;
  }

  /** The bus name of this seat's `service`, as `org.switchyard.Display` and `org.switchyard.Display.seat1`. */
  busName(service: string): string {
    return this.#further ? `${service}.${this.seat}` : service;
  }

  /** Where its sessions' sockets are. */
  sessions(directory: RuntimeDir): string {
    return this.#further ? join(directory.sessions, this.seat) : directory.sessions;
  }

  /** Where its services keep what a restart must not lose. */
  state(directory: RuntimeDir): string {
    return this.#further ? join(directory.state, this.seat) : directory.state;
  }
}
