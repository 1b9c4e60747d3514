import type { Fd, Mapping } from '@switchyard/sys';
import type { Card } from './Card.js';
import type { PixelBuffer } from './PixelBuffer.js';

/**
 * A card's memory that the processor draws into. Disposing of it unmaps it; what shows it (a Framebuffer) keeps the memory,
 * and another process's mapping too.
 */
export abstract class MappedBuffer implements PixelBuffer {
  readonly card: Card;
  readonly handle: number;
  readonly width: number;
  readonly height: number;
  readonly pitch: number;
  readonly size: number;
  readonly offset = 0;
  #mapping: Mapping | undefined;
  #disposed = false;

  protected constructor(
    card: Card,
    created: { handle: number; width: number; height: number; pitch: number; size: number },
  ) {
    this.card = card;
    this.handle = created.handle;
    this.width = created.width;
    this.height = created.height;
    this.pitch = created.pitch;
    this.size = created.size;
    card.handles.use(created.handle);
  }

  /** Of all of it, for writing. */
  protected abstract map(): Mapping;

  /** The pixels, mapped at the first use. */
  get bytes(): Uint8Array {
    if (this.#disposed) throw new Error(`use of a disposed buffer of ${this.card.fd.what}`);
    this.#mapping ??= this.map();
    return this.#mapping.bytes;
  }

  /** One colour everywhere: 0xRRGGBB. */
  fill(colour: number): void {
    const { buffer, byteOffset, byteLength } = this.bytes;
    new Uint32Array(buffer, byteOffset, byteLength / 4).fill(colour);
  }

  export(): Fd {
    return this.card.calls.exportBuffer(this.handle);
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#mapping?.unmap();
    // With the file all its handles are gone.
    if (!this.card.fd.closed) this.card.handles.release(this.handle);
  }
}
