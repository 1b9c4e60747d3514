import { expect, it } from 'vitest';
import { Look } from './Look.js';

it('looks once more, and not more often, when it was asked while it looked', async () => {
  let [looks, finish] = [0, () => {}];
  const look = new Look(() => {
    looks++;
    return new Promise((resolve) => (finish = resolve));
  });
  for (let i = 0; i < 100; i++) look.ask();
  expect(looks).toBe(1);
  finish();
  await expect.poll(() => looks).toBe(2);
  finish();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(looks).toBe(2);
});

it('goes on when what it looked at is gone', async () => {
  let looks = 0;
  const look = new Look(() => {
    looks++;
    return Promise.reject(new Error('BadWindow'));
  });
  look.ask();
  look.ask();
  await expect.poll(() => looks).toBe(2);
});
