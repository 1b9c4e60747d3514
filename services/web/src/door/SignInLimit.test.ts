import { expect, test } from 'vitest';
import { SignInLimit } from './SignInLimit.js';

const MINUTE = 60_000;

/** Fails at the moment that the limit allows it; the times (s) that it had to wait. */
function fail(limit: SignInLimit, origin: string, user: string, times: number, from = 0): [number[], number] {
  const waits: number[] = [];
  let now = from;
  for (let i = 0; i < times; i++) {
    for (let begun = limit.begin(origin, user, now); typeof begun === 'number'; ) {
      waits.push(begun / 1000);
      now += begun;
      begun = limit.begin(origin, user, now);
    }
  }
  return [waits, now];
}

test('after some failures the next try waits, and each time for twice as long, up to five minutes', () => {
  const [waits] = fail(new SignInLimit(), 'here', 'ann', 12);
  expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
});

test('nobody waits for another’s failures, at the same address for another user or at another for the same', () => {
  const limit = new SignInLimit();
  const [, now] = fail(limit, 'here', 'ann', 5);
  expect(limit.begin('here', 'ann', now)).toBeTypeOf('number');
  expect(limit.begin('here', 'bob', now)).toBeTypeOf('object');
  expect(limit.begin('there', 'ann', now)).toBeTypeOf('object');
});

test('who goes through many names waits for all of them, and an account of one’s own is no way around it', () => {
  const limit = new SignInLimit();
  let waited = 0;
  let now = 0;
  for (let i = 0; i < 40; i++) {
    const own = limit.begin('here', 'me', now);
    if (typeof own === 'object') own.succeeded();
    for (let begun = limit.begin('here', `user${i}`, now); typeof begun === 'number'; ) {
      waited += begun;
      now += begun;
      begun = limit.begin('here', `user${i}`, now);
    }
  }
  expect(waited).toBeGreaterThan(15 * MINUTE);
});

test('success, and a quarter of an hour without a try, begin anew', () => {
  const limit = new SignInLimit();
  const [, now] = fail(limit, 'here', 'ann', 4);
  const begun = limit.begin('here', 'ann', now + 10_000);
  if (typeof begun === 'object') begun.succeeded();
  expect(fail(limit, 'here', 'ann', 4, now + 10_000)[0]).toEqual([]);
  const later = now + 10_000 + 16 * MINUTE;
  expect(fail(limit, 'here', 'ann', 4, later)[0]).toEqual([]);
});

test('tries at once count before they have failed', () => {
  const limit = new SignInLimit();
  const begun = Array.from({ length: 10 }, () => typeof limit.begin('here', 'ann', 0));
  expect(begun).toEqual([...Array(4).fill('object'), ...Array(6).fill('number')]);
});
