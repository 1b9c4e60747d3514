import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Message, MessageType } from '@switchyard/dbus';
import { driver, RawClient } from '@switchyard/dbus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPolicy, referenceDaemon, YardBusd } from '../testing/YardBusd.js';

/** dbus-tests' own service, which answers Echo. */
const echo = '/usr/lib/dbus-1.0/installed-tests/dbus/test-service';
const name = 'org.freedesktop.DBus.TestSuiteEchoService';

const services: Record<string, string> = {
  [name]: `Exec=${echo}`,
  'org.x.Exits': 'Exec=/bin/sh -c "exit 3"',
  'org.x.ExitsWell': 'Exec=/bin/true',
  'org.x.Signaled': `Exec=/bin/sh -c "kill -TERM $$$$"`,
  'org.x.Killed': `Exec=/bin/sh -c 'kill -9 $$'`,
  'org.x.Missing': 'Exec=/nowhere/at/all',
  'org.x.NotExecutable': 'Exec=/etc/passwd',
  'org.x.Folder': 'Exec=/etc',
  'org.x.InPath': 'Exec=false',
  'org.x.Empty': 'Exec=',
  'org.x.Quoted': 'Exec=/bin/x "without an end',
  'org.x.WithUser': 'Exec=/bin/false\nUser=root',
  'org.x.ByUnit': 'SystemdService=x.service',
  'org.x.Both': 'Exec=/bin/false\nSystemdService=x.service',
  'org.x.Late': 'Exec=/bin/sleep 3',
};

const config = `<type>session</type><servicedir>@folder@/services</servicedir>
  <limit name="service_start_timeout">700</limit>${openPolicy}`;

let buses: { bus: YardBusd; client: RawClient }[];
beforeAll(async () => {
  buses = await Promise.all(
    [referenceDaemon, undefined].map(async (command) => {
      const bus = await YardBusd.start({ config, ...(command && { command }) });
      mkdirSync(join(bus.folder, 'services'));
      for (const [service, text] of Object.entries(services))
        bus.write(`services/${service}.service`, `[D-BUS Service]\nName=${service}\n${text}\n`);
      const client = await RawClient.connect(bus.address);
      await client.hello();
      await client.ask('ReloadConfig');
      client.drain();
      return { bus, client };
    }),
  );
});
afterAll(async () => {
  for (const { bus, client } of buses) {
    client[Symbol.dispose]();
    await bus.stop();
  }
});

const described = (message: Message | undefined) => [message?.type, message?.errorName, message?.body];

/** What both answer to calls that are made at once. */
async function answers(...calls: Partial<Parameters<RawClient['send']>[0]>[]): Promise<unknown[][]> {
  return await Promise.all(
    buses.map(async ({ client }) => {
      const serials = calls.map((call) => client.send({ type: MessageType.methodCall, ...driver, ...call }));
      const all: unknown[] = [];
      for (const serial of serials) all.push(described(await client.replyTo(serial)));
      return all;
    }),
  );
}

const start = (service: string) => ({
  member: 'StartServiceByName',
  signature: 'su',
  body: [service, 0],
});
const call = (destination: string, flags = 0) => ({
  destination,
  path: '/org/freedesktop/TestSuite',
  interface: 'org.freedesktop.TestSuite',
  member: 'Echo',
  signature: 's',
  body: ['text'],
  flags,
});

describe('what becomes of a start is what becomes of it on dbus-daemon, word for word', () => {
  it.each(Object.keys(services).filter((one) => one !== name))('%s', async (service) => {
    const [reference, ours] = await answers(start(service), call(service), start(service));
    expect(ours).toEqual(reference);
  });

  it('of one that works', async () => {
    const [reference, ours] = await answers(
      call(name, 2),
      start(name),
      call(name),
      start(name),
      call(name, 2),
    );
    expect(ours).toEqual(reference);
    expect(ours?.[2]).toEqual([MessageType.methodReturn, undefined, ['text']]);
  });

  it('of one that nobody knows, is the bus, or is no name', async () => {
    for (const service of ['org.x.Nobody', 'org.freedesktop.DBus', ':1.0', 'bad', '']) {
      const [reference, ours] = await answers(start(service));
      expect(ours, service).toEqual(reference);
    }
  });

  it('and both know the same services', async () => {
    const [reference, ours] = await answers({ member: 'ListActivatableNames' });
    const sorted = (all: unknown[]) => [...((all[0] as unknown[])[2] as [string[]])[0]].sort();
    expect(sorted(ours!)).toEqual(sorted(reference!));
  });
});
