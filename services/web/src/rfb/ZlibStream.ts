import { once } from 'node:events';
import { constants, createDeflate, type Deflate } from 'node:zlib';

/** A zlib stream that lasts as long as its connection; each piece is flushed, so that the client can inflate it at once. */
export class ZlibStream {
  readonly #deflate: Deflate = createDeflate({ level: 1 });
  readonly #pieces: Buffer[] = [];

  constructor() {
    this.#deflate.on('data', (piece: Buffer) => this.#pieces.push(piece));
    this.#deflate.on('error', () => {});
  }

  /** One at a time. */
  async compress(bytes: Buffer): Promise<Buffer> {
    if (!this.#deflate.write(bytes)) await once(this.#deflate, 'drain');
    await new Promise<void>((resolve) => this.#deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    // What was flushed may still be on its way to the data event.
    await new Promise<void>((resolve) => setImmediate(resolve));
    return Buffer.concat(this.#pieces.splice(0));
  }

  close(): void {
    this.#deflate.destroy();
  }
}
