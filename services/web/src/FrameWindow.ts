/** Frames under way at most: one travels while the other is drawn. */
const WINDOW = 2;
/** Below this round trip (ms) a second frame under way would only be older when it is shown. */
const NEAR_MS = 4;
/** Without an acknowledgement for this long (ms) nothing more is sent, however much room there is. */
const SILENCE_MS = 10_000;
/** How much of a new round trip goes into the average. */
const SMOOTHING = 1 / 8;

/**
 * The frames that one viewer has been sent and has not acknowledged. A viewer that is slow gets fewer frames, each of
 * the newest pixels; nothing is ever queued for it.
 */
export class FrameWindow {
  readonly #sentAt = new Float64Array(WINDOW);
  #sent = 0;
  #acknowledged = 0;
  #lastAck = 0;
  #roundTrip = Number.POSITIVE_INFINITY;

  get unacknowledged(): number {
    return this.#sent - this.#acknowledged;
  }
  /** The sequence of the next frame. */
  get next(): number {
    return (this.#sent + 1) >>> 0;
  }
  /** Milliseconds on the network, both ways, without the time to draw. */
  get roundTrip(): number {
    return this.#roundTrip;
  }

  hasRoom(now: number): boolean {
    const under = this.unacknowledged;
    if (under === 0) return true;
    if (under >= (this.#roundTrip < NEAR_MS ? 1 : WINDOW)) return false;
    return now - this.#oldest() < SILENCE_MS;
  }

  sent(now: number): void {
    this.#sentAt[this.#sent % WINDOW] = now;
    this.#sent++;
  }

  /** False when this is not the oldest frame under way: the viewer does not keep to the protocol. */
  acknowledge(sequence: number, drawMs: number, now: number): boolean {
    if (this.unacknowledged === 0 || sequence !== (this.#acknowledged + 1) >>> 0) return false;
    // The page begins with a frame when it has it and is done with the one before.
    const begun = Math.max(this.#oldest(), this.#lastAck);
    const roundTrip = Math.max(0, now - begun - drawMs);
    this.#roundTrip =
      this.#roundTrip === Number.POSITIVE_INFINITY
        ? roundTrip
        : this.#roundTrip + (roundTrip - this.#roundTrip) * SMOOTHING;
    this.#acknowledged++;
    this.#lastAck = now;
    return true;
  }

  #oldest(): number {
    return this.#sentAt[this.#acknowledged % WINDOW]!;
  }
}
