import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  haveJpeg,
  haveLz4,
  jpegCompressRectangle,
  lz4Bound,
  lz4CompressRectangle,
  lz4CompressRectangleFallback,
} from './codecs.js';
import { lz4Compress } from './lz4Compress.js';
import { lz4Decompress } from './lz4Decompress.js';

const scratch = mkdtempSync(join(tmpdir(), 'pixels-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Compiles a C program; `cc` is there, since the addon needs it. */
function compile(name: string, source: string, ...flags: string[]): string {
  const path = join(scratch, name);
  writeFileSync(`${path}.c`, source);
  execFileSync('cc', ['-o', path, `${path}.c`, ...flags]);
  return path;
}

/** Bytes as screens have them: runs, repeats, noise. */
const bytes = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constant('run' as const), fc.nat(255), fc.nat(700)),
      fc.tuple(fc.constant('noise' as const), fc.nat(), fc.nat(300)),
      fc.tuple(fc.constant('repeat' as const), fc.integer({ min: 1, max: 70_000 }), fc.nat(400)),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => {
    const out: number[] = [];
    for (const [kind, value, count] of pieces)
      for (let i = 0; i < count; i++) {
        const noise = Math.imul(value + i, 2654435761) >>> 24;
        out.push(kind === 'run' ? value : kind === 'noise' ? noise : (out[out.length - value] ?? noise));
      }
    return Uint8Array.from(out);
  });

const image = fc.record({
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 40 }),
  padding: fc.nat(20),
  seed: fc.nat(),
  colours: fc.constantFrom(1, 2, 7, 1000, 2 ** 32),
});

function pixelsOf({
  width,
  height,
  padding,
  seed,
  colours,
}: typeof image extends fc.Arbitrary<infer T> ? T : never) {
  const stride = width * 4 + padding;
  const pixels = new Uint8Array(stride * height);
  const view = new DataView(pixels.buffer);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      view.setUint32(
        y * stride + x * 4,
        Math.imul((seed + x * 31 + y * 17) % colours, 2654435761) >>> 0,
        true,
      );
  return { pixels, stride };
}

function packed(pixels: Uint8Array, stride: number, x: number, y: number, w: number, h: number): Uint8Array {
  const out = new Uint8Array(w * h * 4);
  for (let row = 0; row < h; row++)
    out.set(pixels.subarray((y + row) * stride + x * 4, (y + row) * stride + (x + w) * 4), row * w * 4);
  return out;
}

describe('LZ4', () => {
  const encoders = { liblz4: lz4CompressRectangle, TypeScript: lz4CompressRectangleFallback };

  for (const [name, encode] of Object.entries(encoders)) {
    it.skipIf(name === 'liblz4' && !haveLz4())(
      `what ${name} compresses decodes to the same rectangle`,
      () => {
        fc.assert(
          fc.property(image, fc.nat(), fc.nat(), (shape, cutX, cutY) => {
            const { pixels, stride } = pixelsOf(shape);
            const [x, y] = [cutX % shape.width, cutY % shape.height];
            const [w, h] = [shape.width - x, shape.height - y];
            const out = new Uint8Array(lz4Bound(w * h * 4) + 3);
            const written = encode(pixels, stride, x, y, w, h, out, 3);
            expect(written).toBeGreaterThan(0);
            const decoded = new Uint8Array(w * h * 4);
            expect(lz4Decompress(out.subarray(3, 3 + written), decoded)).toBe(decoded.length);
            expect(Buffer.compare(decoded, packed(pixels, stride, x, y, w, h))).toBe(0);
          }),
          { numRuns: 300 },
        );
      },
    );

    it.skipIf(name === 'liblz4' && !haveLz4())(
      `${name} gives 0 and writes nothing behind the end when it does not fit`,
      () => {
        const { pixels, stride } = pixelsOf({ width: 80, height: 40, padding: 0, seed: 1, colours: 1000 });
        const full = encode(pixels, stride, 0, 0, 80, 40, new Uint8Array(lz4Bound(80 * 40 * 4)), 0);
        for (const room of [0, 1, 17, full - 1]) {
          const whole = new Uint8Array(full + 64).fill(0xa5);
          expect(encode(pixels, stride, 0, 0, 80, 40, whole.subarray(0, room), 0)).toBe(0);
          expect(whole.subarray(room).every((byte) => byte === 0xa5)).toBe(true);
        }
        expect(encode(pixels, stride, 0, 0, 80, 40, new Uint8Array(full), full + 1)).toBe(0);
        expect(encode(pixels, stride, 0, 0, 80, 40, new Uint8Array(full), -1)).toBe(0);
      },
    );

    it.skipIf(name === 'liblz4' && !haveLz4())(
      `${name} refuses a rectangle that is not wholly inside the image`,
      () => {
        const pixels = new Uint8Array(40 * 10);
        const out = new Uint8Array(1000);
        for (const [x, y, w, h] of [
          [-1, 0, 2, 2],
          [0, 0, 11, 1],
          [0, 0, 1, 11],
          [0, 0, 0, 1],
          [0, 9, 10, 2],
          [Number.NaN, 0, 99, 1],
        ] as const)
          expect(() => encode(pixels, 40, x, y, w, h, out, 0)).toThrow(RangeError);
      },
    );
  }

  it('the TypeScript encoder round-trips any bytes', () => {
    fc.assert(
      fc.property(bytes, (source) => {
        const out = new Uint8Array(lz4Bound(source.length));
        const written = lz4Compress(source, out);
        const decoded = new Uint8Array(source.length);
        expect(lz4Decompress(out.subarray(0, written), decoded)).toBe(source.length);
        expect(Buffer.compare(decoded, source)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it.skipIf(!haveLz4())('liblz4 decodes what the TypeScript encoder writes', () => {
    const decoder = compile(
      'lz4d',
      `#include <dlfcn.h>
       #include <stdio.h>
       static char in[1 << 22], out[1 << 22];
       int main(void) {
         void *library = dlopen("liblz4.so.1", RTLD_NOW);
         int (*decode)(const char *, char *, int, int) = (int (*)(const char *, char *, int, int))dlsym(library, "LZ4_decompress_safe");
         int size = decode(in, out, (int)fread(in, 1, sizeof in, stdin), sizeof out);
         return size < 0 ? 1 : fwrite(out, 1, size, stdout) != (size_t)size;
       }`,
      '-ldl',
    );
    for (const source of fc.sample(bytes, 25)) {
      const out = new Uint8Array(lz4Bound(source.length));
      const block = out.subarray(0, lz4Compress(source, out));
      const decoded = execFileSync(decoder, { input: block });
      expect(Buffer.compare(decoded, source)).toBe(0);
    }
  });

  it('the decoder survives garbage: a RangeError, and nothing written behind the end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(300), (block, room) => {
        const whole = new Uint8Array(room + 300).fill(0xa5);
        try {
          expect(lz4Decompress(block, whole.subarray(0, room))).toBeLessThanOrEqual(room);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
        expect(whole.subarray(room).every((byte) => byte === 0xa5)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('the decoder survives damaged blocks', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        (source, damage) => {
          const out = new Uint8Array(lz4Bound(source.length));
          const block = out.slice(0, lz4Compress(source, out));
          for (const [at, value] of damage) block[at % block.length] = value;
          try {
            lz4Decompress(block, new Uint8Array(source.length));
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** The first frame header's size, and that the file begins and ends as a JPEG does. */
function jpegShape(jpeg: Uint8Array): { width: number; height: number } {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.length);
  expect(view.getUint16(0)).toBe(0xffd8);
  expect(view.getUint16(jpeg.length - 2)).toBe(0xffd9);
  for (let at = 2; ; at += 2 + view.getUint16(at + 2))
    if (view.getUint16(at) === 0xffc0)
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
}

describe.skipIf(!haveJpeg())('JPEG', () => {
  const shape = { width: 83, height: 37, padding: 12, seed: 5, colours: 1000 };

  it('makes a baseline JPEG of the rectangle, the smaller the lower the quality', () => {
    const { pixels, stride } = pixelsOf(shape);
    const out = new Uint8Array(100_000);
    const size = jpegCompressRectangle(pixels, stride, 3, 2, 80, 35, 80, out, 10);
    expect(jpegShape(out.subarray(10, 10 + size))).toEqual({ width: 80, height: 35 });
    expect(jpegCompressRectangle(pixels, stride, 3, 2, 80, 35, 20, out, 10)).toBeLessThan(size);
  });

  it('gives 0 and writes nothing behind the end when it does not fit', () => {
    const { pixels, stride } = pixelsOf(shape);
    const size = jpegCompressRectangle(pixels, stride, 0, 0, 83, 37, 80, new Uint8Array(100_000), 0);
    for (const room of [0, 1, 600, size - 1]) {
      const whole = new Uint8Array(100_000).fill(0xa5);
      expect(jpegCompressRectangle(pixels, stride, 0, 0, 83, 37, 80, whole.subarray(0, room), 0)).toBe(0);
      expect(whole.subarray(room).every((byte) => byte === 0xa5)).toBe(true);
    }
    const exact = new Uint8Array(size + 1);
    expect(jpegCompressRectangle(pixels, stride, 0, 0, 83, 37, 80, exact, 0)).toBe(size);
    expect(() => jpegCompressRectangle(pixels, stride, 0, 0, 84, 37, 80, exact, 0)).not.toThrow();
    expect(() => jpegCompressRectangle(pixels, stride, 0, 0, 87, 37, 80, exact, 0)).toThrow(RangeError);
  });

  it.skipIf(!existsSync('/usr/include/jpeglib.h'))('keeps the channels in their places', () => {
    const pixels = new Uint8Array(64 * 64 * 4);
    new Uint32Array(pixels.buffer).fill(0xffc02040);
    const out = new Uint8Array(100_000);
    const jpeg = out.subarray(0, jpegCompressRectangle(pixels, 256, 0, 0, 64, 64, 90, out, 0));
    const decoder = compile(
      'jpegd',
      `#include <stdio.h>
       #include <jpeglib.h>
       int main(void) {
         struct jpeg_decompress_struct d; struct jpeg_error_mgr e; unsigned char row[192], *rows = row;
         d.err = jpeg_std_error(&e);
         jpeg_create_decompress(&d); jpeg_stdio_src(&d, stdin); jpeg_read_header(&d, TRUE); jpeg_start_decompress(&d);
         jpeg_read_scanlines(&d, &rows, 1);
         return fwrite(row, 1, 3, stdout) != 3;
       }`,
      '-ljpeg',
    );
    const [r = 0, g = 0, b = 0] = execFileSync(decoder, { input: jpeg });
    expect(Math.max(Math.abs(r - 0xc0), Math.abs(g - 0x20), Math.abs(b - 0x40))).toBeLessThan(6);
  });
});

describe.skipIf(!existsSync('/usr/include/jpeglib.h'))('native/src/jpeg62.h', () => {
  it("has every member that is used where libjpeg's own header has it", () => {
    const members = {
      errors: 'err',
      client_data: 'client_data',
      destination: 'dest',
      image_width: 'image_width',
      image_height: 'image_height',
      input_components: 'input_components',
      input_colour_space: 'in_color_space',
      smoothing_factor: 'smoothing_factor',
      dct_method: 'dct_method',
      next_scanline: 'next_scanline',
      mcu_membership: 'MCU_membership',
      script_space_size: 'script_space_size',
    };
    const same = (condition: string) => `_Static_assert(${condition}, "");`;
    const source = `#include <stddef.h>
      #include <stdio.h>
      #include <jpeglib.h>
      #include "jpeg62.h"
      ${same('sizeof(struct jpeg_compressor) == sizeof(struct jpeg_compress_struct)')}
      ${same('sizeof(struct jpeg_errors) >= sizeof(struct jpeg_error_mgr)')}
      ${same('offsetof(struct jpeg_errors, error_exit) == offsetof(struct jpeg_error_mgr, error_exit)')}
      ${same('offsetof(struct jpeg_errors, output_message) == offsetof(struct jpeg_error_mgr, output_message)')}
      ${same('JPEG_ABI_VERSION == JPEG_LIB_VERSION && JPEG_COLOUR_BGRX == JCS_EXT_BGRX && JPEG_DCT_FASTEST == JDCT_FASTEST')}
      ${Object.entries(members)
        .map(([ours, theirs]) =>
          same(
            `offsetof(struct jpeg_compressor, ${ours}) == offsetof(struct jpeg_compress_struct, ${theirs})`,
          ),
        )
        .join('\n')}
      int main(void) { return 0; }`;
    compile('abi', source, '-I', join(import.meta.dirname, '../../../native/src'));
  });
});
