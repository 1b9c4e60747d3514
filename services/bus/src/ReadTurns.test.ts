import { expect, it } from 'vitest';
import { ReadTurns } from './ReadTurns.js';

const taker = () => ({ lastTurnWasFull: false, bytesPerMessage: 0 });
const long = 133_120;
const whole = 1_048_576;

it('who sends without end has short turns while others have little to say', () => {
  const turns = new ReadTurns();
  const [flood, asker] = [taker(), taker()];
  turns.took(flood, 65_536, 400);
  expect(turns.size(flood)).toBe(whole);
  turns.took(asker, 100, 1);
  expect(turns.size(flood)).toBe(4096);
  expect(turns.size(asker)).toBe(long);
  turns.took(flood, 4096, 50);
  expect(turns.size(flood)).toBe(4096);
});

it('a turn is about as long for long messages as for short ones', () => {
  const turns = new ReadTurns();
  const [flood, asker] = [taker(), taker()];
  turns.took(flood, 32_768, 32);
  turns.took(asker, 100, 1);
  expect(turns.size(flood)).toBe(1024 * 24);
  turns.took(flood, 1_000_000, 1);
  expect(turns.size(flood)).toBe(long);
});

it('turns are whole again when nobody has had little to say for a while', () => {
  const turns = new ReadTurns();
  const [flood, asker] = [taker(), taker()];
  turns.took(asker, 100, 1);
  for (let i = 0; i < 127; i++) turns.took(flood, 4096, 50);
  expect(turns.size(flood)).toBe(4096);
  turns.took(flood, 4096, 50);
  expect(turns.size(flood)).toBe(whole);
});

it('two who both have much to say have whole turns', () => {
  const turns = new ReadTurns();
  const [a, b] = [taker(), taker()];
  turns.took(a, 65_536, 100);
  turns.took(b, 65_536, 100);
  expect(turns.size(a)).toBe(whole);
  expect(turns.size(b)).toBe(whole);
});
