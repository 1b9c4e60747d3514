import { expect, it } from 'vitest';
import { ReadTurns } from './ReadTurns.js';

const taker = () => ({ lastTurn: 0, lastTurnWasFull: false });

it('who sends without end has short turns while others have little to say', () => {
  const turns = new ReadTurns();
  const [flood, asker] = [taker(), taker()];
  turns.took(flood, 65_536);
  expect(turns.size(flood)).toBe(133_120);
  turns.took(asker, 100);
  expect(turns.size(flood)).toBe(8192);
  expect(turns.size(asker)).toBe(133_120);
  turns.took(flood, 8192);
  expect(turns.size(flood)).toBe(133_120);
});

it('two who both have much to say have long turns', () => {
  const turns = new ReadTurns();
  const [a, b] = [taker(), taker()];
  turns.took(a, 65_536);
  turns.took(b, 65_536);
  expect(turns.size(a)).toBe(133_120);
  expect(turns.size(b)).toBe(133_120);
});
