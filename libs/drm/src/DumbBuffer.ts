import type { Mapping } from '@switchyard/sys';
import type { Card } from './Card.js';
import { MappedBuffer } from './MappedBuffer.js';

/** Four bytes a pixel: what every driver shows as XRGB8888. */
const BITS_PER_PIXEL = 32;

/** Memory for pictures that every card with screens has. */
export class DumbBuffer extends MappedBuffer {
  static create(card: Card, width: number, height: number): DumbBuffer {
    return new DumbBuffer(card, card.calls.buffers.createDumb(width, height, BITS_PER_PIXEL));
  }

  protected map(): Mapping {
    return this.card.calls.buffers.mapDumb(this);
  }
}
