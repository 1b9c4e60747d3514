import { Throttle } from '@switchyard/pam';
import { TestUser } from '@switchyard/pam/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Attempt } from './Attempt.js';

const bytes = (text: string) => new TextEncoder().encode(text);

let user: TestUser;
beforeAll(() => {
  user = new TestUser();
});
afterAll(() => user[Symbol.dispose]());

test('a wrong password is refused, and the right one lets in', async () => {
  const states: string[] = [];
  const attempt: Attempt = new Attempt(new Throttle(1), () => states.push(attempt.state.kind));
  expect(await attempt.begin(user.name, bytes('wrong'), false)).toBeUndefined();
  expect(attempt.state).toMatchObject({ kind: 'refused' });
  const dialogue = await attempt.begin(user.name, bytes(user.password), false);
  expect(await dialogue?.verdict).toEqual({ allowed: true, user: user.name });
  expect(attempt.state).toEqual({ kind: 'allowed' });
  expect(new Set(states)).toEqual(new Set(['checking', 'refused', 'allowed']));
  dialogue?.close();
});

test('who gave up is not told what became of it, even if it was right, and the next one begins anew', async () => {
  const attempt = new Attempt(new Throttle(1), () => {});
  const secret = bytes(user.password);
  const first = attempt.begin(user.name, secret, false);
  attempt.giveUp();
  expect(attempt.state).toEqual({ kind: 'idle' });
  const second = attempt.begin(user.name, bytes(user.password), false);
  expect(await first).toBeUndefined();
  expect(secret.every((byte) => byte === 0)).toBe(true);
  const dialogue = await second;
  expect(await dialogue?.verdict).toMatchObject({ allowed: true });
  dialogue?.close();
});
