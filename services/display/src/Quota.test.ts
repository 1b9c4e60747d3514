import { expect, test } from 'vitest';
import { Quota } from './Quota.js';

const gigabyte = 2 ** 30;
/** A user that no other test counts for. */
let uid = 900_000;

test('a client holds no more than its share, and gets it back', () => {
  const quota = new Quota(uid++);
  expect(quota.copy(gigabyte)).toBe(true);
  expect(quota.copy(1)).toBe(false);
  quota.copy(-gigabyte);
  expect(quota.copy(gigabyte)).toBe(true);
  expect(quota.share(16 * gigabyte)).toBe(true);
  expect(quota.share(1)).toBe(false);
  quota.unshare(16 * gigabyte);
  expect(quota.share(gigabyte)).toBe(true);
  expect(quota.growShared(16 * gigabyte)).toBe(false);
  expect(quota.growShared(15 * gigabyte)).toBe(true);
});

test('descriptors are counted too', () => {
  const quota = new Quota(uid++);
  let made = 0;
  while (made < 10_000 && quota.share(1)) made++;
  expect(made).toBe(512);
  quota.unshare(1);
  expect(quota.share(1)).toBe(true);
});

test('the clients of one user share his bound, and another user has his own', () => {
  const user = uid++;
  const clients = [new Quota(user), new Quota(user), new Quota(user)];
  expect(clients.map((client) => client.copy(gigabyte))).toEqual([true, true, false]);
  expect(new Quota(uid++).copy(gigabyte)).toBe(true);
});

test('surfaces are counted', () => {
  const quota = new Quota(uid++);
  let made = 0;
  while (made < 10_000 && quota.addSurface()) made++;
  expect(made).toBe(1024);
  quota.removeSurface();
  expect(quota.addSurface()).toBe(true);
});
