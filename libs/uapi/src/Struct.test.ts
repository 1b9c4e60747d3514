import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { array, bytes, pointer, type ScalarType, text } from './Field.js';
import { inputEvent } from './input.js';
import { type AnyStruct, decode, encode, packed, struct, union } from './Struct.js';

const scratch = mkdtempSync(join(tmpdir(), 'uapi-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const types: Record<ScalarType, string> = {
  u8: 'uint8_t',
  i8: 'int8_t',
  u16: 'uint16_t',
  i16: 'int16_t',
  u32: 'uint32_t',
  i32: 'int32_t',
  u64: 'uint64_t',
  i64: 'int64_t',
};

/** What the C compiler (which the addon needs anyway) says of a struct: its size and each member's offset. */
function layoutInC(name: string, members: readonly string[], declaration: string): number[] {
  const source = join(scratch, `${name}.c`);
  const offsets = members.map((member) => `printf(" %zu", offsetof(struct ${name}, ${member}));`);
  writeFileSync(
    source,
    `#include <stddef.h>
     #include <stdint.h>
     #include <stdio.h>
     ${declaration}
     int main(void) { printf("%zu", sizeof(struct ${name})); ${offsets.join(' ')} return 0; }`,
  );
  execFileSync('cc', ['-o', join(scratch, name), source]);
  return execFileSync(join(scratch, name), { encoding: 'utf8' }).split(' ').map(Number);
}

const layout = (of: AnyStruct): number[] => [
  of.size,
  ...Object.keys(of.fields).map((field) => of.offset[field]!),
];

const field = fc.constantFrom(...(Object.keys(types) as ScalarType[]));

describe('struct', () => {
  it("lays input_event out as the kernel's header does", () => {
    const members = ['time.tv_sec', 'time.tv_usec', 'type', 'code', 'value'];
    expect(layout(inputEvent)).toEqual(layoutInC('input_event', members, '#include <linux/input.h>'));
  });

  it('lays any fields out as the C compiler does', () => {
    const shapes = fc.sample(fc.array(field, { minLength: 1, maxLength: 9 }), 5);
    for (const [index, shape] of shapes.entries()) {
      const name = `sample_${index}`;
      const fields = Object.fromEntries(shape.map((type, i) => [`f${i}`, type]));
      const declaration = `struct ${name} { ${shape.map((type, i) => `${types[type]} f${i};`).join(' ')} };`;
      expect([shape, layout(struct(name, fields))]).toEqual([
        shape,
        layoutInC(name, Object.keys(fields), declaration),
      ]);
    }
  });

  it('reads what it wrote, at any place, and zeroes padding and what was not given', () => {
    const example = struct('example', { small: 'u8', large: 'i64', middle: 'i16', unsigned: 'u32' });
    const values = fc.record({
      small: fc.nat(255),
      large: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      middle: fc.integer({ min: -32768, max: 32767 }),
      unsigned: fc.nat(0xffffffff),
    });
    fc.assert(
      fc.property(values, fc.nat(13), (given, base) => {
        const bytes = new Uint8Array(base + example.size + 3).fill(0xff);
        const view = new DataView(bytes.buffer);
        example.write(view, base, given);
        expect(example.read(view, base)).toEqual(given);
        expect(example.get.large(view, base)).toBe(given.large);
        expect([...bytes.subarray(base + 1, base + 8)]).toEqual([0, 0, 0, 0, 0, 0, 0]);
        expect(bytes[base + example.size]).toBe(0xff);
        example.write(view, base, { middle: 7 });
        expect(example.read(view, base)).toEqual({ small: 0, large: 0n, middle: 7, unsigned: 0 });
      }),
    );
  });

  it('reaches into nested structs and arrays', () => {
    const point = struct('point', { x: 'i16', y: 'i16' });
    const shape = struct('shape', {
      kind: 'u8',
      origin: point,
      corners: array(point, 3),
      colors: array('u64', 2),
    });
    expect(shape.offset).toEqual({ kind: 0, origin: 2, corners: 6, colors: 24 });
    const view = new DataView(new ArrayBuffer(shape.size + 5));
    shape.write(view, 5, {
      kind: 9,
      origin: { y: -4 },
      corners: [{ x: 1 }, { x: 2, y: 3 }],
      colors: [2n ** 64n - 1n],
    });
    expect(shape.get.origin.y(view, 5)).toBe(-4);
    expect(shape.get.corners.x(view, 5, 1)).toBe(2);
    shape.set.corners.y(view, 5, 2, -7);
    shape.set.colors(view, 5, 1, 8n);
    expect(shape.get.colors(view, 5, 0)).toBe(2n ** 64n - 1n);
    expect(shape.read(view, 5)).toEqual({
      kind: 9,
      origin: { x: 0, y: -4 },
      corners: [
        { x: 1, y: 0 },
        { x: 2, y: 3 },
        { x: 0, y: -7 },
      ],
      colors: [2n ** 64n - 1n, 8n],
    });
    for (const index of [-1, 3, 0.5, Number.NaN])
      expect(() => shape.get.corners.x(view, 5, index)).toThrow(RangeError);
    expect(() => shape.set.colors(view, 5, 2, 0n)).toThrow('element 2 of 2');
    expect(() => shape.write(view, 5, { colors: [1n, 2n, 3n] })).toThrow('3 elements, of 2 at most');
  });

  it('shows the same bytes as each member of a union', () => {
    const either = union('either', { number: 'u32', halves: array('u16', 2), text: text(6) });
    expect([either.size, either.alignment]).toEqual([8, 4]);
    const bytes = encode(either, { number: 0x00620061 });
    expect(decode(either, bytes)).toEqual({ number: 0x00620061, halves: [0x61, 0x62], text: 'a' });
    expect(() => encode(either, { number: 1, text: 'b' })).toThrow(
      'either is a union: number or text, not both',
    );
  });

  it('knows text, bytes, addresses and packed structs', () => {
    const file = packed('file', {
      flag: 'u8',
      name: text(8),
      data: pointer('u8', 'length'),
      length: 'u16',
      key: bytes(3),
    });
    expect([file.size, file.offset.data, file.alignment]).toEqual([22, 9, 1]);
    const encoded = encode(file, { name: 'größe', data: 0x7fff_0000_0001n, key: Uint8Array.of(1, 2) });
    expect(decode(file, encoded)).toEqual({
      flag: 0,
      name: 'größe',
      data: 0x7fff_0000_0001n,
      length: 0,
      key: Uint8Array.of(1, 2, 0),
    });
    expect(() => encode(file, { name: 'größer!' })).toThrow('"größer!" has 9 bytes, of 7 at most');
    expect(() => encode(file, { key: new Uint8Array(4) })).toThrow('4 bytes, of 3 at most');
    expect(() => decode(file, encoded.subarray(1))).toThrow(RangeError);
    // A name that fills its field has no NUL; what was read is a copy.
    const full = new Uint8Array(file.size).fill(0x41);
    const { name, key } = decode(file, full);
    full.fill(0);
    expect([name, [...key]]).toEqual(['AAAAAAAA', [0x41, 0x41, 0x41]]);
  });

  it('sets one field and leaves the others', () => {
    const view = new DataView(new ArrayBuffer(inputEvent.size));
    inputEvent.write(view, 0, { sec: 5n, type: 1, code: 30, value: -2 });
    inputEvent.set.code(view, 0, 31);
    expect(inputEvent.read(view, 0)).toEqual({ sec: 5n, usec: 0n, type: 1, code: 31, value: -2 });
  });

  it('refuses to reach behind the memory it is given', () => {
    expect(() => inputEvent.read(new DataView(new ArrayBuffer(23)), 0)).toThrow(RangeError);
  });
});
