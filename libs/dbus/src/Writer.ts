import { Fd } from '@switchyard/sys';
import { isObjectPath } from './Names.js';
import { parseSignature, parseSingleType, type Type, TypeCode } from './Signature.js';
import { Variant } from './Variant.js';

/** Specification, "Marshaling": an array's bytes, without the padding before its first element. */
export const maximumArrayLength = 64 * 1024 * 1024;
/** Containers of a message's body, variants included, nest at most this deep. */
export const maximumDepth = 64;
/** One message's fds: what the kernel passes in one sendmsg (SCM_MAX_FD). */
export const maximumFds = 253;

/** A buffer that grew beyond this is not kept for the next message. */
const keptCapacity = 256 * 1024;

/** Up to this length a string is written letter by letter: calls into Node cost more than that. */
const shortText = 64;

const integerRanges: ReadonlyMap<number, readonly [number, number]> = new Map([
  [TypeCode.byte, [0, 0xff]],
  [TypeCode.int16, [-0x8000, 0x7fff]],
  [TypeCode.uint16, [0, 0xffff]],
  [TypeCode.int32, [-0x80000000, 0x7fffffff]],
  [TypeCode.uint32, [0, 0xffffffff]],
]);

/**
 * Marshals values into one growing buffer that is reused from message to message.
 * A value that does not fit its type throws TypeError: that is the caller's mistake, not a peer's.
 */
export class Writer {
  readonly little: boolean;
  /** The fds of the `h` values, in the order of their indices; still the caller's. */
  fds: Fd[] = [];
  #bytes: Buffer = Buffer.allocUnsafe(4096);
  #length = 0;

  constructor(little = true) {
    this.little = little;
  }

  /** What was written since the last reset; valid until the next write or reset. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  reset(): void {
    if (this.#bytes.length > keptCapacity) this.#bytes = Buffer.allocUnsafe(4096);
    this.#length = 0;
    this.fds = [];
  }

  values(signature: string, values: readonly unknown[]): void {
    const types = parseSignature(signature);
    if (types.length !== values.length)
      throw new TypeError(`signature '${signature}' takes ${types.length} values, got ${values.length}`);
    let i = 0;
    try {
      for (; i < types.length; i++) this.value(types[i]!, values[i], 0);
    } catch (error) {
      if (!(error instanceof TypeError) || types.length === 1) throw error;
      throw new TypeError(`value ${i + 1} of ${types.length}: ${error.message}`);
    }
  }

  align(alignment: number): void {
    const padding = -this.#length & (alignment - 1);
    if (padding === 0) return;
    this.#reserve(padding);
    for (let i = 0; i < padding; i++) this.#bytes[this.#length++] = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  uint32(value: number): void {
    this.align(4);
    this.#reserve(4);
    this.#putUint32(this.#length, value);
    this.#length += 4;
  }

  /** Overwrites a 32-bit number that was written before, such as a length. */
  patchUint32(at: number, value: number): void {
    this.#putUint32(at, value);
  }

  /** Strings, object paths: length, bytes, NUL. */
  string(text: string): void {
    if (text.length <= shortText && this.#plainText(text)) return;
    if (text.includes('\0')) throw new TypeError(`a D-Bus string holds no NUL: ${JSON.stringify(text)}`);
    const length = Buffer.byteLength(text);
    this.uint32(length);
    this.#reserve(length + 1);
    this.#length += this.#bytes.write(text, this.#length, length, 'utf8');
    this.#bytes[this.#length++] = 0;
  }

  /** Writes a string of ASCII; false, and nothing is written, when it is not. Hot. */
  #plainText(text: string): boolean {
    const { length } = text;
    this.align(4);
    this.#reserve(4 + length + 1);
    const bytes = this.#bytes;
    const start = this.#length + 4;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 0 || unit >= 0x80) return false;
      bytes[start + i] = unit;
    }
    bytes[start + length] = 0;
    this.#putUint32(this.#length, length);
    this.#length = start + length + 1;
    return true;
  }

  signature(text: string): void {
    this.#reserve(text.length + 2);
    this.#bytes[this.#length++] = text.length;
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
    this.#bytes[this.#length++] = 0;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  value(type: Type, value: unknown, depth: number): void {
    switch (type.code) {
      case TypeCode.byte:
        this.byte(integer(type, value));
        break;
      case TypeCode.boolean:
        if (typeof value !== 'boolean') throw mismatch(type, value);
        this.uint32(value ? 1 : 0);
        break;
      case TypeCode.int16:
      case TypeCode.uint16:
        this.#uint16(integer(type, value));
        break;
      case TypeCode.int32:
      case TypeCode.uint32:
        this.uint32(integer(type, value) >>> 0);
        break;
      case TypeCode.int64:
      case TypeCode.uint64:
        this.#int64(type, value);
        break;
      case TypeCode.double:
        if (typeof value !== 'number') throw mismatch(type, value);
        this.align(8);
        this.#reserve(8);
        if (this.little) this.#bytes.writeDoubleLE(value, this.#length);
        else this.#bytes.writeDoubleBE(value, this.#length);
        this.#length += 8;
        break;
      case TypeCode.string:
        if (typeof value !== 'string') throw mismatch(type, value);
        this.string(value);
        break;
      case TypeCode.objectPath:
        if (typeof value !== 'string' || !isObjectPath(value)) throw mismatch(type, value);
        this.string(value);
        break;
      case TypeCode.signature:
        if (typeof value !== 'string') throw mismatch(type, value);
        parseSignature(value);
        this.signature(value);
        break;
      case TypeCode.unixFd:
        if (!(value instanceof Fd)) throw mismatch(type, value);
        this.#fd(value);
        break;
      case TypeCode.variant:
        if (!(value instanceof Variant)) throw mismatch(type, value);
        checkDepth(depth);
        this.signature(value.signature);
        this.value(parseSingleType(value.signature), value.value, depth + 1);
        break;
      case TypeCode.array:
        this.#array(type, value, depth);
        break;
      case TypeCode.struct: {
        if (!Array.isArray(value) || value.length !== type.children.length) throw mismatch(type, value);
        checkDepth(depth);
        this.align(8);
        for (let i = 0; i < value.length; i++) this.value(type.children[i]!, value[i], depth + 1);
        break;
      }
      default:
        throw new Error(`no such type: ${type.text}`);
    }
  }

  #array(type: Type, value: unknown, depth: number): void {
    checkDepth(depth);
    const element = type.children[0]!;
    this.uint32(0);
    const lengthAt = this.#length - 4;
    this.align(element.alignment);
    const start = this.#length;
    if (element.code === TypeCode.dictEntry) {
      if (!(value instanceof Map)) throw mismatch(type, value);
      checkDepth(depth + 1);
      for (const [key, item] of value) {
        this.align(8);
        this.value(element.children[0]!, key, depth + 2);
        this.value(element.children[1]!, item, depth + 2);
      }
    } else if (element.code === TypeCode.byte && value instanceof Uint8Array) this.raw(value);
    else if (Array.isArray(value) || ArrayBuffer.isView(value))
      for (const item of value as unknown as Iterable<unknown>) this.value(element, item, depth + 1);
    else throw mismatch(type, value);
    const length = this.#length - start;
    if (length > maximumArrayLength)
      throw new TypeError(`an array of ${length} bytes is longer than D-Bus's ${maximumArrayLength}`);
    this.#putUint32(lengthAt, length);
  }

  #uint16(value: number): void {
    this.align(2);
    this.#reserve(2);
    if (this.little) this.#bytes.writeUInt16LE(value & 0xffff, this.#length);
    else this.#bytes.writeUInt16BE(value & 0xffff, this.#length);
    this.#length += 2;
  }

  #int64(type: Type, value: unknown): void {
    const signed = type.code === TypeCode.int64;
    if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw mismatch(type, value);
    const number = BigInt(value as bigint | number);
    if (number !== (signed ? BigInt.asIntN(64, number) : BigInt.asUintN(64, number)))
      throw mismatch(type, value);
    this.align(8);
    this.#reserve(8);
    const bits = BigInt.asUintN(64, number);
    if (this.little) this.#bytes.writeBigUInt64LE(bits, this.#length);
    else this.#bytes.writeBigUInt64BE(bits, this.#length);
    this.#length += 8;
  }

  #fd(fd: Fd): void {
    const known = this.fds.indexOf(fd);
    const index = known < 0 ? this.fds.push(fd) - 1 : known;
    if (index >= maximumFds) throw new TypeError(`a message carries at most ${maximumFds} fds`);
    this.uint32(index);
  }

  #putUint32(at: number, value: number): void {
    const bytes = this.#bytes;
    const [first, step] = this.little ? [at, 1] : [at + 3, -1];
    bytes[first] = value;
    bytes[first + step] = value >>> 8;
    bytes[first + 2 * step] = value >>> 16;
    bytes[first + 3 * step] = value >>> 24;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

function integer(type: Type, value: unknown): number {
  const [low, high] = integerRanges.get(type.code)!;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high)
    throw mismatch(type, value);
  return value;
}

function checkDepth(depth: number): void {
  if (depth >= maximumDepth) throw new TypeError(`values nest deeper than D-Bus's ${maximumDepth} levels`);
}

function mismatch(type: Type, value: unknown): TypeError {
  const shown =
    typeof value === 'bigint'
      ? `${value}n`
      : typeof value === 'object'
        ? describe(value)
        : JSON.stringify(value);
  return new TypeError(`not a value of D-Bus type '${type.text}': ${shown}`);
}

function describe(value: object | null): string {
  return value === null ? 'null' : (value.constructor?.name ?? 'object');
}
