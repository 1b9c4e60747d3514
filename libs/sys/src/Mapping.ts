import native from '@switchyard/native';
import type { Fd } from './Fd.js';
import { SystemError } from './SystemError.js';

export type MappingOptions = {
  /** Writable; needs an fd that is, and no seal `write`. */
  write?: boolean;
  /** Copy on write: nobody else sees what is written. */
  private?: boolean;
  /** Where in the file it begins, a multiple of the page size. */
  offset?: number;
};

/**
 * A file's bytes in memory (mmap(2)), as an ArrayBuffer. It stays valid when the Fd is closed, and until unmap();
 * then every view of it has length 0. A Mapping that is forgotten is unmapped by the garbage collector, at its leisure.
 *
 * Reading behind the end of the file is SIGBUS: map only what is sealed against shrinking, or yours.
 */
export class Mapping implements Disposable {
  readonly buffer: ArrayBuffer;
  /** The whole mapping; empty after unmap(). */
  readonly bytes: Uint8Array;

  private constructor(buffer: ArrayBuffer) {
    this.buffer = buffer;
    this.bytes = new Uint8Array(buffer);
  }

  /** Maps `length` bytes: EACCES by the fd's mode, EPERM by a seal, EINVAL for length 0 or an offset that is no page's. */
  static map(fd: Fd, length: number, options: MappingOptions = {}): Mapping {
    const { write = false, private: privately = false, offset = 0 } = options;
    const buffer = native.map(fd.number, length, offset, write, privately);
    if (typeof buffer === 'number') throw new SystemError(-buffer, 'mmap', fd.what);
    return new Mapping(buffer);
  }

  get unmapped(): boolean {
    return this.buffer.byteLength === 0;
  }

  /** Idempotent. */
  unmap(): void {
    if (!this.unmapped) native.unmap(this.buffer);
  }

  [Symbol.dispose](): void {
    this.unmap();
  }
}
