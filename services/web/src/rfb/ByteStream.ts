import type { Duplex } from 'node:stream';

/** The peer has gone; what it was sending is not whole. */
export class StreamEnded extends Error {}

/** A socket from which a protocol takes as many bytes as it wants next. */
export class ByteStream {
  readonly socket: Duplex;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(socket: Duplex) {
    this.socket = socket;
    const wake = () => this.#wake?.();
    const end = () => {
      this.#ended = true;
      wake();
    };
    socket.on('readable', wake).on('end', end).on('close', end).on('error', end);
  }

  /** Rejects with StreamEnded when fewer are left. `count` must be bounded by the caller. */
  async take(count: number): Promise<Buffer> {
    if (count === 0) return Buffer.alloc(0);
    for (;;) {
      const chunk = this.socket.read(count) as Buffer | null;
      if (chunk?.length === count) return chunk;
      if (chunk !== null || this.#ended || this.socket.readableEnded) throw new StreamEnded();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async skip(count: number): Promise<void> {
    const piece = 64 * 1024;
    for (let left = count; left > 0; left -= piece) await this.take(Math.min(left, piece));
  }

  /** Stops reading, for another reader of the same socket (TLS). */
  release(): Duplex {
    this.socket.removeAllListeners('readable');
    return this.socket;
  }
}
