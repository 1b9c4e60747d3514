import { readFileSync } from 'node:fs';
import { createMemfd, Mapping } from '@switchyard/sys';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DrawList } from './DrawList.js';
import { blendRectangle, copyRectangle, fillRectangle, scaleBlend } from './drawing.js';
import { Region } from './Region.js';

const side = 24;
const stride = side * 4;

const place = fc.integer({ min: -6, max: side });
const length = fc.integer({ min: -1, max: side + 6 });
const operation = fc.record({
  kind: fc.constantFrom('fill', 'copy', 'blend', 'scale'),
  from: fc.integer({ min: 0, max: 1 }),
  x: place,
  y: place,
  sx: place,
  sy: place,
  w: length,
  h: length,
  colour: fc.integer({ min: 0, max: 0xffffffff }),
  transform: fc.integer({ min: 0, max: 7 }),
  opaque: fc.boolean(),
});

/** Premultiplied pixels that are all different. */
function image(seed: number): Uint8Array {
  const pixels = new Uint8Array(stride * side);
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = (i * 7 + seed * 31) & 0xff;
    pixels.set([(i * seed) % (alpha + 1), (i + seed) % (alpha + 1), (i >> 3) % (alpha + 1), alpha], i);
  }
  return pixels;
}

it('a list draws what the functions draw, at once and by another thread', async () => {
  const list = new DrawList();
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 24 }), async (operations) => {
      const sources = [image(3), image(5)];
      const [one, now, apart] = [image(1), image(1), image(1)];
      list.clear();
      const numbers = sources.map((bytes) => list.source(bytes));
      for (const { kind, from, x, y, sx, sy, w, h, colour, transform, opaque } of operations) {
        const source = sources[from]!;
        const number = numbers[from]!;
        const clip = new Region().add(0, 0, 9, side).add(12, 3, 10, 10);
        if (kind === 'fill') {
          fillRectangle(one, stride, x, y, w, h, colour);
          list.fill(x, y, w, h, colour);
        } else if (kind === 'copy') {
          copyRectangle(one, stride, x, y, source, stride, sx, sy, w, h);
          list.image('copy', x, y, number, stride, sx, sy, w, h);
        } else if (kind === 'blend') {
          blendRectangle(one, stride, x, y, source, stride, sx, sy, w, h);
          list.image('blend', x, y, number, stride, sx, sy, w, h);
        } else {
          const part = [128, 256, 256 * 17, 256 * 11] as const;
          scaleBlend(one, stride, x, y, w, h, clip, source, stride, ...part, transform, opaque);
          list.scale(x, y, w, h, clip, number, stride, ...part, transform, opaque);
        }
      }
      list.draw(now, stride);
      expect(Buffer.compare(now, one)).toBe(0);
      const done = list.drawApart(apart, stride);
      // The list is free again, and so are the arrays for all that we know.
      list.clear().fill(0, 0, side, side, 0);
      sources.length = 0;
      await done;
      expect(Buffer.compare(apart, one)).toBe(0);
    }),
    { numRuns: 200 },
  );
});

it('memory that is unmapped while another thread uses it stays until that is done', async () => {
  const large = 1024;
  const mapped = (name: string): boolean =>
    readFileSync('/proc/self/maps', 'utf8').includes(`memfd:${name} `);
  const map = (name: string): Mapping => {
    using fd = createMemfd(name, { size: large * large * 4 });
    return Mapping.map(fd, large * large * 4, { write: true });
  };
  const [from, to] = [map('drawn-from'), map('drawn-to')];
  const list = new DrawList();
  const all = new Region().set(0, 0, large, large);
  const source = list.source(from.bytes);
  list.scale(0, 0, large, large, all, source, large * 4, 0, 0, 256 * 700, 256 * 700, 1, true);
  const done = [list.drawApart(to.bytes, large * 4), list.drawApart(to.bytes, large * 4)];
  from.unmap();
  to.unmap();
  expect([from.bytes.length, to.bytes.length]).toEqual([0, 0]);
  expect([mapped('drawn-from'), mapped('drawn-to')]).toEqual([true, true]);
  await Promise.all(done);
  expect([mapped('drawn-from'), mapped('drawn-to')]).toEqual([false, false]);
});

it('numbers of sources and clips that there are not draw nothing', () => {
  const list = new DrawList();
  const target = image(1);
  list.image('copy', 0, 0, 7, stride, 0, 0, side, side);
  list.image('blend', 0, 0, -1, stride, 0, 0, side, side);
  list.scale(0, 0, side, side, new Region(), 0, stride, 0, 0, 256, 256, 0, true);
  list.draw(target, stride);
  expect(Buffer.compare(target, image(1))).toBe(0);
});
