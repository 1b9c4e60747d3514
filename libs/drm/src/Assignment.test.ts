import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign } from './Assignment.js';

test('each gets its first choice when nobody else wants it', () => {
  const choices: Record<string, string[]> = { a: ['x', 'y'], b: ['y', 'x'] };
  expect([...assign(['a', 'b'], (taker) => choices[taker]!)!]).toEqual([
    ['a', 'x'],
    ['b', 'y'],
  ]);
});

test('whoever can take another moves aside for whoever cannot', () => {
  const choices: Record<string, string[]> = { a: ['x', 'y'], b: ['x'] };
  expect(assign(['a', 'b'], (taker) => choices[taker]!)).toEqual(
    new Map([
      ['b', 'x'],
      ['a', 'y'],
    ]),
  );
});

/** All ways, one after another. */
function possible(choices: readonly (readonly number[])[], used: ReadonlySet<number> = new Set()): boolean {
  const [first, ...others] = choices;
  if (!first) return true;
  return first.some((choice) => !used.has(choice) && possible(others, new Set([...used, choice])));
}

test('it finds an assignment whenever there is one', () => {
  const few = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }), { maxLength: 5 });
  fc.assert(
    fc.property(few, (choices) => {
      const found = assign(
        choices.map((_, at) => at),
        (at) => choices[at]!,
      );
      expect(found !== undefined).toBe(possible(choices));
      if (!found) return;
      expect(found.size).toBe(choices.length);
      expect(new Set(found.values()).size).toBe(choices.length);
      for (const [at, choice] of found) expect(choices[at]).toContain(choice);
    }),
  );
});
