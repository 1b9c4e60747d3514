import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, NameFlag } from '@switchyard/dbus';
import type { Socket } from '@switchyard/sys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from '../testing/Broker.js';
import { as, ExtendedClient, isRoot } from '../testing/ExtendedClient.js';

const nobody = 65534;
const denied = { name: 'org.freedesktop.DBus.Error.AccessDenied' };
const unknown = { name: 'org.freedesktop.DBus.Error.ServiceUnknown' };
const noOwner = { name: 'org.freedesktop.DBus.Error.NameHasNoOwner' };
const name = 'org.example.Guarded';
const uid = process.getuid!();

let broker: Broker;
beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'broker-'));
  chmodSync(directory, 0o755);
  broker = await Broker.start(directory);
});
afterAll(() => broker.stop());

const ask = (client: ExtendedClient | Connection, destination: string) =>
  (client instanceof ExtendedClient ? client.connection : client).call({
    destination,
    path: '/t',
    interface: 'org.freedesktop.DBus.Peer',
    member: 'Ping',
  });
const asDriver = (client: Connection, member: string, ...body: unknown[]) =>
  client
    .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
    .call('org.freedesktop.DBus', member, body.length > 0 ? 's' : '', ...body);

describe('an endpoint', () => {
  it('shows and allows only what its policy says, to everybody, and follows its changes (kdbus: endpoint)', async () => {
    using owner = await ExtendedClient.connect(broker.address);
    await owner.connection.requestName(name);
    const address = await owner.extension.createEndpoint(`${uid}-narrow`, {});
    using confined = await Connection.connect(address);
    const changes: unknown[] = [];
    await confined.match({ type: 'signal', member: 'NameOwnerChanged' }, (message) =>
      changes.push(message.body[0]),
    ).ready;
    expect((await asDriver(confined, 'ListNames'))[0]).toEqual(['org.freedesktop.DBus', confined.uniqueName]);
    await expect(ask(confined, name)).rejects.toMatchObject(unknown);
    await expect(ask(confined, owner.name)).rejects.toMatchObject(unknown);
    await expect(asDriver(confined, 'GetNameOwner', name)).rejects.toMatchObject(noOwner);
    await expect(asDriver(confined, 'GetConnectionUnixUser', owner.name)).rejects.toMatchObject(noOwner);
    await expect(confined.requestName('org.example.Mine')).rejects.toMatchObject(denied);
    await owner.connection.requestName('org.example.Hidden');

    await owner.extension.updateEndpoint(`${uid}-narrow`, { [name]: [{ who: 'world', access: 'see' }] });
    expect((await asDriver(confined, 'ListNames'))[0]).toContain(name);
    expect((await asDriver(confined, 'GetNameOwner', name))[0]).toBe(owner.name);
    await expect(ask(confined, name)).rejects.toMatchObject(denied);

    await owner.extension.updateEndpoint(`${uid}-narrow`, {
      [name]: [{ who: 'user', id: uid, access: 'talk' }],
      'org.example.Mine': [{ who: 'world', access: 'own' }],
    });
    await ask(confined, name);
    await confined.requestName('org.example.Mine');
    await owner.connection.releaseName(name);
    await asDriver(confined, 'GetId');
    expect(changes).not.toContain('org.example.Hidden');
    expect(changes).toContain(name);
  });

  it('keeps broadcasts of those from it to whom it may not talk, and monitors', async () => {
    using owner = await ExtendedClient.connect(broker.address);
    const address = await owner.extension.createEndpoint(`${uid}-quiet`, {
      'org.example.Loud': [{ who: 'world', access: 'talk' }],
    });
    using confined = await Connection.connect(address);
    const heard: unknown[] = [];
    await confined.match({ type: 'signal', member: 'Note' }, (message) => heard.push(message.body[0])).ready;
    owner.note(undefined, { text: 'before' });
    await owner.connection.requestName('org.example.Loud');
    owner.note(undefined, { text: 'after' });
    await owner.settled();
    await asDriver(confined, 'GetId');
    expect(heard).toEqual(['after']);
    const monitor = confined.call({
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus.Monitoring',
      member: 'BecomeMonitor',
      signature: 'asu',
      body: [[], 0],
    });
    await expect(monitor).rejects.toMatchObject(denied);
  });

  it('has a name of a form, is there once, and goes with its maker and takes its connections along', async () => {
    const invalid = { name: 'org.freedesktop.DBus.Error.InvalidArgs' };
    const owner = await ExtendedClient.connect(broker.address);
    const make = (one: string) => owner.extension.createEndpoint(one, {});
    await expect(make('X'.repeat(63))).rejects.toMatchObject(invalid);
    await expect(make(`${uid + 1}-x`)).rejects.toMatchObject(invalid);
    await expect(make(`${uid}-x/y`)).rejects.toMatchObject(invalid);
    await expect(make(`${uid}-${'x'.repeat(64)}`)).rejects.toMatchObject(invalid);
    const address = await make(`${uid}-one`);
    await expect(make(`${uid}-one`)).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.AddressInUse',
    });
    const confined = await Connection.connect(address);
    owner.connection.close();
    await confined.closed;
    await expect(Connection.connect(address)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.runIf(isRoot)(
    'lets in whom its mode lets in, and none of them make endpoints, policies or activators',
    async () => {
      using owner = await ExtendedClient.connect(broker.address);
      const closed = await owner.extension.createEndpoint('0-closed', {}, 0o600);
      const open = await owner.extension.createEndpoint('0-open', {}, 0o666);
      await expect(as(nobody, () => Connection.connect(closed))).rejects.toMatchObject({ code: 'EACCES' });
      using stranger = await as(nobody, () => ExtendedClient.connect(open));
      expect((await owner.extension.listPeers()).get(stranger.name)!.get('UnixUserID')?.value).toBe(nobody);
      await expect(stranger.extension.createEndpoint(`${nobody}-x`, {})).rejects.toMatchObject(denied);
      await expect(stranger.extension.setPolicy({})).rejects.toMatchObject(denied);
      await expect(stranger.extension.activate('org.example.X')).rejects.toMatchObject(denied);
      expect([...(await stranger.extension.listPeers()).keys()]).toEqual([stranger.name]);
    },
  );
});

/** A broker's endpoint that allows all these names, with a stranger behind it. */
async function stranger(owner: ExtendedClient, id: string, names: string[]): Promise<ExtendedClient> {
  const policy = Object.fromEntries(
    names.map((one) => [one, [{ who: 'world' as const, access: 'own' as const }]]),
  );
  const address = await owner.extension.createEndpoint(`0-${id}`, policy, 0o666);
  return await as(nobody, () => ExtendedClient.connect(address));
}

describe.runIf(isRoot)('a policy holder (kdbus: policy-priv)', () => {
  it('decides who may own, by user, group and world, and what allows less never allows more', async () => {
    using holder = await ExtendedClient.connect(broker.address);
    using other = await stranger(holder, 'own', [name]);
    const may = async () => {
      try {
        await other.connection.requestName(name, NameFlag.doNotQueue);
        await other.connection.releaseName(name);
        return true;
      } catch {
        return false;
      }
    };
    const set = (...rules: Parameters<typeof holder.extension.setPolicy>[0][string]) =>
      holder.extension.setPolicy({ [name]: rules });
    await set();
    expect(await may()).toBe(false);
    await set({ who: 'world', access: 'talk' });
    expect(await may()).toBe(false);
    await set({ who: 'world', access: 'own' });
    expect(await may()).toBe(true);
    await set(
      { who: 'user', id: nobody - 1, access: 'own' },
      { who: 'group', id: nobody - 1, access: 'own' },
    );
    expect(await may()).toBe(false);
    await set(
      { who: 'user', id: 1, access: 'own' },
      { who: 'user', id: nobody, access: 'own' },
      { who: 'user', id: 2, access: 'own' },
    );
    expect(await may()).toBe(true);
    await set({ who: 'group', id: nobody, access: 'own' });
    expect(await may()).toBe(true);
    await holder.extension.setPolicy({ 'org.example.*': [{ who: 'world', access: 'see' }] });
    expect(await may()).toBe(false);
    await holder.connection.requestName(name);
    await holder.connection.releaseName(name);
  });

  it('decides who may talk, at once and as long as it lives; root and the owner’s own uid may always', async () => {
    using service = await ExtendedClient.connect(broker.address);
    await service.connection.requestName(name);
    using other = await stranger(service, 'talk', [name]);
    const holder = await ExtendedClient.connect(broker.address);
    await ask(other, name);
    await holder.extension.setPolicy({ [name]: [{ who: 'user', id: 1, access: 'talk' }] });
    await expect(ask(other, name)).rejects.toMatchObject(denied);
    await expect(ask(other, service.name)).rejects.toMatchObject(denied);
    await ask(holder, name);
    await holder.extension.setPolicy({ [name]: [{ who: 'group', id: nobody, access: 'talk' }] });
    await ask(other, name);
    await holder.extension.setPolicy({ [name]: [{ who: 'world', access: 'own' }] });
    await ask(other, name);
    await holder.extension.setPolicy({ [name]: [{ who: 'world', access: 'see' }] });
    await expect(ask(other, name)).rejects.toMatchObject(denied);
    holder.connection.close();
    while ((await service.extension.listPeers()).has(holder.name));
    await ask(other, name);
  });

  it('is alone for a name, and an exact name and a wildcard are two (kdbus: policy)', async () => {
    using one = await ExtendedClient.connect(broker.address);
    using two = await ExtendedClient.connect(broker.address);
    const invalid = { name: 'org.freedesktop.DBus.Error.InvalidArgs' };
    const inUse = { name: 'org.freedesktop.DBus.Error.AddressInUse' };
    for (const bad of ['.example.*', 'example', 'org.example.**'])
      await expect(one.extension.setPolicy({ [bad]: [] })).rejects.toMatchObject(invalid);
    await one.extension.setPolicy({ 'org.example.A': [] });
    await expect(two.extension.setPolicy({ 'org.example.B': [], 'org.example.A': [] })).rejects.toMatchObject(
      inUse,
    );
    await one.extension.setPolicy({ 'org.example.B': [], 'org.example.*': [] });
    await two.extension.setPolicy({ 'org.example.A': [] });
    await expect(two.extension.setPolicy({ 'org.example.*': [] })).rejects.toMatchObject(inUse);
  });
});

describe('a direct channel', () => {
  const received = (socket: Socket) =>
    new Promise<string | undefined>((resolve) => {
      socket.watch({
        readable: () => {
          const into = Buffer.alloc(100);
          const count = socket.receive(into);
          socket.watch({});
          resolve(count <= 0 ? undefined : into.toString('latin1', 0, count));
        },
      });
    });

  it('joins two connections, and ends with either of them', async () => {
    for (const dies of ['from', 'to'] as const) {
      let opened: (channel: [string, Socket]) => void = () => {};
      const arrives = new Promise<[string, Socket]>((resolve) => (opened = resolve));
      using from = await ExtendedClient.connect(broker.address);
      using to = await ExtendedClient.connect(broker.address, {}, { channel: (...one) => opened(one) });
      using here = await from.extension.openChannel(to.name);
      const [name, there] = await arrives;
      expect(name).toBe(from.name);
      here.write(Buffer.from('hello'));
      expect(await received(there)).toBe('hello');
      there.write(Buffer.from('back'));
      expect(await received(here)).toBe('back');
      (dies === 'from' ? from : to).connection.close();
      expect(await Promise.all([received(here), received(there)])).toEqual([undefined, undefined]);
      there.close();
    }
  });

  it('ends for both when one shuts it down, and the bus lets go of it', async () => {
    const arrived: Socket[] = [];
    using from = await ExtendedClient.connect(broker.address);
    using to = await ExtendedClient.connect(
      broker.address,
      {},
      { channel: (_, socket) => arrived.push(socket) },
    );
    const before = broker.fds;
    const here = await from.extension.openChannel(to.name, 'seqpacket');
    here.shutdown();
    here.close();
    await to.settled();
    expect(await received(arrived[0]!)).toBeUndefined();
    arrived[0]!.close();
    while (broker.fds !== before) await to.settled();
  });

  it('is only for those who take channels', async () => {
    using from = await ExtendedClient.connect(broker.address);
    using plain = await Connection.connect(broker.address);
    await expect(from.extension.openChannel(plain.uniqueName)).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.NotSupported',
    });
    await expect(from.extension.openChannel('org.example.Nobody')).rejects.toMatchObject(noOwner);
  });

  it.runIf(isRoot)('needs the right to talk, and ends when that is taken away', async () => {
    const arrived: Socket[] = [];
    using to = await ExtendedClient.connect(
      broker.address,
      {},
      { channel: (_, socket) => arrived.push(socket) },
    );
    await to.connection.requestName(name);
    using other = await stranger(to, 'channel', [name]);
    const here = await other.extension.openChannel(name);
    await to.settled();
    await to.extension.setPolicy({ [name]: [{ who: 'world', access: 'see' }] });
    expect(await Promise.all([received(here), received(arrived[0]!)])).toEqual([undefined, undefined]);
    await expect(other.extension.openChannel(name)).rejects.toMatchObject(denied);
    here.close();
    arrived[0]!.close();
  });
});
