import { expect, it } from 'vitest';
import { BusLink } from './BusLink.js';
import { Connection } from './Connection.js';
import { NameFlag } from './NameFlag.js';
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

it('a link claims its names, matches and objects again, in order, after the bus was killed', async () => {
  let bus = await ReferenceBus.start();
  const results: unknown[] = [];
  const heard: unknown[] = [];
  const events: string[] = [];
  using link = new BusLink(bus.address);
  link.export('/x', { name: 'a.B', methods: { Ask: { out: 's', call: () => ['here'] } } });
  link.match({ type: 'signal', interface: 'a.B', member: 'Rang' }, (message) => heard.push(message.body[0]));
  link.watchName('org.example.Watched', {
    appeared: () => events.push('appeared'),
    vanished: () => events.push('vanished'),
  });
  link.own('org.example.Link', NameFlag.doNotQueue, (result) => results.push(result));
  const brief = link.own('org.example.Brief');
  await link.connectedOnce();
  for (let round = 0; round < 2; round++) {
    if (round === 1) {
      brief[Symbol.dispose]();
      const lost = link.connection!.closed;
      const directory = await bus.kill();
      await lost;
      expect(link.connection).toBeUndefined();
      bus = await ReferenceBus.start(directory);
      await link.connectedOnce();
    }
    using other = await Connection.connect(bus.address);
    await other.requestName('org.example.Watched');
    while (results.length <= round) await new Promise((resolve) => setImmediate(resolve));
    expect(await other.proxy('org.example.Link', '/x').call('a.B', 'Ask')).toEqual(['here']);
    other.emit({ path: '/x', interface: 'a.B', member: 'Rang', signature: 'u', body: [round] });
    const names = await other.proxy('org.freedesktop.DBus', '/').call('org.freedesktop.DBus', 'ListNames');
    expect((names[0] as string[]).includes('org.example.Brief')).toBe(round === 0);
    await link.connection!.proxy('org.freedesktop.DBus', '/').call('org.freedesktop.DBus', 'GetId');
  }
  expect(results).toEqual([1, 1]);
  expect(heard).toEqual([0, 1]);
  expect(events.filter((event) => event === 'appeared')).toHaveLength(2);
  link.close();
  await bus.stop();
});
