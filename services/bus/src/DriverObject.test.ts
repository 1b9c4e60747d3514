import { MessageType, Variant } from '@switchyard/dbus';
import { driver, RawClient } from '@switchyard/dbus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPolicy, referenceDaemon, YardBusd } from './testing/YardBusd.js';

let reference: { bus: YardBusd; client: RawClient };
let ours: { bus: YardBusd; client: RawClient };
beforeAll(async () => {
  const config = `<type>session</type>${openPolicy}`;
  const start = async (command?: typeof referenceDaemon) => {
    const bus = await YardBusd.start({ config, args: ['--systemd-activation'], ...(command && { command }) });
    const client = await RawClient.connect(bus.address);
    await client.hello();
    return { bus, client };
  };
  [reference, ours] = await Promise.all([start(referenceDaemon), start()]);
});
afterAll(async () => {
  for (const { bus, client } of [reference, ours]) {
    client[Symbol.dispose]();
    await bus.stop();
  }
});

type Fields = Partial<Parameters<RawClient['send']>[0]>;

async function both(fields: Fields): Promise<[unknown[], unknown[]]> {
  const ask = async ({ client }: typeof ours) =>
    (await client.replyTo(client.send({ type: MessageType.methodCall, ...driver, ...fields })))!.body;
  return [await ask(reference), await ask(ours)];
}

/** Interface by interface, what there is to call, read and hear, with its types. */
function membersOf(xml: string): string[] {
  const members: string[] = [];
  for (const [, name, inside] of xml.matchAll(/<interface name="([^"]+)">(.*?)<\/interface>/gs))
    for (const [, kind, attributes, rest] of inside!.matchAll(
      /<(method|signal|property) ([^>]*?)(?:\/>|>(.*?)<\/\1>)/gs,
    )) {
      const args = [...(rest ?? '').matchAll(/<arg ([^>]*)\/>/g)].map(([, arg]) => {
        const type = /type="([^"]*)"/.exec(arg!)![1];
        const isOut = kind === 'method' && arg!.includes('direction="out"');
        return `${isOut ? '→' : ''}${type}`;
      });
      const type = kind === 'property' ? /type="([^"]*)"/.exec(attributes!)![1] : '';
      members.push(
        `${kind} ${name}.${/name="([^"]*)"/.exec(attributes!)![1]} ${type}${args.join(' ')}`.trim(),
      );
    }
  return members;
}

describe('the bus as an object has all that dbus-daemon has', () => {
  it.each(['/org/freedesktop/DBus', '/', '/org', '/org/freedesktop', '/elsewhere'])(
    'by what it says of itself at %s',
    async (path) => {
      const [theirs, mine] = await both({
        path,
        interface: 'org.freedesktop.DBus.Introspectable',
        member: 'Introspect',
      });
      const expected = membersOf(theirs[0] as string);
      expect(expected.length).toBeGreaterThan(10);
      expect(membersOf(mine[0] as string)).toEqual(expect.arrayContaining(expected));
      const children = (xml: unknown) =>
        [...(xml as string).matchAll(/<node name="([^"]+)"/g)].map(([, name]) => name);
      expect(children(mine[0])).toEqual(children(theirs[0]));
    },
  );

  it.each(['Features', 'Interfaces'])('in its property %s', async (name) => {
    const [theirs, mine] = await both({
      interface: 'org.freedesktop.DBus.Properties',
      member: 'Get',
      signature: 'ss',
      body: ['org.freedesktop.DBus', name],
    });
    const values = (body: unknown[]) => (body[0] as Variant).value as string[];
    // No AppArmor and no SELinux here, whatever the machine has.
    const expected = values(theirs).filter((one) => !/AppArmor|SELinux/.test(one));
    expect(values(mine)).toEqual(expect.arrayContaining(expected));
  });

  it('of credentials: its own and others’', async () => {
    for (const name of ['org.freedesktop.DBus', ':1.0']) {
      const bodies = await both({ member: 'GetConnectionCredentials', signature: 's', body: [name] });
      const [theirs, mine] = bodies.map(([all]) => all as Map<string, Variant>);
      expect([...mine!.keys()]).toEqual(expect.arrayContaining([...theirs!.keys()]));
      for (const [key, { signature, value }] of theirs!)
        if (key === 'ProcessID' && name === 'org.freedesktop.DBus')
          expect(mine!.get(key)?.value).toBe(ours.bus.pid);
        else expect([key, mine!.get(key)]).toEqual([key, new Variant(signature, value)]);
    }
  });

  it('of statistics, but for its memory pools', async () => {
    for (const [member, body] of [
      ['GetStats', []],
      ['GetConnectionStats', [':1.0']],
    ] as const) {
      const bodies = await both({
        interface: 'org.freedesktop.DBus.Debug.Stats',
        member,
        ...(body.length > 0 && { signature: 's', body: [...body] }),
      });
      const [theirs, mine] = bodies.map(([all]) => all as Map<string, Variant>);
      const wanted = [...theirs!.keys()].filter((key) => !/^List|Mem(Pool|ory)/.test(key));
      expect([...mine!.keys()]).toEqual(expect.arrayContaining(wanted));
      for (const key of ['MatchRules', 'BusNames', 'ActiveConnections', 'IncompleteConnections'])
        expect([key, mine!.get(key)?.value]).toEqual([key, theirs!.get(key)?.value]);
    }
  });
});
