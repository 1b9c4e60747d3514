/**
 * A C struct or union as data: the fields in order, with their types. Size, alignment and offsets follow the System V
 * ABI of 64-bit machines (natural alignment, little endian), so a table here can be compared with a C compiler's.
 */
import {
  type ArrayOf,
  access,
  alignmentOf,
  type Codec,
  type FieldType,
  type Given,
  sizeOf,
  type Value,
} from './Field.js';

export interface Fields {
  readonly [name: string]: FieldType;
}
export type Values<F extends Fields> = { -readonly [K in keyof F]: Value<F[K]> };
export type GivenValues<F extends Fields> = { readonly [K in keyof F]?: Given<F[K]> };

/** A field's reader; of a nested struct, its fields' readers; in an array, with the element's index at the end. */
type Getter<T extends FieldType, Index extends unknown[] = []> =
  T extends Struct<infer F>
    ? { readonly [K in keyof F]: Getter<F[K], Index> }
    : T extends ArrayOf<infer E>
      ? Getter<E, [index: number]>
      : (view: DataView, base: number, ...index: Index) => Value<T>;
type Setter<T extends FieldType, Index extends unknown[] = []> =
  T extends Struct<infer F>
    ? { readonly [K in keyof F]: Setter<F[K], Index> }
    : T extends ArrayOf<infer E>
      ? Setter<E, [index: number]>
      : (view: DataView, base: number, ...indexAndValue: [...Index, value: Given<T>]) => void;

export interface Struct<F extends Fields> extends Codec {
  readonly kind: 'struct' | 'union';
  /** As C has it; empty when it has none. */
  readonly name: string;
  /** Bytes, including the padding at the end. */
  readonly size: number;
  readonly fields: F;
  readonly offset: { readonly [K in keyof F]: number };
  /** One field of the struct that starts at `base`; numbers are read and written without allocating anything. */
  readonly get: { readonly [K in keyof F]: Getter<F[K]> };
  readonly set: { readonly [K in keyof F]: Setter<F[K]> };
  read(view: DataView, base: number): Values<F>;
  /** Writes the given fields and zeroes the rest, padding included. */
  write(view: DataView, base: number, values: GivenValues<F>): void;
}

export type AnyStruct = Struct<Fields>;
export const isStruct = (type: FieldType): type is AnyStruct =>
  typeof type === 'object' && (type.kind === 'struct' || type.kind === 'union');
export const isArray = (type: FieldType): type is ArrayOf<FieldType> =>
  typeof type === 'object' && type.kind === 'array';

/** Elements of an array on the way to a field. */
type Repeat = { readonly count: number; readonly step: number };

function placeOf(index: number, { count, step }: Repeat): number {
  if (!(index >= 0 && index < count && Number.isInteger(index)))
    throw new RangeError(`element ${index} of ${count}`);
  return index * step;
}

/** What `make` makes of every field of a struct that begins at `at`. */
function eachField<A>(
  { fields, offset }: Pick<AnyStruct, 'fields' | 'offset'>,
  at: number,
  make: (type: FieldType, at: number) => A,
): Record<string, A> {
  const made: Record<string, A> = {};
  for (const [name, type] of Object.entries(fields)) made[name] = make(type, at + offset[name]!);
  return made;
}

function enter(type: ArrayOf<FieldType>, around: Repeat | undefined): Repeat {
  if (around) throw new Error('an array within an array has no accessors; read() and write() do it');
  return { count: type.count, step: sizeOf(type.of) };
}

function getter(type: FieldType, at: number, repeat?: Repeat): unknown {
  if (isStruct(type)) return eachField(type, at, (field, place) => getter(field, place, repeat));
  if (isArray(type)) return getter(type.of, at, enter(type, repeat));
  const { read } = access(type);
  if (!repeat) return (view: DataView, base: number) => read(view, base + at);
  return (view: DataView, base: number, index: number) => read(view, base + at + placeOf(index, repeat));
}

function setter(type: FieldType, at: number, repeat?: Repeat): unknown {
  if (isStruct(type)) return eachField(type, at, (field, place) => setter(field, place, repeat));
  if (isArray(type)) return setter(type.of, at, enter(type, repeat));
  const { write } = access(type);
  if (!repeat) return (view: DataView, base: number, value: unknown) => write(view, base + at, value);
  return (view: DataView, base: number, index: number, value: unknown) =>
    write(view, base + at + placeOf(index, repeat), value);
}

function lay<const F extends Fields>(
  kind: 'struct' | 'union',
  name: string,
  fields: F,
  packed: boolean,
): Struct<F> {
  const offset: Record<string, number> = {};
  let end = 0;
  let alignment = 1;
  for (const [field, type] of Object.entries(fields)) {
    const boundary = packed ? 1 : alignmentOf(type);
    const at = kind === 'union' ? 0 : Math.ceil(end / boundary) * boundary;
    offset[field] = at;
    end = Math.max(end, at + sizeOf(type));
    alignment = Math.max(alignment, boundary);
  }
  const size = Math.ceil(end / alignment) * alignment;
  const parts = Object.entries(fields).map(([field, type]) => ({
    field,
    at: offset[field]!,
    ...access(type),
  }));
  return {
    kind,
    name,
    size,
    alignment,
    fields,
    offset: offset as Struct<F>['offset'],
    get: eachField({ fields, offset }, 0, getter) as Struct<F>['get'],
    set: eachField({ fields, offset }, 0, setter) as Struct<F>['set'],
    read(view, base) {
      const values: Record<string, unknown> = {};
      for (const { field, at, read } of parts) values[field] = read(view, base + at);
      return values as Values<F>;
    },
    write(view, base, values) {
      const given = kind === 'union' ? Object.keys(values) : [];
      if (given.length > 1) throw new TypeError(`${name} is a union: ${given.join(' or ')}, not both`);
      for (let i = 0; i < size; i++) view.setUint8(base + i, 0);
      for (const { field, at, write } of parts) {
        const value = values[field];
        if (value !== undefined) write(view, base + at, value);
      }
    },
  };
}

export const struct = <const F extends Fields>(name: string, fields: F): Struct<F> =>
  lay('struct', name, fields, false);

/** A struct without padding: `__attribute__((__packed__))`. */
export const packed = <const F extends Fields>(name: string, fields: F): Struct<F> =>
  lay('struct', name, fields, true);

/** All fields at the same place: reading gives every one's view of it, writing takes one. */
export const union = <const F extends Fields>(name: string, fields: F): Struct<F> =>
  lay('union', name, fields, false);

/** A value's bytes. */
export function encode<T extends FieldType>(type: T, value: Given<T>): Uint8Array<ArrayBuffer> {
  const encoded = new Uint8Array(sizeOf(type));
  access(type).write(new DataView(encoded.buffer), 0, value);
  return encoded;
}

/** The value at the start of the bytes; throws RangeError when they are too few. */
export function decode<T extends FieldType>(type: T, encoded: Uint8Array): Value<T> {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  return access(type).read(view, 0) as Value<T>;
}
