import { EV, REL } from '@switchyard/uapi';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOTCH, Wheel } from './Wheel.js';

/** The records of one turn, and their sums by code. */
function turned(turns: readonly [number, number][]): Map<number, number> {
  const wheel = new Wheel();
  const sums = new Map<number, number>();
  for (const [x, y] of turns)
    wheel.turn(x, y, (type, code, value) => {
      expect([type, value === 0]).toEqual([EV.REL, false]);
      sums.set(code, (sums.get(code) ?? 0) + value);
    });
  return sums;
}

test('a notch is one when the parts of it are together, and down is negative as the kernel has it', () => {
  expect([...turned([[0, 60]])]).toEqual([[REL.WHEEL_HI_RES, -60]]);
  expect([
    ...turned([
      [0, 60],
      [0, 60],
    ]),
  ]).toEqual([
    [REL.WHEEL_HI_RES, -120],
    [REL.WHEEL, -1],
  ]);
  expect([...turned([[-240, 0]])]).toEqual([
    [REL.HWHEEL_HI_RES, -240],
    [REL.HWHEEL, -2],
  ]);
});

test('nothing of what was turned is lost, however it was turned', () => {
  const part = fc.integer({ min: -500, max: 500 });
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part), { maxLength: 50 }), (turns) => {
      const sums = turned(turns);
      const y = turns.reduce((sum, [, one]) => sum + one, 0);
      expect(y + (sums.get(REL.WHEEL_HI_RES) ?? 0)).toBe(0);
      expect(Math.abs(y + (sums.get(REL.WHEEL) ?? 0) * NOTCH)).toBeLessThan(NOTCH);
    }),
  );
});
