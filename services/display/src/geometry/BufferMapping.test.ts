import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BufferMapping } from './BufferMapping.js';
import { invert, isTransform, swapsAxes, type Transform, transformRectangle } from './Transform.js';

const transforms = [0, 1, 2, 3, 4, 5, 6, 7] as const;

test('a transform and its inverse are the identity', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...transforms),
      fc.nat(30),
      fc.nat(20),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 10 }),
      (transform, x, y, width, height) => {
        const r = { x, y, width, height };
        const there = transformRectangle(r, transform, 40, 30);
        const swapped = swapsAxes(transform);
        const back = transformRectangle(there, invert(transform), swapped ? 30 : 40, swapped ? 40 : 30);
        expect(back).toEqual(r);
      },
    ),
  );
});

// A client that draws for an output turned by 90° turns its content counter-clockwise: the surface's top-left corner
// is at the buffer's bottom-left.
test.each([
  [0, 0, 0],
  [1, 0, 29],
  [2, 39, 29],
  [3, 39, 0],
  [4, 39, 0],
  [5, 0, 0],
  [6, 0, 29],
  [7, 39, 29],
] as const)('with transform %i the surface begins at buffer pixel (%i, %i)', (transform: Transform, x, y) => {
  const mapping = new BufferMapping({ width: 40, height: 30 }, 1, transform, undefined, undefined);
  expect(mapping.toBuffer({ x: 0, y: 0, width: 1, height: 1 })).toEqual({ x, y, width: 1, height: 1 });
  expect(mapping.toSurface({ x, y, width: 1, height: 1 })).toEqual({ x: 0, y: 0, width: 1, height: 1 });
});

test('only the eight values of wl_output.transform are transforms', () => {
  expect([-1, 8, 1.5].map(isTransform)).toEqual([false, false, false]);
});

test('scale divides, and quarter turns swap the size', () => {
  const mapping = new BufferMapping({ width: 80, height: 60 }, 2, 1, undefined, undefined);
  expect([mapping.width, mapping.height]).toEqual([30, 40]);
  expect(mapping.isIdentity).toBe(false);
  expect(mapping.source).toEqual({ x: 0, y: 0, width: 80, height: 60 });
});

test('a viewport crops before it scales', () => {
  const mapping = new BufferMapping(
    { width: 100, height: 100 },
    2,
    0,
    { x: 10, y: 5, width: 20, height: 10 },
    { width: 40, height: 40 },
  );
  expect(mapping.source).toEqual({ x: 20, y: 10, width: 40, height: 20 });
  expect([mapping.width, mapping.height]).toEqual([40, 40]);
  expect(mapping.toBuffer({ x: 0, y: 0, width: 40, height: 40 })).toEqual({
    x: 20,
    y: 10,
    width: 40,
    height: 20,
  });
  expect(mapping.toSurface({ x: 20, y: 10, width: 2, height: 1 })).toEqual({
    x: 0,
    y: 0,
    width: 2,
    height: 2,
  });
});

test('faults are told apart', () => {
  const buffer = { width: 30, height: 20 };
  const check = BufferMapping.check;
  expect(check(buffer, 3, 0, undefined, undefined)).toBe('size-not-multiple-of-scale');
  expect(check(buffer, 1, 0, { x: 0, y: 0, width: 30, height: 21 }, undefined)).toBe('source-outside-buffer');
  expect(check(buffer, 1, 1, { x: 0, y: 0, width: 20, height: 30 }, undefined)).toBeUndefined();
  expect(check(buffer, 1, 0, { x: 0, y: 0, width: 2.5, height: 2 }, undefined)).toBe(
    'source-size-not-integer',
  );
  expect(check(buffer, 1, 0, { x: 0, y: 0, width: 2.5, height: 2 }, { width: 5, height: 5 })).toBeUndefined();
});
