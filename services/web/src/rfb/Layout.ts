/** A field of a fixed-size part of an RFB message; a number is that many bytes of padding, written as 0. */
type FieldType = 'u8' | 'i8' | 'u16' | 'i32' | 'u32' | number;

const sizes = { u8: 1, i8: 1, u16: 2, i32: 4, u32: 4 } as const;

type Named<F extends Record<string, FieldType>> = {
  [Name in keyof F as F[Name] extends number ? never : Name]: number;
};

export interface Layout<F extends Record<string, FieldType>> {
  readonly size: number;
  read(bytes: Buffer, at?: number): Named<F>;
  write(values: Partial<Named<F>>): Buffer;
}

/** RFB's integers are big endian and nothing is aligned (RFC 6143, section 7). */
export function layout<const F extends Record<string, FieldType>>(fields: F): Layout<F> {
  const placed: { name: string; type: Exclude<FieldType, number>; at: number }[] = [];
  let size = 0;
  for (const [name, type] of Object.entries(fields)) {
    if (typeof type === 'number') size += type;
    else {
      placed.push({ name, type, at: size });
      size += sizes[type];
    }
  }
  return {
    size,
    read(bytes, at = 0) {
      const values: Record<string, number> = {};
      for (const { name, type, at: offset } of placed) values[name] = readers[type](bytes, at + offset);
      return values as Named<F>;
    },
    write(values) {
      const bytes = Buffer.alloc(size);
      for (const { name, type, at } of placed)
        writers[type](bytes, at, (values as Record<string, number>)[name] ?? 0);
      return bytes;
    },
  };
}

const readers = {
  u8: (bytes: Buffer, at: number) => bytes.readUInt8(at),
  i8: (bytes: Buffer, at: number) => bytes.readInt8(at),
  u16: (bytes: Buffer, at: number) => bytes.readUInt16BE(at),
  u32: (bytes: Buffer, at: number) => bytes.readUInt32BE(at),
  i32: (bytes: Buffer, at: number) => bytes.readInt32BE(at),
};
const writers = {
  u8: (bytes: Buffer, at: number, value: number) => bytes.writeUInt8(value, at),
  i8: (bytes: Buffer, at: number, value: number) => bytes.writeInt8(value, at),
  u16: (bytes: Buffer, at: number, value: number) => bytes.writeUInt16BE(value, at),
  u32: (bytes: Buffer, at: number, value: number) => bytes.writeUInt32BE(value, at),
  i32: (bytes: Buffer, at: number, value: number) => bytes.writeInt32BE(value, at),
};
