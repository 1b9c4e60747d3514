import { type Fd, fileStat, getSeals, Mapping, type Seal, sealedMemfd } from '@switchyard/sys';
import { ProtocolError } from './DBusError.js';
import { Reader } from './Reader.js';
import { Writer } from './Writer.js';

/** What makes a memfd's bytes and size the same for ever, for everybody. */
export const payloadSeals: readonly Seal[] = ['shrink', 'grow', 'write', 'seal'];
const pageSize = 4096;

/**
 * A body in a sealed memfd. It is mapped only after its seals were looked at, so nobody can change or shorten what is
 * read. It owns the fd: close it.
 */
export class Payload implements Disposable {
  readonly fd: Fd;
  readonly offset: number;
  readonly length: number;
  /** Of the values in it; '' for plain bytes. */
  readonly signature: string;
  readonly #little: boolean;

  private constructor(fd: Fd, place: { offset: number; length: number; signature: string; little: boolean }) {
    this.fd = fd;
    this.offset = place.offset;
    this.length = place.length;
    this.signature = place.signature;
    this.#little = place.little;
  }

  /** Of a memfd that is sealed already; the Fd moves. `signature` says how its bytes are to be read, in this machine's order. */
  static adopt(fd: Fd, offset: number, length: number, signature = '', little = true): Payload {
    return new Payload(fd, { offset, length, signature, little });
  }

  static ofBytes(bytes: Uint8Array): Payload {
    return Payload.adopt(sealedMemfd('D-Bus payload', bytes), 0, bytes.length);
  }

  /** Values without fds among them. */
  static ofValues(signature: string, values: readonly unknown[]): Payload {
    const writer = new Writer();
    writer.values(signature, values);
    if (writer.fds.length > 0) throw new TypeError('a payload holds no fds');
    return Payload.adopt(sealedMemfd('D-Bus payload', writer.bytes), 0, writer.length, signature);
  }

  /** Another reference to the same memfd, to send it again. */
  dup(): Payload {
    const { offset, length, signature } = this;
    return new Payload(this.fd.dup(), { offset, length, signature, little: this.#little });
  }

  /** Its bytes, without copying them; valid until `unmap`. Throws ProtocolError when it is not sealed, or too short. */
  map(): { bytes: Uint8Array; unmap: () => void } {
    checkSealed(this.fd, this.offset, this.length);
    if (this.length === 0) return { bytes: new Uint8Array(0), unmap: () => {} };
    const start = this.offset - (this.offset % pageSize);
    const mapping = Mapping.map(this.fd, this.offset - start + this.length, { offset: start });
    return {
      bytes: mapping.bytes.subarray(this.offset - start, this.offset - start + this.length),
      unmap: () => mapping.unmap(),
    };
  }

  /** The values that the signature announces, copied out. Throws ProtocolError. */
  values(): unknown[] {
    const { bytes, unmap } = this.map();
    try {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      return new Reader(buffer, 0, buffer.length, this.#little).values(this.signature);
    } finally {
      unmap();
    }
  }

  close(): void {
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Throws ProtocolError unless the fd is a memfd with all of `payloadSeals` and that many bytes. */
export function checkSealed(fd: Fd, offset: number, length: number): void {
  let seals: Set<Seal>;
  try {
    seals = getSeals(fd);
  } catch {
    throw new ProtocolError('a payload that is no memfd');
  }
  const missing = payloadSeals.filter((seal) => !seals.has(seal));
  if (missing.length > 0) throw new ProtocolError(`a payload without the seals ${missing.join(', ')}`);
  const { size } = fileStat(fd);
  if (offset + length > size)
    throw new ProtocolError(`a payload of ${length} bytes at ${offset} in a memfd of ${size}`);
}
