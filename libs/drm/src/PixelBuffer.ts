import type { Fd } from '@switchyard/sys';
import type { Card } from './Card.js';

/** Memory of a card with one plane of pixels. */
export interface PixelBuffer extends Disposable {
  readonly card: Card;
  readonly handle: number;
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly pitch: number;
  /** Where the first row begins. */
  readonly offset: number;
  /** A dma-buf, for another device or process; the caller's. ENOSYS: the driver exports nothing. */
  export(): Fd;
}
