import type { Client } from '@switchyard/wayland';

/** A picture of 3840×2160: copying it takes some milliseconds, and nothing that shows more than the screen commits more at once. */
const sharePerTurn = 32 * 2 ** 20;

/**
 * How many bytes of one client's buffers are copied in one turn of the event loop. Who has had its share is not read on
 * before the others, and the devices, have had their turn: commits of large buffers one after the other would else keep
 * everybody waiting for as long as there are any.
 *
 *   reading ──share spent──▶ resting ──next turn──▶ reading
 */
export class CopyShare {
  readonly #client: Client;
  #spent = 0;
  #turn: NodeJS.Immediate | undefined;

  constructor(client: Client) {
    this.#client = client;
    client.onDestroy(() => clearImmediate(this.#turn));
  }

  spend(bytes: number): void {
    this.#spent += bytes;
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      if (this.#spent >= sharePerTurn) this.#client.resumeReading();
      this.#spent = 0;
    });
    if (this.#spent >= sharePerTurn) this.#client.pauseReading();
  }
}
