import { NO_ENTRY, type PageMessage, type ServerMessage } from '../wire/Control.js';

/** The first new attempt follows at once, since a supervised service is back in a moment; then ever more slowly (ms). */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;
/** The server's close code when it says why: RFC 6455, 7.4.1. */
const POLICY_VIOLATION = 1008;

export interface LinkEvents {
  opened(): void;
  message(message: ServerMessage): void;
  binary(message: Uint8Array): void;
  /**
   * Not connected any more; attempts go on. `refused`: the server is there and does not let this browser in. `reason`: why
   * it let go of it, in words.
   */
  lost(refused: boolean, reason?: string): void;
}

/**
 * The connection to the server, kept for as long as the page lives.
 *
 *   connecting ──open──▶ open ──close──▶ pausing (100 ms, doubling to 5 s) ──▶ connecting
 *       └──close──▶ pausing
 */
export class Link {
  readonly #on: LinkEvents;
  #socket: WebSocket | undefined;
  #pause = FIRST_PAUSE;
  #timer: number | undefined;

  constructor(on: LinkEvents) {
    this.#on = on;
    this.#connect();
    // The network or the person is back: no reason to wait any longer.
    window.addEventListener('online', () => this.#hurry());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#hurry();
    });
  }

  get open(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(message: Uint8Array<ArrayBuffer>): void {
    if (this.open) this.#socket!.send(message);
  }

  tell(message: PageMessage): void {
    if (this.open) this.#socket!.send(JSON.stringify(message));
  }

  /** Drops the connection and makes another. */
  again(): void {
    this.#socket?.close();
  }

  #connect(): void {
    this.#timer = undefined;
    const socket = new WebSocket(
      `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/socket`,
    );
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      this.#on.opened();
    });
    socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
      // A server that talks to us, and not just one that listens, ends the waiting.
      this.#pause = FIRST_PAUSE;
      if (typeof event.data === 'string') this.#on.message(JSON.parse(event.data) as ServerMessage);
      else this.#on.binary(new Uint8Array(event.data));
    });
    socket.addEventListener('close', ({ code, reason }) => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#on.lost(reason === NO_ENTRY, code === POLICY_VIOLATION && reason !== '' ? reason : undefined);
      if (!opened) void this.#askWhy();
      this.#timer = setTimeout(() => this.#connect(), this.#pause);
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    });
  }

  /** A browser does not tell why a WebSocket was refused; plain HTTP does. */
  async #askWhy(): Promise<void> {
    try {
      const answer = await fetch('/ping', { cache: 'no-store' });
      if (answer.status === 403 && !this.open) this.#on.lost(true);
    } catch {
      // Nobody answers: the service is away, which is known already.
    }
  }

  #hurry(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#pause = FIRST_PAUSE;
    this.#connect();
  }
}
