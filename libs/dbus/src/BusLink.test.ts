import { expect, it } from 'vitest';
import { BusLink } from './BusLink.js';
import { ReferenceBus } from './testing/ReferenceBus.js';

it('a link lost while its owner still claims things is as lost as any, and comes back', async () => {
  let bus = await ReferenceBus.start();
  const events: string[] = [];
  let happened = () => {};
  const until = async (count: number) => {
    while (events.length < count)
      await new Promise<void>((resolve) => {
        happened = resolve;
      });
  };
  const link = new BusLink(bus.address, {
    connected(connection) {
      events.push('connected');
      happened();
      // Never answered: nobody but us is there, and we export nothing that answers.
      connection.export('/x', {
        name: 'a.B',
        methods: { Never: { call: () => new Promise<void>(() => {}) } },
      });
      const call = { destination: connection.uniqueName, path: '/x', interface: 'a.B', member: 'Never' };
      return connection.call(call).then(() => {});
    },
    lost() {
      events.push('lost');
      happened();
    },
  });
  await until(1);
  expect(link.connection).toBeDefined();
  const directory = await bus.kill();
  await until(2);
  expect(link.connection).toBeUndefined();
  bus = await ReferenceBus.start(directory);
  await until(3);
  expect(events).toEqual(['connected', 'lost', 'connected']);
  link.close();
  await bus.stop();
  expect(events).toEqual(['connected', 'lost', 'connected']);
});

it('a link waits for a bus that is not there yet', async () => {
  const bus = await ReferenceBus.start();
  const directory = await bus.kill();
  let connected = () => {};
  const done = new Promise<void>((resolve) => {
    connected = resolve;
  });
  using link = new BusLink(bus.address, { connected: () => connected() });
  const again = await ReferenceBus.start(directory);
  await done;
  expect(link.connection?.uniqueName).toBe(':1.0');
  link.close();
  await again.stop();
});
