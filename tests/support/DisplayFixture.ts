import type { ChildProcess } from 'node:child_process';
import type { Variant } from '@switchyard/dbus';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { ServiceTree } from './ServiceTree.js';
import { TestClient } from './TestClient.js';
import { createSession, number, TestSeat } from './TestSeat.js';

/** A tree of bus, seat manager and display with a test's hardware, for all tests of a file. */
export interface DisplayFixture {
  readonly tree: ServiceTree;
  readonly seat: TestSeat;
  /** A client that is disconnected after the test. */
  connect(path?: string): Promise<TestClient>;
  /** A session of Display1.CreateSession, led by a process of its own that ends after the test. */
  session(
    options?: Record<string, Variant>,
  ): Promise<{ id: string; waylandDisplay: string; leader: ChildProcess }>;
}

/** Starts the tree before a file's tests and stops it after them. */
export function displayFixture(): DisplayFixture {
  const clients: TestClient[] = [];
  const leaders: ChildProcess[] = [];
  const fixture = {
    tree: undefined as unknown as ServiceTree,
    seat: undefined as unknown as TestSeat,
    async connect(path?: string) {
      const client = await TestClient.connect(path ?? fixture.tree.waylandDisplay);
      clients.push(client);
      return client;
    },
    async session(options: Record<string, Variant> = {}) {
      const leader = fixture.tree.run('sleep', ['infinity']);
      leaders.push(leader);
      const session = await createSession(await fixture.tree.bus(), {
        leader: number(leader.pid!),
        ...options,
      });
      return { ...session, leader };
    },
  };
  beforeAll(async () => {
    fixture.tree = new ServiceTree();
    await fixture.tree.start('bus');
    await fixture.tree.start('seat');
    await fixture.tree.start('display');
    fixture.seat = new TestSeat();
    await fixture.seat.attach(await fixture.tree.bus());
    // The display has heard of the monitor when it tells clients its mode.
    const { width, height } = fixture.seat.monitor.mode;
    const witness = await TestClient.connect(fixture.tree.waylandDisplay);
    await witness.heard(`output.done ${width}x${height}`);
    witness.close();
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
    for (const leader of leaders.splice(0)) leader.kill('SIGKILL');
  });
  afterAll(async () => {
    fixture.seat?.close();
    await fixture.tree.stop();
  });
  return fixture;
}
