import { addSeals, createMemfd, type Fd, Mapping } from '@switchyard/sys';
import { FOURCC } from './Monitor.js';

/** Pixels in the beginning of a memfd that is sealed against shrinking: what a monitor can be given. */
export interface MonitorImage extends Disposable {
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  readonly fourcc: number;
  /** Bytes of the memfd that belong to it. */
  readonly size: number;
  readonly fd: Fd;
  /** Empty after dispose. */
  readonly bytes: Uint8Array;
}

/**
 * Pixels that a session shows on a monitor: a memfd, sealed against shrinking and growing so that the provider may
 * map it, and mapped here for writing. One buffer may be attached to any number of channels.
 */
export class MonitorBuffer implements MonitorImage {
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  readonly fourcc: number;
  readonly fd: Fd;
  readonly #mapping: Mapping;

  private constructor(width: number, height: number, fourcc: number, fd: Fd, mapping: Mapping) {
    this.width = width;
    this.height = height;
    this.stride = width * 4;
    this.fourcc = fourcc;
    this.fd = fd;
    this.#mapping = mapping;
  }

  /** Zeroed pixels: black, or transparent. */
  static create(width: number, height: number, format: keyof typeof FOURCC = 'XR24'): MonitorBuffer {
    const size = width * 4 * height;
    const fd = createMemfd(format === 'XR24' ? 'yard-frame' : 'yard-cursor', { size });
    try {
      addSeals(fd, ['shrink', 'grow', 'seal']);
      return new MonitorBuffer(width, height, FOURCC[format], fd, Mapping.map(fd, size, { write: true }));
    } catch (error) {
      fd.close();
      throw error;
    }
  }

  get size(): number {
    return this.stride * this.height;
  }
  /** The pixels, little endian; empty after dispose. */
  get bytes(): Uint8Array {
    return this.#mapping.bytes;
  }

  /** Ends our mapping. The provider keeps its own for as long as the buffer is attached. */
  [Symbol.dispose](): void {
    this.#mapping.unmap();
    this.fd.close();
  }
}
