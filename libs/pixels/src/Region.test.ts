import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_RECTANGLES, Region } from './Region.js';

const SIDE = 24;
type Step = { kind: 'add' | 'subtract' | 'intersect'; x: number; y: number; w: number; h: number };

const coordinate = fc.integer({ min: -4, max: SIDE });
const length = fc.integer({ min: -1, max: SIDE });
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('add', 'add', 'add', 'subtract', 'intersect'),
  x: coordinate,
  y: coordinate,
  w: length,
  h: length,
});

/** The same area as single pixels of a square that holds all coordinates above. */
class Bitmap {
  readonly pixels = new Set<string>();
  apply({ kind, x, y, w, h }: Step): void {
    const inside = (px: number, py: number) => px >= x && px < x + w && py >= y && py < y + h;
    if (kind === 'add')
      for (let py = y; py < y + h; py++) for (let px = x; px < x + w; px++) this.pixels.add(`${px},${py}`);
    else
      for (const pixel of [...this.pixels]) {
        const [px = 0, py = 0] = pixel.split(',').map(Number);
        if (inside(px, py) === (kind === 'subtract')) this.pixels.delete(pixel);
      }
  }
}

function rectangles(region: Region): number[][] {
  return Array.from({ length: region.count }, (_, i) => [...region.rectangles.subarray(i * 4, i * 4 + 4)]);
}

function pixelsOf(region: Region): string[] {
  return rectangles(region).flatMap(([x = 0, y = 0, w = 0, h = 0]) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
}

function applied(steps: readonly Step[]): { region: Region; bitmap: Bitmap } {
  const region = new Region();
  const bitmap = new Bitmap();
  for (const each of steps) {
    region[each.kind](each.x, each.y, each.w, each.h);
    bitmap.apply(each);
  }
  return { region, bitmap };
}

describe('Region', () => {
  it('holds the same pixels as a bitmap, each once, whatever is added, subtracted and intersected', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { region, bitmap } = applied(steps);
        expect(pixelsOf(region).sort()).toEqual([...bitmap.pixels].sort());
        expect(region.isEmpty).toBe(bitmap.pixels.size === 0);
        expect(region.area).toBe(bitmap.pixels.size);
      }),
      { numRuns: 300 },
    );
  });

  it('has one form for one area: bands that could be one band are one', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const { region } = applied(steps);
        const rebuilt = new Region();
        for (const pixel of pixelsOf(region).reverse()) {
          const [x = 0, y = 0] = pixel.split(',').map(Number);
          rebuilt.add(x, y, 1, 1);
        }
        if (region.area < MAX_RECTANGLES) expect(rectangles(rebuilt)).toEqual(rectangles(region));
      }),
      { numRuns: 60 },
    );
  });

  it('combines with regions as with the pixels of both', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 6 }),
        fc.array(step, { maxLength: 6 }),
        fc.constantFrom('addRegion', 'subtractRegion', 'intersectRegion'),
        (first, second, operation) => {
          const a = applied(first);
          const b = applied(second);
          a.region[operation](b.region);
          const [left, right] = [a.bitmap.pixels, b.bitmap.pixels];
          const expected =
            operation === 'addRegion'
              ? new Set([...left, ...right])
              : new Set([...left].filter((pixel) => right.has(pixel) === (operation === 'intersectRegion')));
          expect(pixelsOf(a.region).sort()).toEqual([...expected].sort());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('only grows when it is simplified, and obeys the number', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 6 }), (steps, max) => {
        const { region, bitmap } = applied(steps);
        const { x, y, width, height } = { ...region.bounds };
        region.simplify(max);
        expect(region.count).toBeLessThanOrEqual(max);
        const after = pixelsOf(region);
        expect(new Set(after).size).toBe(after.length);
        expect([...bitmap.pixels].filter((pixel) => !after.includes(pixel))).toEqual([]);
        expect({ ...region.bounds }).toEqual({ x, y, width, height });
      }),
      { numRuns: 150 },
    );
  });

  it('stays small however much damage a peer sends', () => {
    const region = new Region();
    for (let i = 0; i < 20_000; i++) region.add((i * 7919) % 4000, (i * 104729) % 3000, 1, 1);
    expect(region.count).toBeLessThanOrEqual(MAX_RECTANGLES);
  });

  it('takes numbers that are no pixels', () => {
    const region = new Region();
    region
      .add(Number.NaN, 0, 10, 10)
      .add(-Infinity, -Infinity, Infinity, Infinity)
      .add(2 ** 40, 0, 2 ** 40, 1);
    region.add(-(2 ** 31), -(2 ** 31), 2 ** 32, 2 ** 32);
    expect(region.count).toBe(1);
    expect(region.contains(0, 0)).toBe(true);
    region.intersect(1.9, 2.9, 10, 10);
    expect(rectangles(region)).toEqual([[1, 2, 10, 10]]);
  });

  it('moves with translate and copies with copyFrom', () => {
    const region = new Region().add(0, 0, 10, 10).add(20, 5, 5, 5).translate(3, -2);
    expect(rectangles(new Region().copyFrom(region))).toEqual(rectangles(region));
    expect({ ...region.bounds }).toEqual({ x: 3, y: -2, width: 25, height: 10 });
    expect(
      rectangles(new Region().copyFrom({ rectangles: Int32Array.of(0, 0, 2, 2, 1, 1, 2, 2), count: 2 })),
    ).toEqual([
      [0, 0, 2, 1],
      [0, 1, 3, 1],
      [1, 2, 2, 1],
    ]);
  });

  it('allocates no new buffers once it has been as large as it gets', () => {
    const region = new Region();
    const frame = () => {
      region.clear();
      for (let i = 0; i < 50; i++) region.add((i * 37) % 500, (i * 91) % 400, 13, 9);
    };
    const seen = new Set<Int32Array>();
    for (let i = 0; i < 4; i++) frame();
    for (let i = 0; i < 100; i++) {
      frame();
      seen.add(region.rectangles);
    }
    expect(seen.size).toBeLessThanOrEqual(2);
  });
});

it('areas that were added up in another order are equal, others are not', () => {
  const one = new Region().add(0, 0, 4, 4).add(4, 0, 4, 8);
  const other = new Region().add(4, 0, 4, 8).add(0, 0, 4, 2).add(0, 2, 4, 2);
  expect(one.equals(other)).toBe(true);
  expect(one.equals(other.add(0, 4, 1, 1))).toBe(false);
  expect(one.equals(new Region())).toBe(false);
});
