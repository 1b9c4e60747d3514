import { ProtocolError } from './DBusError.js';
import { extensionSignatures } from './ExtensionField.js';
import { Field, FixedHeader, MessageType, readUint32 } from './Header.js';
import { isBusNameBytes, isInterfaceBytes, isMemberBytes, isPathBytes } from './Names.js';
import { Reader } from './Reader.js';
import { parseSignature, parseSingleType, type Type } from './Signature.js';
import { maximumArrayLength, maximumFds } from './Writer.js';

const fieldCount = 10;
/** The variant's signature that each known field must have, by field code. */
const fieldSignatures = Buffer.from('\0osssussgu', 'latin1');
/** Longer fields are not remembered: they would cost more memory than they save time. */
const rememberedBytes = 512;
/** No word of any header's. */
const nowhere = -1;

/** The last valid signature: messages whose other fields differ often have the same. */
const lastSignature = new Uint8Array(255);
let lastSignatureLength = -1;
let lastTypes: readonly Type[] = [];
const noTypes: readonly Type[] = [];

/**
 * The fields of a header, checked in full, as places relative to the message's start. They are remembered with their
 * bytes: a header that differs in nothing but the serial that it answers needs no second look. Hot.
 *
 *   fixed header │ fields … REPLY_SERIAL [····] … padding │ body
 *                └── the same words ───┘ any └──── the same ┘
 */
export class HeaderFields {
  unixFds = 0;
  /** A field that this side does not know is there. */
  unknown = false;
  /** Where the reply serial is; 0 when there is none. */
  replySerialAt = 0;
  /** Where fields of the extension begin, by code; undefined when there are none, as in most messages. */
  extension: Map<number, number> | undefined;
  /** What the signature says that the body holds. */
  types: readonly Type[] = noTypes;
  /** By field code: where the string begins (0: no such field) and how long it is. */
  readonly starts = new Int32Array(fieldCount);
  readonly lengths = new Int32Array(fieldCount);
  /** By field code: the bytes of the whole field (0: no such field), padding before it not included. */
  readonly fieldStarts = new Int32Array(fieldCount);
  readonly fieldEnds = new Int32Array(fieldCount);
  readonly #strings: (string | undefined)[] = new Array(fieldCount).fill(undefined);
  /** What was parsed, if it is remembered: of which message type, in which byte order, so many bytes, and those with their padding. */
  #type = 0;
  #little = true;
  #length = nowhere;
  #words: Int32Array | undefined;

  /** Whether the fields of `length` bytes without their padding, of the message at `start`, are these. */
  are(view: DataView, start: number, length: number, type: number, little: boolean): boolean {
    if (length !== this.#length || type !== this.#type || little !== this.#little) return false;
    const words = this.#words!;
    const first = start + FixedHeader.size;
    const replySerial = this.replySerialAt - FixedHeader.size;
    const padded = (length + 7) & ~7;
    for (let at = 0; at < padded; at += 4)
      if (view.getInt32(first + at, true) !== words[at >> 2] && at !== replySerial) return false;
    return true;
  }

  /** Takes the fields of a message of that type. They end at `end`, their padding at `bodyStart`. Throws ProtocolError. */
  parse(
    bytes: Buffer,
    start: number,
    end: number,
    bodyStart: number,
    type: number,
    little: boolean,
    view: DataView,
  ): void {
    this.#length = nowhere;
    this.unixFds = 0;
    this.unknown = false;
    this.replySerialAt = 0;
    this.types = noTypes;
    this.extension = undefined;
    for (let field = 0; field < fieldCount; field++) {
      this.starts[field] = 0;
      this.lengths[field] = 0;
      this.fieldStarts[field] = 0;
      this.#strings[field] = undefined;
    }
    let at = start + FixedHeader.size;
    while (at < end) {
      at = skipPadding(bytes, start, at, end);
      if (end - at < 4) throw new ProtocolError('a header field is cut off');
      const code = bytes[at]!;
      if (code === 0) throw new ProtocolError('header field 0');
      at =
        code < fieldCount
          ? this.#parseKnown(bytes, start, at, end, code, little)
          : this.#skipUnknown(bytes, start, at, end, little);
    }
    for (; at < bodyStart; at++)
      if (bytes[at] !== 0) throw new ProtocolError('padding after the header is not zero');
    this.#checkRequired(type);
    if (this.unknown) return;
    this.#remember(view, start + FixedHeader.size, end, bodyStart, type, little);
  }

  has(field: number): boolean {
    return this.fieldStarts[field]! > 0;
  }

  /** A field's string, made once for all messages with these fields; undefined when there is no such field. */
  string(field: number, bytes: Buffer, start: number): string | undefined {
    const at = this.starts[field]!;
    if (at === 0) return undefined;
    let text = this.#strings[field];
    if (text === undefined) {
      text = bytes.toString('latin1', start + at, start + at + this.lengths[field]!);
      this.#strings[field] = text;
    }
    return text;
  }

  #remember(view: DataView, from: number, end: number, to: number, type: number, little: boolean): void {
    const length = to - from;
    if (length > rememberedBytes) return;
    this.#words ??= new Int32Array(rememberedBytes / 4);
    for (let at = 0; at < length; at += 4) this.#words[at >> 2] = view.getInt32(from + at, true);
    this.#type = type;
    this.#little = little;
    this.#length = end - from;
  }

  #parseKnown(bytes: Buffer, start: number, at: number, end: number, code: number, little: boolean): number {
    if (this.fieldStarts[code]! > 0) throw new ProtocolError(`header field ${code} is there twice`);
    if (bytes[at + 1] !== 1 || bytes[at + 2] !== fieldSignatures[code]! || bytes[at + 3] !== 0)
      throw new ProtocolError(`header field ${code} has the wrong type`);
    this.fieldStarts[code] = at - start;
    // A signature's length is one byte; that of the others, and the numbers, are 32 bits at a multiple of 4, which at + 4 is.
    let value = at + 4;
    let length: number;
    if (code === Field.signature) {
      if (end - value < 1) throw new ProtocolError('a header field is cut off');
      length = bytes[value]!;
      value += 1;
    } else {
      if (end - value < 4) throw new ProtocolError('a header field is cut off');
      length = readUint32(bytes, value, little);
      value += 4;
      if (code === Field.replySerial || code === Field.unixFds) {
        if (code === Field.replySerial) this.replySerialAt = value - 4 - start;
        else if (length > maximumFds) throw new ProtocolError(`${length} fds with one message`);
        else this.unixFds = length;
        this.fieldEnds[code] = value - start;
        return value;
      }
      if (length > maximumArrayLength) throw new ProtocolError('a header field is cut off');
    }
    if (end - value < length + 1) throw new ProtocolError('a header field is cut off');
    if (bytes[value + length] !== 0) throw new ProtocolError(`header field ${code} does not end in NUL`);
    if (!isValid(bytes, code, value, length)) throw new ProtocolError(`header field ${code} is not valid`);
    if (code === Field.signature) this.types = lastTypes;
    this.starts[code] = value - start;
    this.lengths[code] = length;
    this.fieldEnds[code] = value + length + 1 - start;
    return value + length + 1;
  }

  /** A field of a later specification: its value is checked as far as its framing and stepped over. */
  #skipUnknown(bytes: Buffer, start: number, at: number, end: number, little: boolean): number {
    this.unknown = true;
    const code = bytes[at]!;
    if (extensionSignatures[code] !== undefined) {
      this.extension ??= new Map();
      if (this.extension.has(code)) throw new ProtocolError(`header field ${code} is there twice`);
      this.extension.set(code, at - start);
    }
    const reader = new Reader(bytes, start, end, little, [], at + 1);
    reader.skip(parseSingleType(reader.signature()), 1);
    return reader.offset;
  }

  #checkRequired(type: number): void {
    if (type === MessageType.methodCall) this.#require(type, Field.path, Field.member);
    else if (type === MessageType.signal) {
      this.#require(type, Field.path, Field.member);
      this.#require(type, Field.interface, Field.interface);
    } else if (type === MessageType.methodReturn) this.#require(type, Field.replySerial, Field.replySerial);
    else if (type === MessageType.error) this.#require(type, Field.replySerial, Field.errorName);
  }

  #require(type: number, one: number, other: number): void {
    if (!this.has(one) || !this.has(other))
      throw new ProtocolError(`a message of type ${type} lacks header field ${this.has(one) ? other : one}`);
  }
}

function skipPadding(bytes: Uint8Array, start: number, at: number, end: number): number {
  const next = at + ((start - at) & 7);
  if (next > end) throw new ProtocolError('a header field is cut off');
  for (; at < next; at++) if (bytes[at] !== 0) throw new ProtocolError('padding in the header is not zero');
  return next;
}

function isValid(bytes: Buffer, code: number, start: number, length: number): boolean {
  switch (code) {
    case Field.path:
      return (
        isPathBytes(bytes, start, length) && !isLocal('/org/freedesktop/DBus/Local', bytes, start, length)
      );
    case Field.interface:
      return (
        isInterfaceBytes(bytes, start, length) && !isLocal('org.freedesktop.DBus.Local', bytes, start, length)
      );
    case Field.member:
      return isMemberBytes(bytes, start, length);
    case Field.errorName:
      return isInterfaceBytes(bytes, start, length);
    case Field.signature:
      return isSignature(bytes, start, length);
    default:
      return isBusNameBytes(bytes, start, length);
  }
}

/** The names that a library uses for messages to itself (its "Disconnected" signal): never on a wire. */
function isLocal(name: string, bytes: Buffer, start: number, length: number): boolean {
  return length === name.length && bytes.toString('latin1', start, start + length) === name;
}

/** Whether it is one, which then is the last one. Throws ProtocolError. */
function isSignature(bytes: Buffer, start: number, length: number): boolean {
  let same = length === lastSignatureLength;
  for (let i = 0; same && i < length; i++) same = bytes[start + i] === lastSignature[i];
  if (same) return true;
  lastTypes = parseSignature(bytes.toString('latin1', start, start + length));
  lastSignatureLength = length;
  bytes.copy(lastSignature, 0, start, start + length);
  return true;
}
