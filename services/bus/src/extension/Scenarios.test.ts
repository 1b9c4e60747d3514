import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, MessageType, NameFlag, Payload, Variant } from '@switchyard/dbus';
import { RawClient } from '@switchyard/dbus/testing';
import { type Fd, pwrite, Socket, SystemError } from '@switchyard/sys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from '../testing/Broker.js';
import { as, ExtendedClient, isRoot } from '../testing/ExtendedClient.js';

/* What kdbus's own tests went through and no other test here does; docs/bus.md says which is which. */

const nobody = 65534;
const name = 'org.example.Scenario';
/** A container may not let even root do so. */
const mayUnshare = spawnSync('unshare', ['--pid', '--fork', '--', 'true']).status === 0;

let broker: Broker;
beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'broker-'));
  chmodSync(directory, 0o755);
  broker = await Broker.start(directory);
});
afterAll(() => broker.stop());

const become = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus.Monitoring',
  member: 'BecomeMonitor',
  signature: 'asu',
};
const asDriver = (client: Connection, member: string, signature = '', ...body: unknown[]) =>
  client
    .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
    .call('org.freedesktop.DBus', member, signature, ...body);

describe('on the bus', () => {
  it('two chat by name and by id, also while a name goes (kdbus: chat)', async () => {
    using one = await ExtendedClient.connect(broker.address);
    using other = await ExtendedClient.connect(broker.address);
    for (const client of [one, other]) await client.listen();
    await one.connection.requestName(name, NameFlag.allowReplacement);
    await one.connection.requestName(`${name}.Second`);
    expect(await other.connection.requestName(name)).toBe(2);
    for (let i = 0; i < 12; i++) {
      other.note(i % 2 === 0 ? `${name}.Second` : one.name, { text: `ping ${i}` });
      expect((await one.next()).body).toEqual([`ping ${i}`]);
      one.note(other.name, { text: `pong ${i}` });
      expect((await other.next()).body).toEqual([`pong ${i}`]);
      if (i === 6) {
        expect(await one.connection.releaseName(name)).toBe(1);
        expect(await one.connection.releaseName(name)).toBe(3);
      }
    }
    one.note(name, { text: 'to the heir' });
    expect((await other.next()).body).toEqual(['to the heir']);
  });

  it('a sender gets its own broadcast if it matches (kdbus: message-basic)', async () => {
    using sender = await ExtendedClient.connect(broker.address);
    sender.note(undefined, { text: 'unheard' });
    await sender.listen();
    sender.note(undefined, { text: 'heard' });
    expect((await sender.next()).body).toEqual(['heard']);
  });

  it('a reply that nobody waits for goes nowhere, and the right one still arrives (kdbus: sync-reply)', async () => {
    using caller = await RawClient.connect(broker.address);
    using callee = await RawClient.connect(broker.address);
    await caller.hello();
    await callee.hello();
    const call = { path: '/t', interface: 'org.example.Test', member: 'Ask' };
    const serial = caller.send({
      type: MessageType.methodCall,
      ...call,
      destination: callee.uniqueName,
    });
    for (let asked = await callee.next(); asked?.member !== 'Ask'; asked = await callee.next());
    caller.drain();
    const reply = { type: MessageType.methodReturn, destination: caller.uniqueName, signature: 's' };
    callee.send({ ...reply, replySerial: serial + 1, body: ['wrong'] });
    callee.send({ ...reply, replySerial: serial, body: ['right'] });
    callee.send({ ...reply, replySerial: serial, body: ['again'] });
    await callee.ask('GetId');
    await caller.ask('GetId');
    expect(caller.drain().map((message) => message.body)).toEqual([['right']]);
  });

  it('options of a wrong type are refused, and nothing of them is taken (kdbus: hello)', async () => {
    using client = await Connection.connect(broker.address);
    const negotiate = (key: string, value: Variant) =>
      client
        .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
        .call('org.switchyard.Bus1', 'Negotiate', 'a{sv}', new Map([[key, value]]));
    for (const [key, value] of [
      ['inbox', new Variant('u', 1)],
      ['overflow', new Variant('s', 'never')],
      ['metadata', new Variant('s', 'comm')],
    ] as const)
      await expect(negotiate(key, value)).rejects.toMatchObject({
        name: 'org.freedesktop.DBus.Error.InvalidArgs',
      });
    const [inForce] = await negotiate('inbox', new Variant('b', false));
    expect((inForce as Map<string, Variant>).get('inbox')?.value).toBe(false);
  });
});

describe('who leaves', () => {
  it('leaves only when nothing waits for it, and then nothing comes any more (kdbus: byebye)', async () => {
    using sender = await ExtendedClient.connect(broker.address);
    using leaver = await ExtendedClient.connect(broker.address, { inbox: true });
    await leaver.listen();
    sender.note(undefined);
    await sender.settled();
    expect(await leaver.extension.leave()).toBe(false);
    await leaver.extension.take();
    expect((await leaver.next()).body).toEqual(['']);
    expect(await leaver.extension.leave()).toBe(true);
    await leaver.connection.closed;
    const call = { destination: leaver.name, path: '/t', interface: 'org.example.Test', member: 'Ask' };
    await expect(sender.connection.call(call)).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.ServiceUnknown',
    });
    await expect(sender.extension.leave()).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.NotSupported',
    });
  });

  it('or dies leaves what it has not taken to the next owner of the name (kdbus: close)', async () => {
    using activator = await ExtendedClient.connect(broker.address);
    await activator.extension.activate(name);
    using caller = await ExtendedClient.connect(broker.address);
    const service = await ExtendedClient.connect(broker.address, { inbox: true });
    await service.connection.requestName(name);
    const call = { destination: name, path: '/t', interface: 'org.example.Test', member: 'Ask' };
    const byName = caller.connection.call(call);
    const toTheDead = expect(
      caller.connection.call({ ...call, destination: service.name }),
    ).rejects.toMatchObject({ name: 'org.freedesktop.DBus.Error.NoReply' });
    await caller.settled();
    service.connection.close();
    await toTheDead;
    using next = await ExtendedClient.connect(broker.address);
    next.connection.export('/t', {
      name: 'org.example.Test',
      methods: { Ask: { out: 's', call: () => ['from the next'] } },
    });
    await next.connection.requestName(name);
    expect(await byName).toEqual(['from the next']);
  });
});

describe('fds', () => {
  it('may be sockets, and a pipe that is passed on and on is read to its end (kdbus: fd-passing)', async () => {
    using sender = await ExtendedClient.connect(broker.address);
    const received: Fd[] = [];
    using receiver = await Connection.connect(broker.address);
    receiver.export('/t', {
      name: 'org.example.Test',
      methods: { Take: { in: 'h', call: (_, fd: Fd) => void received.push(fd.dup()) } },
    });
    const pass = (fd: Fd) =>
      sender.connection.call({
        destination: receiver.uniqueName,
        path: '/t',
        interface: 'org.example.Test',
        member: 'Take',
        signature: 'h',
        body: [fd],
      });
    const [here, there] = Socket.pair('stream');
    await pass(there.fd.dup());
    there.close();
    here.write(Buffer.from('14 bytes, then'));
    here.flush();
    here.close();
    let text = '';
    // Each hop closes its own end, as who passes something on does.
    for (let hop = 0; hop < 4; hop++) {
      const fd = received.shift()!;
      const socket = Socket.adopt(fd.dup(), 'stream');
      const into = Buffer.alloc(5);
      const count = socket.receive(into);
      text += into.toString('latin1', 0, Math.max(count, 0));
      socket.close();
      await pass(fd);
    }
    received.shift()!.close();
    expect(text).toBe('14 bytes, then');
  });

  it.each([16, 253])('%i at once arrive in their order (kdbus: fd-passing)', async (count) => {
    using sender = await ExtendedClient.connect(broker.address);
    using receiver = await Connection.connect(broker.address);
    const targets: string[] = [];
    receiver.export('/t', {
      name: 'org.example.Test',
      methods: {
        Take: {
          in: 'ah',
          call: (_, fds: Fd[]) => {
            for (const fd of fds) {
              const into = Buffer.alloc(8);
              const socket = Socket.adopt(fd.dup(), 'stream');
              targets.push(into.toString('latin1', 0, socket.receive(into)));
              socket.close();
            }
          },
        },
      },
    });
    const fds = Array.from({ length: count }, (_, i) => {
      const [here, there] = Socket.pair('stream');
      here.write(Buffer.from(String(i)));
      here.flush();
      here.close();
      const fd = there.fd.dup();
      there.close();
      return fd;
    });
    await sender.connection.call({
      destination: receiver.uniqueName,
      path: '/t',
      interface: 'org.example.Test',
      member: 'Take',
      signature: 'ah',
      body: [fds],
    });
    expect(targets).toEqual(Array.from({ length: count }, (_, i) => String(i)));
  });

  it('a payload cannot be written to by who gets it (kdbus: writable-pool)', async () => {
    using sender = await ExtendedClient.connect(broker.address);
    using receiver = await ExtendedClient.connect(broker.address);
    await receiver.listen();
    sender.connection.emit({
      path: '/t',
      interface: 'org.example.Test',
      member: 'Note',
      destination: receiver.name,
      payload: Payload.ofBytes(Buffer.from('as it was sent')),
    });
    using payload = (await receiver.next()).payload!;
    expect(() => pwrite(payload.fd, Buffer.from('changed'), 0)).toThrow(SystemError);
    const { bytes, unmap } = payload.map();
    expect(Buffer.from(bytes).toString()).toBe('as it was sent');
    unmap();
  });
});

describe('the bus’s own notices', () => {
  it('take no room of others, and others none of theirs (kdbus: message-quota)', async () => {
    using receiver = await ExtendedClient.connect(broker.address, { inbox: true });
    await receiver.listen();
    let changes = 0;
    await receiver.connection.match({ type: 'signal', member: 'NameOwnerChanged' }, () => changes++).ready;
    using sender = await ExtendedClient.connect(broker.address);
    for (let i = 0; i < 256; i++) sender.note(receiver.name);
    for (let i = 0; i < 128; i++) (await Connection.connect(broker.address)).close();
    await sender.settled();
    while (changes < 256) await receiver.settled();
    let count = 0;
    while ((await receiver.extension.take()).found) count++;
    expect(count).toBe(256);
    using later = await ExtendedClient.connect(broker.address);
    later.note(receiver.name);
    await later.settled();
    expect(await receiver.extension.take()).toEqual({ found: true, lost: 0n });
  });
});

describe('a monitor', () => {
  it('is nobody on the bus, and its going is not told (kdbus: monitor)', async () => {
    using witness = await ExtendedClient.connect(broker.address);
    const plain = await ExtendedClient.connect(broker.address, { metadata: ['credentials'], inbox: true });
    const monitor = plain.name;
    // Its reply comes after its name has gone.
    await plain.connection.call({ ...become, body: [["interface='org.example.Test'"], 0] });
    const changes: unknown[] = [];
    await witness.connection.match({ type: 'signal', member: 'NameOwnerChanged' }, (message) =>
      changes.push(message.body[0]),
    ).ready;
    expect((await asDriver(witness.connection, 'ListNames'))[0]).not.toContain(monitor);
    await expect(asDriver(witness.connection, 'GetNameOwner', 's', monitor)).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.NameHasNoOwner',
    });
    plain.connection.close();
    await witness.settled();
    expect(changes).not.toContain(monitor);
  });

  it('sees a unicast and a broadcast as their receivers do, with metadata (kdbus: monitor)', async () => {
    using sender = await ExtendedClient.connect(broker.address);
    using receiver = await ExtendedClient.connect(broker.address);
    using raw = await RawClient.connect(broker.address, { extended: true });
    await raw.hello();
    const negotiated = raw.send({
      type: MessageType.methodCall,
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.switchyard.Bus1',
      member: 'Negotiate',
      signature: 'a{sv}',
      body: [new Map([['metadata', new Variant('as', ['credentials'])]])],
    });
    await raw.replyTo(negotiated);
    const became = raw.send({
      type: MessageType.methodCall,
      ...become,
      body: [["interface='org.example.Test'"], 0],
    });
    await raw.replyTo(became);
    sender.note(receiver.name, { text: 'to one' });
    sender.note(undefined, { text: 'to all' });
    for (const text of ['to one', 'to all']) {
      let message = await raw.next();
      while (message?.interface !== 'org.example.Test') message = await raw.next();
      expect([message.body, message.metadata?.get('ProcessID')?.value]).toEqual([[text], process.pid]);
    }
  });
});

describe.runIf(isRoot)('who somebody is', () => {
  it('is what it was when it connected, whatever it is now (kdbus: connection-info)', async () => {
    using owner = await ExtendedClient.connect(broker.address);
    const address = await owner.extension.createEndpoint('0-info', {}, 0o666);
    using client = await as(nobody, () => ExtendedClient.connect(address));
    const peers = await owner.extension.listPeers();
    expect(peers.get(client.name)!.get('UnixUserID')?.value).toBe(nobody);
    expect(peers.get(client.name)!.get('Endpoint')?.value).toBe('0-info');
    expect(peers.get(owner.name)!.get('UnixUserID')?.value).toBe(0);
    const names = async () => (await owner.extension.listPeers()).get(owner.name)!.get('Names')?.value;
    expect(await names()).toEqual([]);
    await owner.connection.requestName(name);
    await owner.connection.requestName(`${name}.Two`);
    expect(await names()).toEqual([name, `${name}.Two`]);
    expect((await asDriver(owner.connection, 'GetNameOwner', 's', name))[0]).toBe(owner.name);
  });

  it.runIf(mayUnshare)('is told as the bus’s own namespace has it (kdbus: metadata-ns)', async () => {
    using receiver = await ExtendedClient.connect(broker.address, { metadata: ['credentials'] });
    await receiver.listen();
    const sender = ['dbus-send', `--bus=${broker.address}`, '--type=signal', '/t', 'org.example.Test.Note'];
    const child = spawn('unshare', ['--pid', '--fork', '--', ...sender], { stdio: 'ignore' });
    const [[status], { metadata }] = await Promise.all([once(child, 'exit'), receiver.next()]);
    expect(status).toBe(0);
    // In its own namespace it is process 1.
    expect(metadata?.get('ProcessID')?.value).toBeGreaterThan(1);
    expect(metadata?.get('UnixUserID')?.value).toBe(0);
  });

  it('decides who hears whose broadcasts (kdbus: policy-priv)', async () => {
    using owner = await ExtendedClient.connect(broker.address);
    using trusted = await ExtendedClient.connect(broker.address);
    await owner.connection.requestName(`${name}.Restricted`);
    const address = await owner.extension.createEndpoint(
      '0-hears',
      {
        [`${name}.Restricted`]: [{ who: 'world', access: 'talk' }],
        [`${name}.Other`]: [{ who: 'world', access: 'own' }],
      },
      0o666,
    );
    using stranger = await as(nobody, () => ExtendedClient.connect(address));
    for (const client of [trusted, stranger]) await client.listen();
    const heard = async () => {
      await owner.settled();
      await stranger.settled();
      return stranger.messages.splice(0).map((message) => message.body[0]);
    };
    owner.note(undefined, { text: 'allowed' });
    expect(await heard()).toEqual(['allowed']);
    await owner.extension.setPolicy({ [`${name}.Restricted`]: [{ who: 'user', id: 1, access: 'talk' }] });
    owner.note(undefined, { text: 'forbidden' });
    expect(await heard()).toEqual([]);
    await owner.extension.setPolicy({ [`${name}.Restricted`]: [{ who: 'world', access: 'talk' }] });
    owner.note(undefined, { text: 'allowed again' });
    expect(await heard()).toEqual(['allowed again']);
    expect((await trusted.next()).body).toEqual(['allowed']);
    await stranger.connection.requestName(`${name}.Other`);
    stranger.note(undefined, { text: 'from a stranger' });
    await stranger.settled();
    await trusted.settled();
    expect(trusted.messages.map((message) => message.body[0])).toContain('from a stranger');
  });
});
