import type { Connection } from '@switchyard/dbus';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ServiceTree } from '../support/ServiceTree.js';
import { listSessions, screenshot, TestSeat } from '../support/TestSeat.js';

let tree: ServiceTree;
let seat: TestSeat;
let bus: Connection;

beforeEach(async () => {
  tree = new ServiceTree();
  await tree.start('bus');
  await tree.start('seat');
  await tree.start('display');
  bus = await tree.bus();
  seat = new TestSeat();
  await seat.attach(bus);
});

afterEach(async () => {
  seat.close();
  await tree.stop();
});

test('weston-simple-shm becomes a session and its frames reach the monitor', async () => {
  tree.run('weston-simple-shm', []);
  await seat.until(() => seat.frames.length > 5 && seat.at(320, 240) !== 0x1b1e23);
  const [session] = await listSessions(bus);
  expect(seat.monitor.session).toBe(session);
  const picture = await screenshot(bus, 'session', session!);
  expect([picture.width, picture.height]).toEqual([640, 480]);
  expect(new Set(picture.pixels).size).toBeGreaterThan(8);
});
