/** Who reads nothing for this long is given up (ms). */
const patience = 3000;
/** Longer values go in portions of this size (ICCCM 2.7.2: INCR). */
export const portion = 64 << 10;

/** A long value on its way to one reader, who removes each portion that he has; an empty one ends it. */
export class Sending {
  readonly window: number;
  readonly property: number;
  readonly #bytes: Uint8Array;
  readonly #to: { put(part: Buffer): void; over(): void };
  #sent = 0;
  #ended = false;
  #timer: NodeJS.Timeout;

  constructor(
    window: number,
    property: number,
    bytes: Uint8Array,
    to: { put(part: Buffer): void; over(): void },
  ) {
    this.window = window;
    this.property = property;
    this.#bytes = bytes;
    this.#to = to;
    this.#timer = setTimeout(to.over, patience);
  }

  taken(): void {
    clearTimeout(this.#timer);
    if (this.#ended) {
      this.#to.over();
      return;
    }
    const part = Buffer.from(this.#bytes.subarray(this.#sent, this.#sent + portion));
    this.#sent += part.length;
    this.#ended = part.length === 0;
    this.#to.put(part);
    this.#timer = setTimeout(this.#to.over, patience);
  }
}
