import { expect, test } from 'vitest';
import { atTurnEnd, beginTurn, endTurn } from './Turn.js';

const end = (log: string[], name: string, step = () => {}) => ({
  endTurn() {
    log.push(name);
    step();
  },
});

test('what is put off within a poll’s callback is done when it returns, in order', () => {
  const log: string[] = [];
  beginTurn();
  atTurnEnd(end(log, 'a'));
  atTurnEnd(end(log, 'b', () => atTurnEnd(end(log, 'c'))));
  expect(log).toEqual([]);
  endTurn();
  expect(log).toEqual(['a', 'b', 'c']);
});

test('elsewhere it is done after the code that runs now', async () => {
  const log: string[] = [];
  atTurnEnd(end(log, 'a'));
  atTurnEnd(end(log, 'b'));
  expect(log).toEqual([]);
  await Promise.resolve();
  expect(log).toEqual(['a', 'b']);
});

test('one that throws does not keep the others from their end', async () => {
  const log: string[] = [];
  beginTurn();
  atTurnEnd(
    end(log, 'a', () => {
      throw new Error('of a');
    }),
  );
  atTurnEnd(end(log, 'b'));
  expect(endTurn).toThrow('of a');
  await Promise.resolve();
  expect(log).toEqual(['a', 'b']);
});
