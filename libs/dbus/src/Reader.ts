import type { Fd } from '@switchyard/sys';
import { ProtocolError } from './DBusError.js';
import { isPathBytes } from './Names.js';
import { parseSignature, parseSingleType, type Type, TypeCode, typeOfLetter } from './Signature.js';
import { checkText } from './TextBytes.js';
import { Variant } from './Variant.js';
import { maximumArrayLength, maximumDepth } from './Writer.js';

/** Fixed-size types by their size: the element count of such an array is its length divided by this. */
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [TypeCode.byte, 1],
  [TypeCode.int16, 2],
  [TypeCode.uint16, 2],
  [TypeCode.int32, 4],
  [TypeCode.uint32, 4],
  [TypeCode.int64, 8],
  [TypeCode.uint64, 8],
  [TypeCode.double, 8],
]);

/**
 * Unmarshals values from bytes that a stranger wrote. Everything is checked: bounds, padding, UTF-8, paths,
 * signatures, booleans, depth; what is wrong throws ProtocolError. Alignment is relative to `start`.
 */
export class Reader {
  #bytes: Buffer;
  #start: number;
  #end: number;
  #little: boolean;
  readonly #fds: readonly Fd[];
  #at: number;

  /** `start` is what alignment counts from; reading begins at `at`. */
  constructor(
    bytes: Buffer,
    start: number,
    end: number,
    little: boolean,
    fds: readonly Fd[] = [],
    at: number = start,
  ) {
    this.#bytes = bytes;
    this.#start = start;
    this.#at = at;
    this.#end = end;
    this.#little = little;
    this.#fds = fds;
  }

  /** Goes on with other bytes, as a new one would. */
  turnTo(bytes: Buffer, start: number, end: number, little: boolean): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#at = start;
    this.#end = end;
    this.#little = little;
  }

  get offset(): number {
    return this.#at;
  }

  get atEnd(): boolean {
    return this.#at === this.#end;
  }

  /** All values of a body, which must end exactly where the bytes do. */
  values(signature: string): unknown[] {
    const values = this.#fields(parseSignature(signature), 0);
    if (!this.atEnd) throw new ProtocolError(`${this.#end - this.#at} bytes are left after the last value`);
    return values;
  }

  /** Checks all values of a body, which must end exactly where the bytes do. Hot. */
  check(types: readonly Type[]): void {
    for (let i = 0; i < types.length; i++) this.skip(types[i]!, 0);
    if (this.#at !== this.#end) this.values('');
  }

  align(alignment: number): void {
    const padding = (this.#start - this.#at) & (alignment - 1);
    this.#need(padding);
    for (let i = 0; i < padding; i++)
      if (this.#bytes[this.#at++] !== 0) throw new ProtocolError('padding is not zero');
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.#at++]!;
  }

  uint32(): number {
    if (((this.#at - this.#start) & 3) !== 0) this.align(4);
    const at = this.#at;
    if (this.#end - at < 4) this.#need(4);
    this.#at = at + 4;
    const bytes = this.#bytes;
    return this.#little
      ? (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
      : ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  }

  /** Steps behind a string of `length` bytes and its NUL. */
  #textOf(length: number): void {
    this.#need(length + 1);
    this.#at += length + 1;
    if (this.#bytes[this.#at - 1] !== 0) throw new ProtocolError('a string does not end in NUL');
  }

  string(): string {
    const length = this.uint32();
    const start = this.#at;
    this.#textOf(length);
    return checkText(this.#bytes, start, start + length)
      ? this.#bytes.toString('latin1', start, start + length)
      : this.#bytes.toString('utf8', start, start + length);
  }

  objectPath(): string {
    const length = this.uint32();
    const start = this.#at;
    this.#textOf(length);
    if (!isPathBytes(this.#bytes, start, length)) throw new ProtocolError('an object path is not valid');
    return this.#bytes.toString('latin1', start, start + length);
  }

  signature(): string {
    const length = this.byte();
    this.#need(length + 1);
    const text = this.#bytes.toString('latin1', this.#at, this.#at + length);
    this.#at += length;
    if (this.#bytes[this.#at++] !== 0) throw new ProtocolError('a signature does not end in NUL');
    parseSignature(text);
    return text;
  }

  /** The type that a variant announces. Hot: nearly all are of one letter. */
  #variantType(): Type {
    const at = this.#at;
    if (this.#end - at >= 3 && this.#bytes[at] === 1 && this.#bytes[at + 2] === 0) {
      const type = typeOfLetter(this.#bytes[at + 1]!);
      if (type) {
        this.#at = at + 3;
        return type;
      }
    }
    return parseSingleType(this.signature());
  }

  value(type: Type, depth: number): unknown {
    switch (type.code) {
      case TypeCode.byte:
        return this.byte();
      case TypeCode.boolean: {
        const value = this.uint32();
        if (value > 1) throw new ProtocolError(`a boolean is ${value}`);
        return value === 1;
      }
      case TypeCode.int16: {
        const value = this.#uint16();
        return (value << 16) >> 16;
      }
      case TypeCode.uint16:
        return this.#uint16();
      case TypeCode.int32:
        return this.uint32() | 0;
      case TypeCode.uint32:
        return this.uint32();
      case TypeCode.int64: {
        const at = this.#take(8);
        return this.#little ? this.#bytes.readBigInt64LE(at) : this.#bytes.readBigInt64BE(at);
      }
      case TypeCode.uint64: {
        const at = this.#take(8);
        return this.#little ? this.#bytes.readBigUInt64LE(at) : this.#bytes.readBigUInt64BE(at);
      }
      case TypeCode.double: {
        const at = this.#take(8);
        return this.#little ? this.#bytes.readDoubleLE(at) : this.#bytes.readDoubleBE(at);
      }
      case TypeCode.string:
        return this.string();
      case TypeCode.objectPath:
        return this.objectPath();
      case TypeCode.signature:
        return this.signature();
      case TypeCode.unixFd: {
        const index = this.uint32();
        const fd = this.#fds[index];
        if (!fd) throw new ProtocolError(`fd ${index} of ${this.#fds.length}`);
        return fd;
      }
      case TypeCode.variant: {
        this.#checkDepth(depth);
        const inner = this.#variantType();
        return new Variant(inner.text, this.value(inner, depth + 1));
      }
      case TypeCode.array:
        return this.#array(type, depth);
      case TypeCode.struct:
        this.#checkDepth(depth);
        this.align(8);
        return this.#fields(type.children, depth + 1);
      default:
        throw new Error(`no such type: ${type.text}`);
    }
  }

  /** Steps over a value, checking it as `value` does but making nothing of it. */
  skip(type: Type, depth: number): void {
    switch (type.code) {
      case TypeCode.string: {
        const length = this.uint32();
        const start = this.#at;
        this.#textOf(length);
        checkText(this.#bytes, start, start + length);
        return;
      }
      case TypeCode.byte:
        this.byte();
        return;
      case TypeCode.int16:
      case TypeCode.uint16:
        this.#take(2);
        return;
      case TypeCode.int32:
      case TypeCode.uint32:
      case TypeCode.unixFd:
        this.uint32();
        return;
      case TypeCode.int64:
      case TypeCode.uint64:
      case TypeCode.double:
        this.#take(8);
        return;
      case TypeCode.variant:
        this.#checkDepth(depth);
        this.skip(this.#variantType(), depth + 1);
        return;
      case TypeCode.struct:
      case TypeCode.dictEntry:
        this.#checkDepth(depth);
        this.align(8);
        for (const child of type.children) this.skip(child, depth + 1);
        return;
      case TypeCode.array: {
        const element = type.children[0]!;
        const end = this.#arrayEnd(element, depth);
        if (fixedSizes.has(element.code)) this.#at = end;
        else while (this.#at < end) this.skip(element, depth + 1);
        this.#checkArrayEnd(end);
        return;
      }
      default:
        this.value(type, depth);
    }
  }

  #array(type: Type, depth: number): unknown {
    const element = type.children[0]!;
    const end = this.#arrayEnd(element, depth);
    if (element.code === TypeCode.byte) {
      const { buffer, byteOffset } = this.#bytes;
      const bytes = new Uint8Array(buffer, byteOffset + this.#at, end - this.#at).slice();
      this.#at = end;
      return bytes;
    }
    if (element.code === TypeCode.dictEntry) {
      const map = new Map<unknown, unknown>();
      const [key, value] = element.children as [Type, Type];
      this.#checkDepth(depth + 1);
      while (this.#at < end) {
        this.align(8);
        const name = this.value(key, depth + 2);
        map.set(name, this.value(value, depth + 2));
      }
      this.#checkArrayEnd(end);
      return map;
    }
    const values: unknown[] = [];
    while (this.#at < end) values.push(this.value(element, depth + 1));
    this.#checkArrayEnd(end);
    return values;
  }

  #fields(types: readonly Type[], depth: number): unknown[] {
    const values: unknown[] = [];
    for (let i = 0; i < types.length; i++) values.push(this.value(types[i]!, depth));
    return values;
  }

  #arrayEnd(element: Type, depth: number): number {
    this.#checkDepth(depth);
    const length = this.uint32();
    if (length > maximumArrayLength)
      throw new ProtocolError(`an array of ${length} bytes is longer than ${maximumArrayLength}`);
    this.align(element.alignment);
    this.#need(length);
    const size = fixedSizes.get(element.code);
    if (size !== undefined && length % size !== 0)
      throw new ProtocolError(`an array of '${element.text}' is ${length} bytes long`);
    return this.#at + length;
  }

  #checkArrayEnd(end: number): void {
    if (this.#at !== end) throw new ProtocolError("an array's last element leaves the array");
  }

  #uint16(): number {
    const at = this.#take(2);
    return this.#little ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  #take(size: number): number {
    this.align(size);
    this.#need(size);
    const at = this.#at;
    this.#at += size;
    return at;
  }

  #need(size: number): void {
    if (this.#end - this.#at < size) throw new ProtocolError('a value leaves its message');
  }

  #checkDepth(depth: number): void {
    if (depth >= maximumDepth) throw new ProtocolError(`values nest deeper than ${maximumDepth} levels`);
  }
}
