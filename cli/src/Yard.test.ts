import { expect, test } from 'vitest';
import { numbered } from './Yard.js';

test('a session’s number is its position, and on a seat with VTs its VT', () => {
  const [one, two] = [
    { vt: 0, state: 'online' },
    { vt: 0, state: 'active' },
  ];
  expect(numbered([one!, two!], 2)).toBe(two);
  expect(numbered([one!, two!], 3)).toBeUndefined();
  const vts = [7, 3, 8, 8].map((vt) => ({ vt, state: 'online' }));
  expect(numbered(vts, 3)).toBe(vts[1]);
  expect(numbered(vts, 1)).toBeUndefined();
  expect(numbered(vts, 8)).toBe(vts[3]);
  vts[2]!.state = 'active';
  expect(numbered(vts, 8)).toBe(vts[2]);
});
