import type { Fd } from '@switchyard/sys';
import { ProtocolError } from './DBusError.js';
import { ExtensionField, extensionSignatures, type PayloadPlace } from './ExtensionField.js';
import { Field, FixedHeader, readUint32 } from './Header.js';
import { HeaderFields } from './HeaderFields.js';
import { Reader } from './Reader.js';
import { parseSingleType } from './Signature.js';
import { maximumArrayLength } from './Writer.js';

export { Field, FixedHeader, MessageFlag, MessageType, readUint32 } from './Header.js';

/** Specification, "Message Format": header, padding and body together. */
export const maximumMessageLength = 128 * 1024 * 1024;

const littleEndian = 0x6c; // 'l'
const bigEndian = 0x42; // 'B'
/** Headers that a frame remembers: a busy bus has a few dozen kinds of messages at a time. A power of two. */
const remembered = 64;
const noBytes = Buffer.alloc(0);
/** Looks at bodies, one after the other. */
const bodyReader = new Reader(noBytes, 0, 0, true);

/**
 * A message as it lies in a receive buffer: its header checked in full, its body when asked for, nothing copied.
 * One Frame is used again for message after message (hot path: no allocation); the strings of its fields are
 * made only when asked for. Valid until the buffer is.
 */
export class Frame {
  bytes: Buffer = noBytes;
  start = 0;
  length = 0;
  little = true;
  type = 0;
  flags = 0;
  serial = 0;
  bodyStart = 0;
  bodyLength = 0;
  replySerial = 0;
  /** Where the fields' bytes end, before the padding. */
  fieldsEnd = 0;
  #view: DataView = new DataView(noBytes.buffer);
  #fields = new HeaderFields();
  readonly #known: HeaderFields[] = [];

  /** How many fds the message says that it has. */
  get unixFds(): number {
    return this.#fields.unixFds;
  }

  /** A field that this side does not know is there: such are not forwarded. */
  get unknownFields(): boolean {
    return this.#fields.unknown;
  }

  /**
   * The length of the message that begins at `start`, of which `available` bytes are there; 0 when they are
   * too few to know. Throws ProtocolError when no message begins so.
   */
  static measure(bytes: Uint8Array, start: number, available: number): number {
    if (available < FixedHeader.size) return 0;
    const endian = bytes[start]!;
    if (endian !== littleEndian && endian !== bigEndian) throw new ProtocolError('no such byte order');
    const little = endian === littleEndian;
    if (bytes[start + FixedHeader.version] !== 1) throw new ProtocolError('protocol version is not 1');
    const fields = readUint32(bytes, start + FixedHeader.fieldsLength, little);
    if (fields > maximumArrayLength) throw new ProtocolError(`${fields} bytes of header fields`);
    const body = readUint32(bytes, start + FixedHeader.bodyLength, little);
    const length = FixedHeader.size + ((fields + 7) & ~7) + body;
    if (length > maximumMessageLength) throw new ProtocolError(`a message of ${length} bytes`);
    return length;
  }

  /** Takes the message of `length` bytes (as `measure` said) at `start`. Throws ProtocolError. */
  parse(bytes: Buffer, start: number, length: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const view = this.#view;
    const little = bytes[start] === littleEndian;
    const type = bytes[start + FixedHeader.type]!;
    const bodyLength = view.getUint32(start + FixedHeader.bodyLength, little);
    this.start = start;
    this.length = length;
    this.little = little;
    this.type = type;
    this.flags = bytes[start + FixedHeader.flags]!;
    this.serial = view.getUint32(start + FixedHeader.serial, little);
    this.bodyLength = bodyLength;
    this.bodyStart = start + length - bodyLength;
    this.fieldsEnd = start + FixedHeader.size + view.getUint32(start + FixedHeader.fieldsLength, little);
    if (type === 0) throw new ProtocolError('message type is 0');
    if (this.serial === 0) throw new ProtocolError('serial is 0');
    const fields = this.#parseFields(view, type, little);
    this.#fields = fields;
    this.replySerial = 0;
    if (fields.replySerialAt > 0) {
      this.replySerial = view.getUint32(start + fields.replySerialAt, little);
      if (this.replySerial === 0) throw new ProtocolError('reply serial is 0');
    }
    if (bodyLength > 0 && !(fields.has(Field.signature) && fields.lengths[Field.signature]! > 0))
      throw new ProtocolError('a body without a signature');
  }

  /** Checks the body, all of it: for those who pass it on to others. Throws ProtocolError. Hot. */
  checkBody(): void {
    const { bodyStart, bodyLength } = this;
    const { types } = this.#fields;
    if (types.length === 0) return;
    bodyReader.turnTo(this.bytes, bodyStart, bodyStart + bodyLength, this.little);
    bodyReader.check(types);
  }

  has(field: number): boolean {
    return this.#fields.has(field);
  }

  /** The string of a field; undefined when there is no such field. */
  string(field: number): string | undefined {
    return this.#fields.string(field, this.bytes, this.start);
  }

  /** Where a field's string lies in `bytes`, and how long it is. Only if `has(field)`. */
  stringStart(field: number): number {
    return this.start + this.#fields.starts[field]!;
  }
  stringLength(field: number): number {
    return this.#fields.lengths[field]!;
  }

  /** The bytes of a whole field (code, signature, value), which begin at a multiple of 8. Only if `has(field)`. */
  fieldBytes(field: number): Buffer {
    const { fieldStarts, fieldEnds } = this.#fields;
    return this.bytes.subarray(this.start + fieldStarts[field]!, this.start + fieldEnds[field]!);
  }

  /** Whether a field of the extension is there (ExtensionField). */
  hasExtension(field: number): boolean {
    return this.#fields.extension?.has(field) === true;
  }

  /** Its value; undefined when it is not there. Throws ProtocolError when it is of the wrong type. */
  extension(field: number, fds: readonly Fd[] = []): unknown {
    const at = this.#fields.extension?.get(field);
    if (at === undefined) return undefined;
    const reader = new Reader(this.bytes, this.start, this.fieldsEnd, this.little, fds, this.start + at + 1);
    const signature = reader.signature();
    if (signature !== extensionSignatures[field])
      throw new ProtocolError(`header field ${field} has the type '${signature}'`);
    return reader.value(parseSingleType(signature), 1);
  }

  /** Where the body is, if it is in a memfd. Throws ProtocolError when that is nowhere. */
  get payload(): PayloadPlace | undefined {
    const value = this.extension(ExtensionField.payload) as [number, bigint, bigint, string] | undefined;
    if (!value) return undefined;
    const [fd, offset, length, signature] = [value[0], Number(value[1]), Number(value[2]), value[3]];
    if (fd >= this.unixFds || this.bodyLength > 0)
      throw new ProtocolError('a payload without its fd, or beside a body');
    if (!Number.isSafeInteger(offset + length) || length > maximumMessageLength)
      throw new ProtocolError(`a payload of ${value[2]} bytes`);
    return { fd, offset, length, signature };
  }

  /** Remembered ones, if they are the same; else they take the place of some that are not. */
  #parseFields(view: DataView, type: number, little: boolean): HeaderFields {
    const { start, bodyStart } = this;
    const length = bodyStart - start - FixedHeader.size;
    // The last word holds the end of the name or signature that comes last.
    const last = length > 8 ? view.getInt32(bodyStart - 8, true) ^ view.getInt32(bodyStart - 4, true) : 0;
    const place = ((length >> 3) + type * 13 + (last ^ (last >> 8) ^ (last >> 16))) & (remembered - 1);
    let fields = this.#known[place];
    if (!fields) {
      fields = new HeaderFields();
      this.#known[place] = fields;
    } else if (fields.are(view, start, this.fieldsEnd - start - FixedHeader.size, type, little))
      return fields;
    fields.parse(this.bytes, start, this.fieldsEnd, bodyStart, type, little, view);
    return fields;
  }
}
