import { DisplayConnection, type Globals } from '@switchyard/wayland';

/** How long a display that died has to come back. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 100;

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
 */
export class DisplayLink {
  readonly #paths: readonly string[];
  readonly #events: DisplayLinkEvents;
  #connection: DisplayConnection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

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
    this.#events.connected(connection, globals);
    void connection.closed.then((error) => {
      if (this.#closed) return;
      this.#connection = undefined;
      this.#events.lost(error ?? new Error('the connection to the display was closed'));
      void this.#attempt(performance.now() + PATIENCE_MS);
    });
  }
}
