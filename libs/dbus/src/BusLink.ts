import { Connection } from './Connection.js';

/** The first pause is short, since a supervised bus is back at once; a bus that stays away is asked once a second. */
const firstPause = 50;
const longestPause = 1000;

export type BusLinkHandlers = {
  /** A new connection: claim names, export, match. It may be lost before this has finished. */
  connected(connection: Connection): void | Promise<void>;
  /** The connection of the last `connected` is gone. */
  lost?(): void;
};

/**
 * Keeps a connection to a bus for ever.
 *
 *   connecting ──▶ connected ──lost──▶ pausing (50 ms, doubling to 1 s) ──▶ connecting
 *       └──refused──▶ pausing
 */
export class BusLink {
  readonly #address: string;
  readonly #on: BusLinkHandlers;
  #connection: Connection | undefined;
  #pause = firstPause;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(address: string, on: BusLinkHandlers) {
    this.#address = address;
    this.#on = on;
    void this.#connect();
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#connection?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #connect(): Promise<void> {
    let connection: Connection;
    try {
      connection = await Connection.connect(this.#address);
    } catch {
      this.#again();
      return;
    }
    if (this.#closed) return connection.close();
    this.#connection = connection;
    this.#pause = firstPause;
    void connection.closed.then(() => {
      this.#connection = undefined;
      if (this.#closed) return;
      this.#on.lost?.();
      this.#again();
    });
    try {
      await this.#on.connected(connection);
    } catch (error) {
      // Claims fail when the bus goes in between: that is `lost`. Anything else is the owner's mistake.
      if (this.#connection === connection) throw error;
    }
  }

  #again(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#connect(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }
}
