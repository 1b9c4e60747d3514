const known = new WeakMap<Uint8Array, SharedMemory>();

/**
 * Memory that several hold: who reads into it, and the queues of sockets that send what lies there without copying it. When
 * the last one lets go it is given back, to be used again.
 */
export class SharedMemory {
  readonly bytes: Buffer;
  readonly #giveBack: (memory: SharedMemory) => void;
  #holders = 1;

  /** The maker holds it. */
  constructor(size: number, giveBack: (memory: SharedMemory) => void) {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.#giveBack = giveBack;
    known.set(this.bytes, this);
  }

  /** That of `bytes`, which must be all of it; undefined for other memory. */
  static of(bytes: Uint8Array): SharedMemory | undefined {
    return known.get(bytes);
  }

  hold(): void {
    this.#holders++;
  }

  release(): void {
    if (--this.#holders === 0) this.#giveBack(this);
  }
}
