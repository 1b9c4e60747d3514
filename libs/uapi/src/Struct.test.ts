import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ScalarType } from './Field.js';
import { inputEvent } from './input.js';
import { type AnyStruct, struct } from './Struct.js';

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
