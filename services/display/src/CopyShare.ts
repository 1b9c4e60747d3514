import type { Client } from '@switchyard/wayland';

/** A picture of 3840×2160: copying it takes some milliseconds, and nothing that shows more than the screen commits more at once. */
const sharePerTurn = 32 * 2 ** 20;

/**
 * How many bytes of one client's buffers are copied in one turn of the event loop. Who has had its share is not read on
 * for as long as that took: commits of large buffers one after the other would else keep everybody waiting for as long as
 * there are any. So no client has more than half of the display's time by being copied.
 *
 *   reading ──share spent──▶ resting ──as long again──▶ reading
 */
export class CopyShare {
  readonly #client: Client;
  #bytes = 0;
  #milliseconds = 0;
  #resting = false;
  #turn: NodeJS.Immediate | undefined;
  #rest: NodeJS.Timeout | undefined;

  constructor(client: Client) {
    this.#client = client;
    client.onDestroy(() => {
      clearImmediate(this.#turn);
      clearTimeout(this.#rest);
    });
  }

  /** So much was copied, and it took so long. */
  spend(bytes: number, milliseconds: number): void {
    this.#bytes += bytes;
    this.#milliseconds += milliseconds;
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      if (this.#bytes >= sharePerTurn) this.#resumeAfter(this.#milliseconds);
      this.#bytes = 0;
      this.#milliseconds = 0;
    });
    if (this.#bytes < sharePerTurn || this.#resting) return;
    this.#resting = true;
    this.#client.pauseReading();
  }

  #resumeAfter(milliseconds: number): void {
    this.#rest = setTimeout(() => {
      this.#resting = false;
      this.#client.resumeReading();
    }, milliseconds);
  }
}
