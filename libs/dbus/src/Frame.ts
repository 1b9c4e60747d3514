import type { Fd } from '@switchyard/sys';
import { ProtocolError } from './DBusError.js';
import { ExtensionField, extensionSignatures, type PayloadPlace } from './ExtensionField.js';
import { isBusNameBytes, isInterfaceBytes, isMemberBytes, isPathBytes } from './Names.js';
import { Reader } from './Reader.js';
import { parseSignature, parseSingleType } from './Signature.js';
import { maximumArrayLength, maximumFds } from './Writer.js';

/** Specification, "Message Format": header, padding and body together. */
export const maximumMessageLength = 128 * 1024 * 1024;

/** The start of every message; then the fields' bytes, padding to 8, and the body. */
export const FixedHeader = {
  endian: 0,
  type: 1,
  flags: 2,
  version: 3,
  bodyLength: 4,
  serial: 8,
  fieldsLength: 12,
  size: 16,
} as const;

export const MessageType = { methodCall: 1, methodReturn: 2, error: 3, signal: 4 } as const;

export const MessageFlag = { noReplyExpected: 1, noAutoStart: 2, allowInteractiveAuthorization: 4 } as const;

export const Field = {
  path: 1,
  interface: 2,
  member: 3,
  errorName: 4,
  replySerial: 5,
  destination: 6,
  sender: 7,
  signature: 8,
  unixFds: 9,
} as const;

const fieldCount = 10;
const littleEndian = 0x6c; // 'l'
const bigEndian = 0x42; // 'B'

/** The variant's signature that each known field must have, by field code. */
const fieldSignatures = Buffer.from('\0osssussgu', 'latin1');

export function readUint32(bytes: Uint8Array, at: number, little: boolean): number {
  return little
    ? (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
    : ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/**
 * A message as it lies in a receive buffer: its header checked in full, its body untouched, nothing copied.
 * One Frame is used again for message after message (hot path: no allocation); the strings of its fields are
 * made only when asked for. Valid until the buffer is.
 */
export class Frame {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  length = 0;
  little = true;
  type = 0;
  flags = 0;
  serial = 0;
  bodyStart = 0;
  bodyLength = 0;
  replySerial = 0;
  unixFds = 0;
  /** Where the fields' bytes end, before the padding. */
  fieldsEnd = 0;
  /** A field that this side does not know is there: such are not forwarded. */
  unknownFields = false;
  /** Where fields of the extension begin, by code; undefined when there are none, as in most messages. */
  #extension: Map<number, number> | undefined;
  readonly #signature = new Uint8Array(255);
  #signatureLength = -1;
  /** By field code: where the string begins (-1: no such field) and how long it is. */
  readonly #starts = new Int32Array(fieldCount);
  readonly #lengths = new Int32Array(fieldCount);
  /** By field code: the last string that was made; the next message's is often the same. */
  readonly #texts: string[] = new Array(fieldCount).fill('');
  /** By field code: the bytes of the whole field, padding before it not included. */
  readonly #fieldStarts = new Int32Array(fieldCount);
  readonly #fieldEnds = new Int32Array(fieldCount);

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
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.little = bytes[start] === littleEndian;
    this.type = bytes[start + FixedHeader.type]!;
    this.flags = bytes[start + FixedHeader.flags]!;
    this.serial = readUint32(bytes, start + FixedHeader.serial, this.little);
    this.bodyLength = readUint32(bytes, start + FixedHeader.bodyLength, this.little);
    this.bodyStart = start + length - this.bodyLength;
    this.fieldsEnd =
      start + FixedHeader.size + readUint32(bytes, start + FixedHeader.fieldsLength, this.little);
    if (this.type === 0) throw new ProtocolError('message type is 0');
    if (this.serial === 0) throw new ProtocolError('serial is 0');
    this.replySerial = 0;
    this.unixFds = 0;
    this.unknownFields = false;
    this.#extension = undefined;
    this.#starts.fill(-1);
    this.#fieldStarts.fill(-1);
    this.#parseFields();
    this.#checkRequired();
  }

  has(field: number): boolean {
    return this.#fieldStarts[field]! >= 0;
  }

  /** The string of a field; undefined when there is no such field. */
  string(field: number): string | undefined {
    const start = this.#starts[field]!;
    if (start < 0) return undefined;
    const length = this.#lengths[field]!;
    const { bytes } = this;
    const last = this.#texts[field]!;
    if (last.length === length) {
      let i = 0;
      while (i < length && last.charCodeAt(i) === bytes[start + i]) i++;
      if (i === length) return last;
    }
    const text = bytes.toString('latin1', start, start + length);
    this.#texts[field] = text;
    return text;
  }

  /** Where a field's string lies in `bytes`; -1 when there is no such field. */
  stringStart(field: number): number {
    return this.#starts[field]!;
  }
  stringLength(field: number): number {
    return this.#lengths[field]!;
  }

  /** The bytes of a whole field (code, signature, value), which begin at a multiple of 8. Only if `has(field)`. */
  fieldBytes(field: number): Buffer {
    return this.bytes.subarray(this.#fieldStarts[field]!, this.#fieldEnds[field]!);
  }

  /** Whether a field of the extension is there (ExtensionField). */
  hasExtension(field: number): boolean {
    return this.#extension?.has(field) === true;
  }

  /** Its value; undefined when it is not there. Throws ProtocolError when it is of the wrong type. */
  extension(field: number, fds: readonly Fd[] = []): unknown {
    const at = this.#extension?.get(field);
    if (at === undefined) return undefined;
    const reader = new Reader(this.bytes, this.start, this.fieldsEnd, this.little, fds, at + 1);
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

  #parseFields(): void {
    const { bytes, fieldsEnd } = this;
    let at = this.start + FixedHeader.size;
    while (at < fieldsEnd) {
      at = this.#skipPadding(at, 8, fieldsEnd);
      if (fieldsEnd - at < 4) throw new ProtocolError('a header field is cut off');
      const code = bytes[at]!;
      if (code === 0) throw new ProtocolError('header field 0');
      at = code < fieldCount ? this.#parseKnownField(code, at) : this.#skipUnknownField(at);
    }
    for (; at < this.bodyStart; at++)
      if (bytes[at] !== 0) throw new ProtocolError('padding after the header is not zero');
  }

  #parseKnownField(code: number, at: number): number {
    const { bytes, fieldsEnd } = this;
    if (this.#fieldStarts[code]! >= 0) throw new ProtocolError(`header field ${code} is there twice`);
    const signature = fieldSignatures[code]!;
    if (bytes[at + 1] !== 1 || bytes[at + 2] !== signature || bytes[at + 3] !== 0)
      throw new ProtocolError(`header field ${code} has the wrong type`);
    this.#fieldStarts[code] = at;
    // A signature's length is one byte; that of the others, and the numbers, are 32 bits at a multiple of 4, which at + 4 is.
    let value = at + 4;
    if (code === Field.signature) {
      if (fieldsEnd - value < 1) throw new ProtocolError('a header field is cut off');
      this.#lengths[code] = bytes[value]!;
      value += 1;
    } else {
      if (fieldsEnd - value < 4) throw new ProtocolError('a header field is cut off');
      const number = readUint32(bytes, value, this.little);
      value += 4;
      if (code === Field.replySerial || code === Field.unixFds) {
        this.#takeNumber(code, number);
        this.#fieldEnds[code] = value;
        return value;
      }
      if (number > maximumArrayLength) throw new ProtocolError('a header field is cut off');
      this.#lengths[code] = number;
    }
    const length = this.#lengths[code]!;
    if (fieldsEnd - value < length + 1) throw new ProtocolError('a header field is cut off');
    if (bytes[value + length] !== 0) throw new ProtocolError(`header field ${code} does not end in NUL`);
    this.#starts[code] = value;
    this.#checkString(code, value, length);
    this.#fieldEnds[code] = value + length + 1;
    return value + length + 1;
  }

  #takeNumber(code: number, number: number): void {
    if (code === Field.unixFds) {
      if (number > maximumFds) throw new ProtocolError(`${number} fds with one message`);
      this.unixFds = number;
      return;
    }
    if (number === 0) throw new ProtocolError('reply serial is 0');
    this.replySerial = number;
  }

  #checkString(code: number, start: number, length: number): void {
    const { bytes } = this;
    const valid =
      code === Field.path
        ? isPathBytes(bytes, start, length) && !this.#isLocal('/org/freedesktop/DBus/Local', start, length)
        : code === Field.interface
          ? isInterfaceBytes(bytes, start, length) &&
            !this.#isLocal('org.freedesktop.DBus.Local', start, length)
          : code === Field.member
            ? isMemberBytes(bytes, start, length)
            : code === Field.errorName
              ? isInterfaceBytes(bytes, start, length)
              : code === Field.signature
                ? this.#isSignature(start, length)
                : isBusNameBytes(bytes, start, length);
    if (!valid) throw new ProtocolError(`header field ${code} is not valid`);
  }

  /** The last valid one is remembered: most messages of a stream have the same. Throws ProtocolError. */
  #isSignature(start: number, length: number): boolean {
    const { bytes } = this;
    let same = length === this.#signatureLength;
    for (let i = 0; same && i < length; i++) same = bytes[start + i] === this.#signature[i];
    if (same) return true;
    parseSignature(bytes.toString('latin1', start, start + length));
    this.#signatureLength = length;
    bytes.copy(this.#signature, 0, start, start + length);
    return true;
  }

  /** The names that a library uses for messages to itself (its "Disconnected" signal): never on a wire. */
  #isLocal(name: string, start: number, length: number): boolean {
    return length === name.length && this.bytes.toString('latin1', start, start + length) === name;
  }

  /** A field of a later specification: its value is checked as far as its framing and stepped over. */
  #skipUnknownField(at: number): number {
    this.unknownFields = true;
    const code = this.bytes[at]!;
    if (extensionSignatures[code] !== undefined) {
      this.#extension ??= new Map();
      if (this.#extension.has(code)) throw new ProtocolError(`header field ${code} is there twice`);
      this.#extension.set(code, at);
    }
    const reader = new Reader(this.bytes, this.start, this.fieldsEnd, this.little, [], at + 1);
    reader.skip(parseSingleType(reader.signature()), 1);
    return reader.offset;
  }

  #skipPadding(at: number, alignment: number, end: number): number {
    const next = at + ((this.start - at) & (alignment - 1));
    if (next > end) throw new ProtocolError('a header field is cut off');
    for (; at < next; at++)
      if (this.bytes[at] !== 0) throw new ProtocolError('padding in the header is not zero');
    return next;
  }

  #checkRequired(): void {
    const { type } = this;
    if (type === MessageType.methodCall) this.#require(Field.path, Field.member);
    else if (type === MessageType.signal) {
      this.#require(Field.path, Field.member);
      this.#require(Field.interface, Field.interface);
    } else if (type === MessageType.methodReturn) this.#require(Field.replySerial, Field.replySerial);
    else if (type === MessageType.error) this.#require(Field.replySerial, Field.errorName);
    if (this.bodyLength > 0 && !(this.#lengths[Field.signature]! > 0 && this.has(Field.signature)))
      throw new ProtocolError('a body without a signature');
  }

  #require(one: number, other: number): void {
    if (!this.has(one) || !this.has(other))
      throw new ProtocolError(
        `a message of type ${this.type} lacks header field ${this.has(one) ? other : one}`,
      );
  }
}
