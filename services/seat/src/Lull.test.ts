import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Lull } from './Lull.js';

const patience = { timeout: 20_000 };

test('what is to be done comes once, however often it was wanted', async () => {
  const lull = new Lull();
  let done = 0;
  const what = () => done++;
  lull.soon(what);
  lull.soon(what);
  expect(done).toBe(0);
  await vi.waitFor(() => expect(done).toBe(1), patience);
  lull.soon(what);
  await vi.waitFor(() => expect(done).toBe(2), patience);
});

test('it comes also when the steps never end', async () => {
  const lull = new Lull();
  let done = false;
  lull.soon(() => {
    done = true;
  });
  const began = performance.now();
  while (!done) {
    lull.step();
    await sleep(5);
    if (performance.now() - began > 60_000) throw new Error('it was put off for ever');
  }
  expect(performance.now() - began).toBeGreaterThan(200);
});

test('what was done already does not come again', async () => {
  const lull = new Lull();
  const done: string[] = [];
  const first = () => done.push('first');
  lull.soon(first);
  lull.soon(() => done.push('second'));
  lull.forget(first);
  await vi.waitFor(() => expect(done).toEqual(['second']), patience);
});
