import { constants } from 'node:fs';
import { Fd, Mapping, SystemError } from '@switchyard/sys';

/** Less than this (a window of 128×128) is left to the garbage collector: a mapping of its own is whole pages and two calls. */
const smallest = 64 * 1024;

/** Private mappings of it are plain memory. */
let zero: Fd | undefined;

/** Memory for pixels that goes back to the system when it is freed, and not when the garbage collector finds it. */
export class PixelMemory {
  readonly bytes: Uint8Array;
  readonly #mapping: Mapping | undefined;

  private constructor(bytes: Uint8Array, mapping: Mapping | undefined) {
    this.bytes = bytes;
    this.#mapping = mapping;
  }

  /** Zeroes; undefined when the system has no more. */
  static allocate(size: number): PixelMemory | undefined {
    if (size < smallest) return new PixelMemory(new Uint8Array(size), undefined);
    zero ??= Fd.open('/dev/zero', constants.O_RDWR);
    try {
      const mapping = Mapping.map(zero, size, { write: true, private: true });
      return new PixelMemory(mapping.bytes, mapping);
    } catch (error) {
      if (error instanceof SystemError && error.code === 'ENOMEM') return undefined;
      throw error;
    }
  }

  /** `bytes` is empty from now on. */
  free(): void {
    this.#mapping?.unmap();
  }
}
