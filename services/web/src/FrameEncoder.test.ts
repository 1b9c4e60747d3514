import { haveJpeg } from '@switchyard/pixels';
import { lz4Decompress } from '@switchyard/pixels/lz4Decompress';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DirtyTiles } from './DirtyTiles.js';
import { FrameEncoder } from './FrameEncoder.js';
import { Picture } from './Picture.js';
import { readFrame } from './wire/FrameReader.js';
import { Codec, copySource, FRAME_REFINES, frameHeader } from './wire/Wire.js';

/** What a page has: the same reading and decompressing as the page's Screen, onto words instead of a canvas. JPEG is painted as `jpegPixel`. */
class Canvas {
  readonly words: Uint32Array;
  jpegs = 0;
  copies = 0;
  bytes = 0;
  covered = 0;
  constructor(
    readonly width: number,
    readonly height: number,
    readonly jpegPixel = 0xabcdef,
  ) {
    this.words = new Uint32Array(width * height);
  }
  /** As expect() takes seconds for a million words. */
  shows(words: Uint32Array): boolean {
    return Buffer.from(this.words.buffer).equals(bytesOf(words));
  }
  draw(message: Uint8Array): void {
    this.bytes += message.length;
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    readFrame(message, this.width, this.height, ({ x, y, width, height, codec, from, length }) => {
      this.covered += width * height;
      const pixels = new Uint32Array(width * height);
      if (codec === Codec.fill) pixels.fill(view.getUint32(from, true));
      else if (codec === Codec.jpeg) {
        expect([...message.subarray(from, from + 2)]).toEqual([0xff, 0xd8]);
        pixels.fill(this.jpegPixel);
        this.jpegs++;
      } else if (codec === Codec.copy) {
        const [fromX, fromY] = [copySource.get.x(view, from), copySource.get.y(view, from)];
        for (let row = 0; row < height; row++) {
          const at = (fromY + row) * this.width + fromX;
          pixels.set(this.words.subarray(at, at + width), row * width);
        }
        this.copies++;
      } else {
        const size = lz4Decompress(message.subarray(from, from + length), new Uint8Array(pixels.buffer));
        expect(size).toBe(width * height * 4);
      }
      for (let row = 0; row < height; row++)
        this.words.set(pixels.subarray(row * width, (row + 1) * width), (y + row) * this.width + x);
    });
  }
}

const all = (width: number, height: number) => Int32Array.of(0, 0, width, height);

function noise(words: Uint32Array, seed = 1): void {
  for (let i = 0; i < words.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    words[i] = seed >>> 8;
  }
}

const bytesOf = (words: Uint32Array) => new Uint8Array(words.buffer);

describe('a frame encoder', () => {
  test('brings any sequence of damaged frames to a viewer exactly, however seldom it is served', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 64, max: 300 }),
        fc.integer({ min: 64, max: 200 }),
        fc.array(
          fc.record({
            x: fc.nat(299),
            y: fc.nat(199),
            width: fc.integer({ min: 1, max: 300 }),
            height: fc.integer({ min: 1, max: 200 }),
            colour: fc.nat(0xffffff),
            textured: fc.boolean(),
            served: fc.boolean(),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        (width, height, frames) => {
          const picture = new Picture(width, height);
          const encoder = new FrameEncoder(picture);
          const unseen = new DirtyTiles(width, height);
          const canvas = new Canvas(width, height);
          const frame = new Uint32Array(width * height);
          let sequence = 0;
          const serve = () => canvas.draw(encoder.encode(unseen, ++sequence, sequence, { exact: true }));
          for (const step of frames) {
            const x = Math.min(step.x, width - 1);
            const y = Math.min(step.y, height - 1);
            const w = Math.min(step.width, width - x);
            const h = Math.min(step.height, height - y);
            for (let row = y; row < y + h; row++)
              for (let column = x; column < x + w; column++)
                frame[row * width + column] = step.textured ? step.colour ^ (row * column) : step.colour;
            picture.update(bytesOf(frame), width * 4, width, height, Int32Array.of(x, y, w, h), 1);
            unseen.add(picture.changed);
            if (step.served && unseen.dirty > 0) serve();
          }
          if (unseen.dirty > 0) serve();
          expect(canvas.shows(frame.map((word) => word & 0xffffff))).toBe(true);
          expect(unseen.dirty).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('sends a blinking cursor as a few hundred bytes, and only the pixels that were damaged', () => {
    const picture = new Picture(1280, 720);
    const encoder = new FrameEncoder(picture);
    const unseen = new DirtyTiles(1280, 720);
    const canvas = new Canvas(1280, 720);
    const frame = new Uint32Array(1280 * 720);
    for (let row = 100; row < 116; row++) frame.fill(0xffffff, row * 1280 + 60, row * 1280 + 68);
    // On a tile's border: the cell is 8×16 pixels and falls on two tiles.
    picture.update(bytesOf(frame), 5120, 1280, 720, Int32Array.of(60, 100, 8, 16), 1);
    unseen.add(picture.changed);
    canvas.draw(encoder.encode(unseen, 1, 1));
    expect(canvas.shows(frame)).toBe(true);
    expect(canvas.covered).toBe(8 * 16);
    expect(canvas.bytes).toBeLessThan(200);
  });

  test('says nothing for damage that changed no pixel', () => {
    const picture = new Picture(640, 480);
    const unseen = new DirtyTiles(640, 480);
    expect(picture.update(new Uint8Array(640 * 480 * 4), 2560, 640, 480, all(640, 480), 1)).toBe(0);
    unseen.add(picture.changed);
    expect(new FrameEncoder(picture).encode(unseen, 1, 1)).toHaveLength(0);
  });

  test('sends a screen of one colour in one rectangle', () => {
    const picture = new Picture(1280, 720);
    const unseen = new DirtyTiles(1280, 720);
    const canvas = new Canvas(1280, 720);
    const frame = new Uint32Array(1280 * 720).fill(0x204060);
    picture.update(bytesOf(frame), 5120, 1280, 720, all(1280, 720), 1);
    unseen.add(picture.changed);
    canvas.draw(new FrameEncoder(picture).encode(unseen, 1, 1));
    expect(canvas.shows(frame)).toBe(true);
    expect(canvas.bytes).toBeLessThan(64);
  });

  test.skipIf(!haveJpeg())('sends photographs as JPEG at first, and exactly when they stand still', () => {
    const width = 1280;
    const height = 720;
    const picture = new Picture(width, height);
    const encoder = new FrameEncoder(picture);
    const unseen = new DirtyTiles(width, height);
    const canvas = new Canvas(width, height);
    const frame = new Uint32Array(width * height);
    noise(frame);
    picture.update(bytesOf(frame), width * 4, width, height, all(width, height), 1);
    unseen.add(picture.changed);
    canvas.draw(encoder.encode(unseen, 1, 1000));
    expect(canvas.jpegs).toBe(1);
    expect(unseen.dirty).toBe(0);
    expect(unseen.lossy).toBe(unseen.boxes.length);
    for (let tile = 0; tile < unseen.boxes.length; tile++) unseen.markTile(tile);
    const exact = encoder.encode(unseen, 2, 2000, { exact: true });
    expect(frameHeader.get.flags(new DataView(exact.buffer), 0)).toBe(FRAME_REFINES);
    canvas.draw(exact);
    expect(canvas.shows(frame)).toBe(true);
    expect(unseen.lossy).toBe(0);
  });

  test('leaves for the next message what one message cannot hold', () => {
    const width = 2048;
    const height = 1536;
    const picture = new Picture(width, height);
    const encoder = new FrameEncoder(picture);
    const unseen = new DirtyTiles(width, height);
    const canvas = new Canvas(width, height);
    const frame = new Uint32Array(width * height);
    noise(frame);
    picture.update(bytesOf(frame), width * 4, width, height, all(width, height), 1);
    unseen.add(picture.changed);
    let messages = 0;
    while (unseen.dirty > 0) {
      const message = encoder.encode(unseen, ++messages, messages, { exact: true });
      expect(message.length).toBeLessThanOrEqual(8 * 1024 * 1024);
      canvas.draw(message);
    }
    expect(messages).toBeGreaterThan(1);
    expect(canvas.shows(frame)).toBe(true);
  });

  test('shows a frame of another size than the output in the corner, as sessions learn of a mode late', () => {
    const picture = new Picture(128, 128);
    const unseen = new DirtyTiles(128, 128);
    const canvas = new Canvas(128, 128);
    const frame = new Uint32Array(200 * 64).fill(0x123456);
    picture.update(bytesOf(frame), 800, 200, 64, all(200, 64), 1);
    unseen.add(picture.changed);
    canvas.draw(new FrameEncoder(picture).encode(unseen, 1, 1));
    expect(canvas.words[63 * 128 + 127]).toBe(0x123456);
    expect(canvas.words[64 * 128]).toBe(0);
  });

  test('sends what moved as a move, and exactly, whatever else changed', () => {
    const [width, height] = [300, 260];
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            down: fc.integer({ min: -80, max: 80 }),
            top: fc.nat(60),
            bottom: fc.integer({ min: 200, max: height }),
            dot: fc.nat(width * height - 1),
            sides: fc.boolean(),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        (steps) => {
          const picture = new Picture(width, height);
          const encoder = new FrameEncoder(picture);
          const unseen = new DirtyTiles(width, height);
          const canvas = new Canvas(width, height);
          const frame = new Uint32Array(width * height);
          noise(frame);
          picture.update(bytesOf(frame), width * 4, width, height, all(width, height), 1);
          unseen.add(picture.changed);
          canvas.draw(encoder.encode(unseen, 1, 1, { exact: true }));
          let sequence = 1;
          for (const { down, top, bottom, dot, sides } of steps) {
            const before = frame.slice();
            const band = frame.subarray(top * width, bottom * width);
            noise(band, 7919 * sequence);
            const kept = before.subarray(
              (top + Math.max(0, -down)) * width,
              (bottom - Math.max(0, down)) * width,
            );
            band.set(kept, Math.max(0, down) * width);
            frame[dot]! ^= 1;
            // What is between two rectangles of damage has not changed, and must not.
            const left = sides ? 100 : width;
            for (let y = 0; y < height; y++)
              frame.set(
                before.subarray(y * width + left, y * width + (sides ? 200 : width)),
                y * width + left,
              );
            const damage = sides ? [0, 0, left, height, 200, 0, 100, height] : [0, 0, width, height];
            picture.update(
              bytesOf(frame),
              width * 4,
              width,
              height,
              Int32Array.from(damage),
              damage.length / 4,
              true,
            );
            const { scroll } = picture;
            if (down !== 0 && !sides) expect(scroll).toMatchObject({ fromY: expect.any(Number) });
            unseen.add(scroll ? scroll.rest : picture.changed);
            // A dot where nothing may change leaves nothing to be sent.
            if (scroll || unseen.dirty > 0)
              canvas.draw(encoder.encode(unseen, ++sequence, sequence, { exact: true, scroll }));
            expect(canvas.shows(frame)).toBe(true);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('gives who had not seen all a move as a change like any other', () => {
    const [width, height] = [256, 192];
    const picture = new Picture(width, height);
    const encoder = new FrameEncoder(picture);
    const unseen = new DirtyTiles(width, height);
    const canvas = new Canvas(width, height);
    const frame = new Uint32Array(width * height);
    noise(frame);
    picture.update(bytesOf(frame), width * 4, width, height, all(width, height), 1);
    unseen.add(picture.changed);
    frame.copyWithin(0, 20 * width);
    noise(frame.subarray((height - 20) * width), 99);
    picture.update(bytesOf(frame), width * 4, width, height, all(width, height), 1, true);
    expect(picture.scroll).toMatchObject({ x: 0, y: 0, width, height: height - 20, fromY: 20 });
    unseen.add(picture.changed);
    canvas.draw(encoder.encode(unseen, 1, 1, { exact: true }));
    expect(canvas.copies).toBe(0);
    expect(canvas.shows(frame)).toBe(true);
  });
});
