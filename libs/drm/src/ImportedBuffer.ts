import type { Fd } from '@switchyard/sys';
import type { Card } from './Card.js';
import type { PixelBuffer } from './PixelBuffer.js';

/** How the pixels lie in a buffer: a dma-buf does not tell. */
export interface PixelLayout {
  readonly width: number;
  readonly height: number;
  readonly pitch: number;
  readonly offset?: number;
}

/** A buffer of another device, process or file, known to this card by its dma-buf (PRIME). */
export class ImportedBuffer implements PixelBuffer {
  readonly card: Card;
  readonly handle: number;
  readonly width: number;
  readonly height: number;
  readonly pitch: number;
  readonly offset: number;
  #disposed = false;

  private constructor(card: Card, handle: number, layout: PixelLayout) {
    this.card = card;
    this.handle = handle;
    this.width = layout.width;
    this.height = layout.height;
    this.pitch = layout.pitch;
    this.offset = layout.offset ?? 0;
    card.handles.use(handle);
  }

  static import(card: Card, dmaBuf: Fd, layout: PixelLayout): ImportedBuffer {
    return new ImportedBuffer(card, card.calls.importBuffer(dmaBuf), layout);
  }

  export(): Fd {
    return this.card.calls.exportBuffer(this.handle);
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (!this.card.fd.closed) this.card.handles.release(this.handle);
  }
}
