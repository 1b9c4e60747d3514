/**
 * What a field of a kernel struct can be: an integer, or one of the composed types below (a nested struct, too: Struct.ts).
 * Sizes and alignments are those of 64-bit machines (System V ABI), little endian.
 */

/** A type as bytes: how many, where it may begin, and how it is read and written. */
export interface Codec {
  readonly kind: 'text' | 'bytes' | 'array' | 'pointer' | 'struct' | 'union';
  readonly size: number;
  readonly alignment: number;
  read(view: DataView, at: number): unknown;
  write(view: DataView, at: number, value: never): void;
}

const scalars = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, u64: 8, i64: 8 } as const;

export type ScalarType = keyof typeof scalars;
export type FieldType = ScalarType | Codec;

/** What reading a field gives. */
export type Value<T extends FieldType> = T extends 'u64' | 'i64'
  ? bigint
  : T extends ScalarType
    ? number
    : T extends { read(view: DataView, at: number): infer V }
      ? V
      : never;

/** What writing a field takes: of a struct also a part, the rest is zeroed. */
export type Given<T extends FieldType> = T extends ScalarType
  ? Value<T>
  : T extends { write(view: DataView, at: number, value: infer V): void }
    ? V
    : never;

/** `char[length]` with a NUL at its end. */
export interface Text extends Codec {
  readonly kind: 'text';
  read(view: DataView, at: number): string;
  /** Throws when there is no room for the NUL. */
  write(view: DataView, at: number, value: string): void;
}

/** `__u8[length]` that is no text: bits, a descriptor, reserved room. */
export interface Bytes extends Codec {
  readonly kind: 'bytes';
  read(view: DataView, at: number): Uint8Array;
  /** What is shorter is filled up with zeros. */
  write(view: DataView, at: number, value: Uint8Array): void;
}

export interface ArrayOf<E extends FieldType> extends Codec {
  readonly kind: 'array';
  readonly of: E;
  readonly count: number;
  read(view: DataView, at: number): Value<E>[];
  write(view: DataView, at: number, value: readonly Given<E>[]): void;
}

/** An address in the caller's memory, and what is there: as many `to` as the field `count` beside it says. */
export interface Pointer<E extends FieldType = FieldType> extends Codec {
  readonly kind: 'pointer';
  readonly to: E;
  /** Undefined: how many, no field alone says. */
  readonly count: string | undefined;
  read(view: DataView, at: number): bigint;
  write(view: DataView, at: number, value: bigint): void;
}

type Read = (view: DataView, at: number) => unknown;
type Write = (view: DataView, at: number, value: unknown) => void;
export type Access = { readonly read: Read; readonly write: Write };

// biome-ignore format: one line a type reads as a table
const scalarAccess: { [T in ScalarType]: { read: (v: DataView, at: number) => Value<T>; write: (v: DataView, at: number, x: Value<T>) => void } } = {
  u8: { read: (v, at) => v.getUint8(at), write: (v, at, x) => v.setUint8(at, x) },
  i8: { read: (v, at) => v.getInt8(at), write: (v, at, x) => v.setInt8(at, x) },
  u16: { read: (v, at) => v.getUint16(at, true), write: (v, at, x) => v.setUint16(at, x, true) },
  i16: { read: (v, at) => v.getInt16(at, true), write: (v, at, x) => v.setInt16(at, x, true) },
  u32: { read: (v, at) => v.getUint32(at, true), write: (v, at, x) => v.setUint32(at, x, true) },
  i32: { read: (v, at) => v.getInt32(at, true), write: (v, at, x) => v.setInt32(at, x, true) },
  u64: { read: (v, at) => v.getBigUint64(at, true), write: (v, at, x) => v.setBigUint64(at, x, true) },
  i64: { read: (v, at) => v.getBigInt64(at, true), write: (v, at, x) => v.setBigInt64(at, x, true) },
};

/** The functions behind a type, without the type. */
export const access = (type: FieldType): Access =>
  (typeof type === 'string' ? scalarAccess[type] : type) as Access;
export const sizeOf = (type: FieldType): number => (typeof type === 'string' ? scalars[type] : type.size);
export const alignmentOf = (type: FieldType): number =>
  typeof type === 'string' ? scalars[type] : type.alignment;

const memory = (view: DataView, at: number, length: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + at, length);

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export function text(length: number): Text {
  return {
    kind: 'text',
    size: length,
    alignment: 1,
    read(view, at) {
      const bytes = memory(view, at, length);
      const end = bytes.indexOf(0);
      return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
    },
    write(view, at, value) {
      const bytes = encoder.encode(value);
      if (bytes.length >= length)
        throw new RangeError(`"${value}" has ${bytes.length} bytes, of ${length - 1} at most`);
      memory(view, at, length).fill(0).set(bytes);
    },
  };
}

export function bytes(length: number): Bytes {
  return {
    kind: 'bytes',
    size: length,
    alignment: 1,
    read: (view, at) => memory(view, at, length).slice(),
    write(view, at, value) {
      if (value.length > length) throw new RangeError(`${value.length} bytes, of ${length} at most`);
      memory(view, at, length).fill(0).set(value);
    },
  };
}

export function array<const E extends FieldType>(of: E, count: number): ArrayOf<E> {
  const { read, write } = access(of);
  const step = sizeOf(of);
  return {
    kind: 'array',
    of,
    count,
    size: step * count,
    alignment: alignmentOf(of),
    read: (view, at) => Array.from({ length: count }, (_, i) => read(view, at + i * step) as Value<E>),
    write(view, at, value) {
      if (value.length > count) throw new RangeError(`${value.length} elements, of ${count} at most`);
      memory(view, at, step * count).fill(0);
      for (const [i, element] of value.entries()) write(view, at + i * step, element);
    },
  };
}

export function pointer<const E extends FieldType>(to: E, count?: string): Pointer<E> {
  return { kind: 'pointer', to, count, size: 8, alignment: 8, ...scalarAccess.u64 };
}
