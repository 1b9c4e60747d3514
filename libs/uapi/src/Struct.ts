/**
 * A C struct as data: the fields in order, with their types. Size, alignment and offsets follow the System V
 * ABI of 64-bit machines (natural alignment, little endian), so a table here can be compared with a C compiler's.
 */

const scalars = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
} as const;

export type ScalarType = keyof typeof scalars;
export type Value<T extends ScalarType> = T extends 'u64' | 'i64' ? bigint : number;
export type Fields = Readonly<Record<string, ScalarType>>;
export type Values<F extends Fields> = { -readonly [K in keyof F]: Value<F[K]> };

type Getters<F extends Fields> = { readonly [K in keyof F]: (view: DataView, base: number) => Value<F[K]> };
type Setters<F extends Fields> = {
  readonly [K in keyof F]: (view: DataView, base: number, value: Value<F[K]>) => void;
};

export interface Struct<F extends Fields> {
  readonly name: string;
  /** Bytes, including the padding at the end. */
  readonly size: number;
  readonly fields: F;
  readonly offset: { readonly [K in keyof F]: number };
  /** One field of the struct that starts at `base`; allocates nothing. */
  readonly get: Getters<F>;
  readonly set: Setters<F>;
  read(view: DataView, base: number): Values<F>;
  /** Writes the given fields and zeroes the rest, padding included. */
  write(view: DataView, base: number, values: Partial<Values<F>>): void;
}

// biome-ignore format: one line a type reads as a table
const accessors: { [T in ScalarType]: [(v: DataView, at: number) => Value<T>, (v: DataView, at: number, x: Value<T>) => void] } = {
  u8: [(v, at) => v.getUint8(at), (v, at, x) => v.setUint8(at, x)],
  i8: [(v, at) => v.getInt8(at), (v, at, x) => v.setInt8(at, x)],
  u16: [(v, at) => v.getUint16(at, true), (v, at, x) => v.setUint16(at, x, true)],
  i16: [(v, at) => v.getInt16(at, true), (v, at, x) => v.setInt16(at, x, true)],
  u32: [(v, at) => v.getUint32(at, true), (v, at, x) => v.setUint32(at, x, true)],
  i32: [(v, at) => v.getInt32(at, true), (v, at, x) => v.setInt32(at, x, true)],
  u64: [(v, at) => v.getBigUint64(at, true), (v, at, x) => v.setBigUint64(at, x, true)],
  i64: [(v, at) => v.getBigInt64(at, true), (v, at, x) => v.setBigInt64(at, x, true)],
};

export function struct<const F extends Fields>(name: string, fields: F): Struct<F> {
  const offset: Record<string, number> = {};
  const get: Record<string, unknown> = {};
  const set: Record<string, unknown> = {};
  let end = 0;
  let alignment = 1;
  for (const [field, type] of Object.entries(fields)) {
    const size = scalars[type];
    const at = Math.ceil(end / size) * size;
    const [read, write] = accessors[type] as [
      (v: DataView, at: number) => unknown,
      (v: DataView, at: number, x: unknown) => void,
    ];
    offset[field] = at;
    get[field] = (view: DataView, base: number) => read(view, base + at);
    set[field] = (view: DataView, base: number, value: unknown) => write(view, base + at, value);
    end = at + size;
    alignment = Math.max(alignment, size);
  }
  const size = Math.ceil(end / alignment) * alignment;
  const getters = get as Getters<F>;
  const setters = set as Setters<F>;
  const names = Object.keys(fields) as (keyof F)[];
  return {
    name,
    size,
    fields,
    offset: offset as Struct<F>['offset'],
    get: getters,
    set: setters,
    read(view, base) {
      const values = {} as Values<F>;
      for (const field of names) values[field] = getters[field](view, base);
      return values;
    },
    write(view, base, values) {
      for (let i = 0; i < size; i++) view.setUint8(base + i, 0);
      for (const field of names) {
        const value = values[field];
        if (value !== undefined) setters[field](view, base, value);
      }
    },
  };
}
