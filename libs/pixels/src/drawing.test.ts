import { execFileSync } from 'node:child_process';
import { closeSync, constants, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createMemfd, Fd, Mapping, truncate } from '@switchyard/sys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blendRectangle,
  copyRectangle,
  fillRectangle,
  guardedCopy,
  scaleBlend,
  tileDiff,
} from './drawing.js';
import { Region } from './Region.js';

/** An image with its pixels as numbers, tightly packed. */
class Image {
  readonly bytes: Uint8Array;
  readonly stride: number;
  constructor(
    readonly width: number,
    readonly height: number,
    pixel: (x: number, y: number) => number = () => 0,
  ) {
    this.stride = width * 4;
    this.bytes = new Uint8Array(this.stride * height);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) this.set(x, y, pixel(x, y));
  }
  set(x: number, y: number, argb: number): void {
    new DataView(this.bytes.buffer).setUint32(y * this.stride + x * 4, argb, true);
  }
  at(x: number, y: number): number {
    return new DataView(this.bytes.buffer).getUint32(y * this.stride + x * 4, true);
  }
  rows(): string[] {
    return Array.from({ length: this.height }, (_, y) =>
      Array.from({ length: this.width }, (_, x) => this.at(x, y).toString(16)).join(' '),
    );
  }
}

/** Every pixel another colour. */
const numbered = (width: number, height: number) =>
  new Image(width, height, (x, y) => 0xff000000 + y * 256 + x);
const everything = new Region().set(0, 0, 10_000, 10_000);

/** Numbers that a hostile or confused caller could send. */
const wild = fc.oneof(
  fc.integer({ min: -40, max: 80 }),
  fc.constantFrom(
    0,
    -1,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 32,
    2 ** 53,
    -(2 ** 53),
    Number.NaN,
    Infinity,
    -Infinity,
    0.5,
    4096,
  ),
);

/** A view in the middle of a larger buffer whose other bytes must not change. */
function fenced(length: number): { view: Uint8Array; intact: () => boolean } {
  const whole = new Uint8Array(length + 8192).fill(0xa5);
  const view = whole.subarray(4096, 4096 + length);
  view.fill(0);
  const intact = () =>
    whole.subarray(0, 4096).every((byte) => byte === 0xa5) &&
    whole.subarray(4096 + length).every((byte) => byte === 0xa5);
  return { view, intact };
}

describe('copying and filling', () => {
  it('copies a rectangle and clips it to both images', () => {
    const from = numbered(6, 5);
    const to = new Image(4, 4);
    copyRectangle(to.bytes, to.stride, 2, 1, from.bytes, from.stride, 3, 2, 10, 10);
    expect(to.rows()).toEqual([
      '0 0 0 0',
      '0 0 ff000203 ff000204',
      '0 0 ff000303 ff000304',
      '0 0 ff000403 ff000404',
    ]);
    const shifted = new Image(2, 2);
    copyRectangle(shifted.bytes, shifted.stride, -1, -1, from.bytes, from.stride, -1, 0, 4, 4);
    expect(shifted.rows()).toEqual(['ff000100 ff000101', 'ff000200 ff000201']);
  });

  it('scrolls within one image in every direction', () => {
    for (const [dx, dy] of [
      [0, 1],
      [0, -1],
      [1, 0],
      [-1, 0],
      [2, 1],
    ] as const) {
      const image = numbered(7, 6);
      const before = numbered(7, 6);
      copyRectangle(image.bytes, image.stride, 2 + dx, 2 + dy, image.bytes, image.stride, 2, 2, 3, 3);
      for (let y = 0; y < 3; y++)
        for (let x = 0; x < 3; x++) expect(image.at(2 + dx + x, 2 + dy + y)).toBe(before.at(2 + x, 2 + y));
    }
  });

  it('fills a clipped rectangle at any address', () => {
    const bytes = new Uint8Array(3 * 13 + 1);
    fillRectangle(bytes.subarray(1), 13, 1, 1, 50, 50, 0x80402010);
    expect([...bytes.subarray(1 + 13, 1 + 26)]).toEqual([0, 0, 0, 0, 16, 32, 64, 128, 16, 32, 64, 128, 0]);
  });

  it('says what it wants when it gets something else', () => {
    const bytes = new Uint8Array(16);
    expect(() => fillRectangle(bytes, 'x' as unknown as number, 0, 0, 1, 1, 0)).toThrow(TypeError);
    expect(() => fillRectangle(new Float32Array(4) as unknown as Uint8Array, 16, 0, 0, 1, 1, 0)).toThrow(
      TypeError,
    );
  });
});

describe('blending', () => {
  const channel = (argb: number, at: number) => (argb >>> at) & 0xff;
  const premultiplied = fc
    .tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
    .map(([a, r, g, b]) => [a, ...[r, g, b].map((c) => Math.round((c * a) / 255))])
    .map(([a = 0, r = 0, g = 0, b = 0]) => ((a << 24) | (r << 16) | (g << 8) | b) >>> 0);

  it('is premultiplied source-over, to the rounding of one step', () => {
    fc.assert(
      fc.property(premultiplied, premultiplied, fc.nat(255), fc.boolean(), (above, below, alpha, opaque) => {
        const to = new Image(1, 1, () => below);
        const from = new Image(1, 1, () => above);
        blendRectangle(to.bytes, 4, 0, 0, from.bytes, 4, 0, 0, 1, 1, opaque, alpha);
        const source = opaque ? (above | 0xff000000) >>> 0 : above;
        for (const at of [0, 8, 16, 24]) {
          const faded = (channel(source, at) * alpha) / 255;
          const exact = faded + channel(below, at) * (1 - (channel(source, 24) * alpha) / 255 / 255);
          expect(Math.abs(channel(to.at(0, 0), at) - Math.min(255, exact))).toBeLessThanOrEqual(1.6);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves what is under a transparent pixel and replaces what is under an opaque one', () => {
    const to = new Image(3, 1, () => 0xff123456);
    const from = new Image(3, 1, (x) => [0, 0xffabcdef, 0x00ffffff][x]!);
    blendRectangle(to.bytes, 12, 0, 0, from.bytes, 12, 0, 0, 3, 1);
    // The third is no premultiplied colour: each channel is cut at 255 and none spills into its neighbour.
    expect(to.rows()).toEqual(['ff123456 ffabcdef ffffffff']);
  });
});

describe('scaling', () => {
  it('copies exactly at 1:1, from any whole-pixel offset', () => {
    const from = numbered(9, 8);
    const to = new Image(4, 3);
    scaleBlend(
      to.bytes,
      to.stride,
      0,
      0,
      4,
      3,
      everything,
      from.bytes,
      from.stride,
      2 << 8,
      3 << 8,
      4 << 8,
      3 << 8,
      0,
      true,
    );
    const expected = new Image(4, 3, (x, y) => from.at(x + 2, y + 3));
    expect(to.rows()).toEqual(expected.rows());
  });

  // What a client does with a surface of 3×2 to make the buffer: wl_output.transform turns counter-clockwise, 4 … 7 flip first.
  const [w, h] = [3, 2];
  const toBuffer: ((x: number, y: number) => [number, number])[] = [
    (x, y) => [x, y],
    (x, y) => [y, w - 1 - x],
    (x, y) => [w - 1 - x, h - 1 - y],
    (x, y) => [h - 1 - y, x],
    (x, y) => [w - 1 - x, y],
    (x, y) => [y, x],
    (x, y) => [x, h - 1 - y],
    (x, y) => [h - 1 - y, w - 1 - x],
  ];
  for (const [transform, place] of toBuffer.entries()) {
    it(`undoes transform ${transform} exactly at 1:1`, () => {
      const surface = numbered(w, h);
      const buffer = transform & 1 ? new Image(h, w) : new Image(w, h);
      for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) buffer.set(...place(x, y), surface.at(x, y));
      const to = new Image(w, h);
      scaleBlend(
        to.bytes,
        to.stride,
        0,
        0,
        w,
        h,
        everything,
        buffer.bytes,
        buffer.stride,
        0,
        0,
        buffer.width << 8,
        buffer.height << 8,
        transform,
        true,
      );
      expect(to.rows()).toEqual(surface.rows());
    });
  }

  it('is bilinear between pixel centres and goes on with the edge beyond them', () => {
    const from = new Image(2, 1, (x) => (x ? 0xffff0000 : 0xff000000));
    const to = new Image(4, 1);
    scaleBlend(
      to.bytes,
      to.stride,
      0,
      0,
      4,
      1,
      everything,
      from.bytes,
      from.stride,
      0,
      0,
      512,
      256,
      0,
      false,
    );
    expect(to.rows()).toEqual(['ff000000 ff3f0000 ffbf0000 ffff0000']);
  });

  it('averages two by two at half size, and never reads outside its source rectangle', () => {
    const from = new Image(6, 6, (x, y) =>
      x < 1 || y < 1 || x > 4 || y > 4 ? 0xffffffff : (x + y) % 2 ? 0xff000080 : 0xff000000,
    );
    const to = new Image(2, 2);
    scaleBlend(
      to.bytes,
      to.stride,
      0,
      0,
      2,
      2,
      everything,
      from.bytes,
      from.stride,
      256,
      256,
      1024,
      1024,
      0,
      true,
    );
    expect(to.rows()).toEqual(['ff000040 ff000040', 'ff000040 ff000040']);
    const larger = new Image(8, 8);
    scaleBlend(
      larger.bytes,
      larger.stride,
      0,
      0,
      8,
      8,
      everything,
      from.bytes,
      from.stride,
      256,
      256,
      1024,
      1024,
      0,
      true,
    );
    for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) expect(larger.at(x, y) & 0xff0000).toBe(0);
  });

  it('gives a row the same pixels however the clip cuts it', () => {
    const from = numbered(50, 40);
    for (const transform of [0, 1, 4, 7]) {
      const draw = (clip: Region) => {
        const to = new Image(131, 97);
        scaleBlend(
          to.bytes,
          to.stride,
          3,
          5,
          120,
          88,
          clip,
          from.bytes,
          from.stride,
          100,
          300,
          11_000,
          9_000,
          transform,
          true,
        );
        return to.rows();
      };
      const pieces = new Region();
      for (let x = 0; x < 131; x += 17) for (let y = 0; y < 97; y += 13) pieces.add(x, y, 17, 13);
      const odd = new Region();
      for (let x = 0; x < 131; x += 2) odd.add(x, 0, 1, 97);
      const whole = draw(new Region().set(0, 0, 131, 97));
      expect(draw(pieces)).toEqual(whole);
      const half = draw(odd);
      expect(half.map((row) => row.split(' ').filter((_, x) => x % 2 === 0))).toEqual(
        whole.map((row) => row.split(' ').filter((_, x) => x % 2 === 0)),
      );
    }
  });

  it('touches only the clip', () => {
    const from = numbered(10, 10);
    const to = new Image(10, 10);
    const clip = new Region().add(1, 1, 2, 2).add(5, 5, 1, 9);
    scaleBlend(
      to.bytes,
      to.stride,
      0,
      0,
      10,
      10,
      clip,
      from.bytes,
      from.stride,
      0,
      0,
      5 << 8,
      5 << 8,
      0,
      true,
    );
    for (let y = 0; y < 10; y++)
      for (let x = 0; x < 10; x++) expect(to.at(x, y) !== 0).toBe(clip.contains(x, y));
  });

  it('refuses a transform that is none', () => {
    const to = new Image(1, 1);
    expect(() =>
      scaleBlend(to.bytes, 4, 0, 0, 1, 1, everything, to.bytes, 4, 0, 0, 256, 256, 8, true),
    ).toThrow(RangeError);
  });
});

describe('any numbers', () => {
  const arguments10 = fc.array(wild, { minLength: 16, maxLength: 16 });
  const length = fc.integer({ min: 0, max: 3000 });

  it('never write outside the destination', () => {
    fc.assert(
      fc.property(
        arguments10,
        length,
        length,
        fc.nat(7),
        fc.boolean(),
        (n, toLength, fromLength, transform, opaque) => {
          const { view: to, intact } = fenced(toLength);
          const from = new Uint8Array(fromLength).fill(77);
          const a = n as [
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
          ];
          copyRectangle(to, a[0], a[1], a[2], from, a[3], a[4], a[5], a[6], a[7]);
          guardedCopy(to, a[0], a[1], a[2], from, a[3], a[4], a[5], a[6], a[7]);
          fillRectangle(to, a[0], a[1], a[2], a[3], a[4], 0xffffffff);
          blendRectangle(to, a[0], a[1], a[2], from, a[3], a[4], a[5], a[6], a[7], opaque, a[8]);
          const clip = { rectangles: Int32Array.from(n), count: 100 };
          scaleBlend(
            to,
            a[0],
            a[1],
            a[2],
            a[3],
            a[4],
            clip,
            from,
            a[5],
            a[6],
            a[7],
            a[8],
            a[9],
            transform,
            opaque,
          );
          scaleBlend(
            to,
            64,
            a[1],
            a[2],
            a[3],
            a[4],
            everything,
            from,
            64,
            a[6],
            a[7],
            a[8],
            a[9],
            transform,
            opaque,
          );
          const dirty = fenced(4096);
          try {
            tileDiff(to, a[0], from, a[1], a[2], a[3], clip.rectangles, a[4], dirty.view);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
          expect(intact() && dirty.intact()).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('tileDiff', () => {
  const [width, height] = [200, 130];
  const all = Int32Array.of(0, 0, width, height);

  it('reports each changed tile once, copies it to the shadow, and finds nothing the second time', () => {
    const shadow = new Image(width, height);
    const frame = new Image(width, height);
    for (const [x, y] of [
      [0, 0],
      [1, 1],
      [64, 0],
      [199, 129],
    ] as const)
      frame.set(x, y, 0xff00ff00);
    const dirty = new Uint8Array(12);
    expect(
      tileDiff(shadow.bytes, shadow.stride, frame.bytes, frame.stride, width, height, all, 1, dirty),
    ).toBe(3);
    expect([...dirty]).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(shadow.rows()).toEqual(frame.rows());
    expect(
      tileDiff(shadow.bytes, shadow.stride, frame.bytes, frame.stride, width, height, all, 1, dirty),
    ).toBe(0);
    expect([...dirty]).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('looks only inside the damage, and counts a tile that was dirty before when it changes again', () => {
    const shadow = new Image(width, height);
    const frame = new Image(width, height, () => 1);
    const dirty = new Uint8Array(12);
    dirty[1] = 1;
    const damage = Int32Array.of(60, 10, 8, 2, 66, 10, 4, 4, 500, 500, 9, 9);
    expect(
      tileDiff(shadow.bytes, shadow.stride, frame.bytes, frame.stride, width, height, damage, 3, dirty),
    ).toBe(2);
    expect([...dirty]).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(shadow.at(59, 10)).toBe(0);
    expect(shadow.at(60, 10)).toBe(1);
    expect(shadow.at(69, 13)).toBe(1);
  });

  it('makes any shadow equal to any frame', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(width - 1), fc.nat(height - 1)), { maxLength: 40 }), (changes) => {
        const shadow = new Image(width, height);
        const frame = new Image(width, height);
        const tiles = new Set<number>();
        for (const [x, y] of changes) {
          frame.set(x, y, 0xff123456);
          tiles.add(Math.floor(y / 64) * 4 + Math.floor(x / 64));
        }
        const dirty = new Uint8Array(12);
        expect(
          tileDiff(shadow.bytes, shadow.stride, frame.bytes, frame.stride, width, height, all, 1, dirty),
        ).toBe(tiles.size);
        expect(new Set([...dirty.keys()].filter((tile) => dirty[tile]))).toEqual(tiles);
        expect(Buffer.compare(shadow.bytes, frame.bytes)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('says so when there are fewer bytes than tiles', () => {
    const image = new Image(width, height);
    expect(() =>
      tileDiff(
        image.bytes,
        image.stride,
        image.bytes,
        image.stride,
        width,
        height,
        all,
        1,
        new Uint8Array(11),
      ),
    ).toThrow(/byte for each/);
  });
});

describe('guardedCopy', () => {
  const [width, height] = [64, 64]; // 16 kB, four pages
  const size = width * height * 4;

  const copied = (mapping: Mapping) => {
    const to = new Image(width, height, () => 0x11111111);
    const whole = guardedCopy(to.bytes, to.stride, 0, 0, mapping.bytes, width * 4, 0, 0, width, height);
    return { whole, to };
  };

  it('copies what is there', () => {
    using fd = createMemfd('pool', { size });
    using mapping = Mapping.map(fd, size, { write: true });
    mapping.bytes.fill(0x22);
    const { whole, to } = copied(mapping);
    expect(whole).toBe(true);
    expect(to.at(63, 63)).toBe(0x22222222);
  });

  it('says false and zeroes the rest when a memfd was truncated under us, again and again', () => {
    using fd = createMemfd('pool', { size });
    using mapping = Mapping.map(fd, size, { write: true });
    mapping.bytes.fill(0x22);
    truncate(fd, size / 2);
    for (let i = 0; i < 100; i++) {
      const { whole, to } = copied(mapping);
      expect(whole).toBe(false);
      expect(to.at(63, 31)).toBe(0x22222222);
      expect(to.at(0, 32)).toBe(0);
      expect(to.at(63, 63)).toBe(0);
    }
    truncate(fd, 0);
    expect(copied(mapping).to.bytes.every((byte) => byte === 0)).toBe(true);
  });

  it('does so for a file on tmpfs too', () => {
    const directory = mkdtempSync('/dev/shm/pixels-');
    try {
      const path = join(directory, 'pool');
      closeSync(openSync(path, 'w'));
      using fd = Fd.open(path, constants.O_RDWR);
      truncate(fd, size);
      using mapping = Mapping.map(fd, size);
      expect(copied(mapping).whole).toBe(true);
      ftruncateSync(fd.number, 0);
      expect(copied(mapping).whole).toBe(false);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('survives a process that truncates and grows its pool while we copy', () => {
    using fd = createMemfd('pool', { size });
    using mapping = Mapping.map(fd, size);
    const seen = new Set<boolean>();
    for (let i = 0; i < 500; i++) {
      truncate(fd, i % 2 ? (i * 37) % size : size);
      seen.add(copied(mapping).whole);
    }
    expect(seen).toEqual(new Set([true, false]));
  });

  it('leaves every other SIGBUS to whoever had it: reading without the guard still ends the process', () => {
    const script = `
      import { createMemfd, Mapping, truncate } from '@switchyard/sys';
      import { guardedCopy, copyRectangle } from '@switchyard/pixels';
      const fd = createMemfd('pool', { size: 16384 });
      const mapping = Mapping.map(fd, 16384);
      truncate(fd, 0);
      const to = new Uint8Array(16384);
      if (guardedCopy(to, 256, 0, 0, mapping.bytes, 256, 0, 0, 64, 64)) process.exit(1);
      copyRectangle(to, 256, 0, 0, mapping.bytes, 256, 0, 0, 64, 64);`;
    let signal: unknown;
    try {
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: import.meta.dirname,
        stdio: 'ignore',
      });
    } catch (error) {
      signal = (error as { signal?: string }).signal;
    }
    expect(signal).toBe('SIGBUS');
  });
});
