import { DisplayConnection, type Globals } from '@switchyard/wayland';

/** How long a display that died has to come back. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 100;
/** A display that ends the connection this soon, so many times in a row, does not want us. */
const SHORT_MS = 2000;
const SHORT_LIVES = 5;

export interface DisplayLinkEvents {
  connected(connection: DisplayConnection, globals: Globals): void;
  /** The connection has ended; another is being tried. */
  lost(error: Error): void;
  /** No display came back, or none was there at the start. */
  gaveUp(error: Error): void;
}

/**
 * A connection to the display that outlives the display.
 *
 *   connecting ──▶ connected ──lost──▶ connecting ──10 s──▶ gave up
 *                      └────lost at once, five times────────────┘
 */
export class DisplayLink {
  readonly #paths: readonly string[];
  readonly #events: DisplayLinkEvents;
  #connection: DisplayConnection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #shortLives = 0;

  /** `paths`: sockets to try, the preferred one first. */
  constructor(paths: readonly string[], events: DisplayLinkEvents) {
    this.#paths = paths;
    this.#events = events;
  }

  /** The first connection must succeed at once. */
  open(): void {
    void this.#attempt(performance.now());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#connection?.disconnect();
  }

  async #attempt(deadline: number): Promise<void> {
    let failure: unknown;
    for (const path of this.#paths) {
      try {
        await this.#use(DisplayConnection.connect(path));
        return;
      } catch (error) {
        failure ??= error;
      }
      if (this.#closed) return;
    }
    if (performance.now() >= deadline) {
      this.#events.gaveUp(failure instanceof Error ? failure : new Error(String(failure)));
      return;
    }
    this.#timer = setTimeout(() => void this.#attempt(deadline), RETRY_MS);
  }

  async #use(connection: DisplayConnection): Promise<void> {
    const globals = await connection.globals();
    if (this.#closed) return connection.disconnect();
    this.#connection = connection;
    const since = performance.now();
    this.#events.connected(connection, globals);
    void connection.closed.then((error) => this.#lost(error, since));
  }

  #lost(error: Error | undefined, since: number): void {
    if (this.#closed) return;
    this.#connection = undefined;
    const reason = error ?? new Error('the connection to the display was closed');
    this.#events.lost(reason);
    this.#shortLives = performance.now() - since < SHORT_MS ? this.#shortLives + 1 : 0;
    if (this.#shortLives >= SHORT_LIVES) this.#events.gaveUp(reason);
    else void this.#attempt(performance.now() + PATIENCE_MS);
  }
}
