import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CELL_NUMBERS, drawCells } from './cells.js';

const [width, height] = [9, 4];
/** Every share of ink is somewhere. */
const shapes = Uint8Array.from({ length: 8 * width * height }, (_, at) => (at * 37) & 0xff);

function mixed(ink: number, paper: number, coverage: number): number {
  const share = coverage + (coverage >> 7);
  const channel = (shift: number) =>
    ((((ink >> shift) & 0xff) * share + ((paper >> shift) & 0xff) * (256 - share)) >> 8) << shift;
  return (0xff000000 | channel(16) | channel(8) | channel(0)) >>> 0;
}

test('each pixel of a cell is paper with as much ink as its shape says', () => {
  const colour = fc.integer({ min: 0, max: 0xffffff });
  fc.assert(
    fc.property(colour, colour, fc.nat(7), (ink, paper, shape) => {
      const words = new Uint32Array(24 * 10);
      const cells = Int32Array.of(3, 2, shape * width * height, ink, paper, 12, 2, -1, ink, paper);
      drawCells(new Uint8Array(words.buffer), 96, shapes, width, height, cells, 2);
      words.forEach((word, at) => {
        const [x, y] = [(at % 24) - 3, Math.floor(at / 24) - 2];
        if (x < 0 || y < 0 || y >= height || x >= 2 * width) expect(word).toBe(0);
        else if (x >= width) expect(word).toBe((0xff000000 | paper) >>> 0);
        else expect(word).toBe(mixed(ink, paper, shapes[(shape * height + y) * width + x]!));
      });
    }),
    { numRuns: 50 },
  );
});

test('whatever the numbers are, nothing outside the image is written', () => {
  const wild = fc.oneof(fc.integer({ min: -20, max: 300 }), fc.integer());
  fc.assert(
    fc.property(
      fc.array(wild, { maxLength: 4 * CELL_NUMBERS }),
      fc.tuple(wild, wild, wild, wild),
      (cells, [stride, across, down, count]) => {
        const fence = 64;
        const memory = new Uint8Array(800 + 2 * fence).fill(7);
        drawCells(
          memory.subarray(fence, -fence),
          stride,
          shapes,
          across,
          down,
          Int32Array.from(cells),
          count,
        );
        const outside = [...memory.subarray(0, fence), ...memory.subarray(-fence)];
        expect(outside.every((byte) => byte === 7)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
