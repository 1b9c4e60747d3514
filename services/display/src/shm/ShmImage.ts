import { FOURCC, type MonitorImage } from '@switchyard/seat';
import { type Fd, Mapping, SystemError } from '@switchyard/sys';

const nothing = new Uint8Array(0);

/**
 * A client's buffer that nobody can change any more, as a monitor gets it. An alpha channel means nothing there: who shows
 * the image knows that it is opaque. The fd is the client's memory's, which outlives it.
 */
export class ShmImage implements MonitorImage {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly fourcc = FOURCC.XR24;
  readonly fd: Fd;
  #mapping: Mapping | undefined;

  constructor(width: number, height: number, stride: number, fd: Fd) {
    this.width = width;
    this.height = height;
    this.stride = stride;
    this.fd = fd;
  }

  get size(): number {
    return this.stride * this.height;
  }

  /** Mapped when somebody here reads it, which need never be. Empty when it cannot be mapped. */
  get bytes(): Uint8Array {
    try {
      this.#mapping ??= Mapping.map(this.fd, this.size);
    } catch (error) {
      // ENOMEM: this process has too many mappings.
      if (!(error instanceof SystemError)) throw error;
    }
    return this.#mapping?.bytes ?? nothing;
  }

  [Symbol.dispose](): void {
    this.#mapping?.unmap();
  }
}
