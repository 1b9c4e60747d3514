import { MessageType, Variant } from '@switchyard/dbus';
import { driver, ReferenceBus } from '@switchyard/dbus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from './testing/Broker.js';
import { play, type Scene } from './testing/Dialogue.js';

/*
 * The same dialogue with dbus-daemon and with our broker: what each client gets, in order, must be equal, error texts
 * and the order of sets aside. Where we differ on purpose is in docs/bus.md.
 */

let reference: ReferenceBus;
let broker: Broker;

beforeAll(async () => {
  [reference, broker] = await Promise.all([ReferenceBus.start(), Broker.start()]);
});
afterAll(() => Promise.all([reference.stop(), broker.stop()]));

const { methodCall, methodReturn, signal } = MessageType;

async function bothSay(script: (scene: Scene) => Promise<void>): Promise<string[]> {
  const expected = await play(reference.address, script);
  expect(await play(broker.address, script)).toEqual(expected);
  return expected;
}

const name = 'org.example.Conformance';
const watchNames = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'";

describe('as dbus-daemon does, the broker', () => {
  it('greets', async () => {
    const lines = await bothSay(async ({ stranger, settle, note }) => {
      const client = await stranger('a');
      client.send({ type: methodCall, ...driver, member: 'Hello' });
      note(client, await client.next());
      note(client, await client.next());
      client.uniqueName = 'known';
      await settle();
    });
    expect(lines).toHaveLength(2);
  });

  it('wants Hello first, and once', async () => {
    await bothSay(async ({ stranger, client, call, ask }) => {
      const early = await stranger('early');
      await call(early, { member: 'ListNames' });
      await ask(early, 'Hello');
      await ask(await client('twice'), 'Hello');
    });
  });

  it('parts with who talks to others before Hello', async () => {
    await bothSay(async ({ stranger, call }) => {
      await call(await stranger('rude'), { destination: name });
    });
  });

  it('gives and takes names in that order of signals', async () => {
    await bothSay(async ({ client, ask, settle }) => {
      const [watcher, a, b, c] = [
        await client('watcher'),
        await client('a'),
        await client('b'),
        await client('c'),
      ];
      await ask(watcher, 'AddMatch', 's', `${watchNames},arg0='${name}'`);
      for (const [who, flags] of [
        [a, 1],
        [a, 1],
        [b, 4],
        [b, 0],
        [c, 2],
        [b, 2],
        [a, 4],
        [a, 0],
        [c, 7],
      ] as const) {
        await ask(who, 'RequestName', 'su', name, flags);
        await ask(watcher, 'ListQueuedOwners', 's', name);
        await settle();
      }
      for (const who of [b, a, c, c]) {
        await ask(who, 'ReleaseName', 's', name);
        await settle();
      }
      await ask(a, 'RequestName', 'su', name, 0);
      await ask(b, 'RequestName', 'su', name, 0);
      a.socket.close();
      a.uniqueName = '';
      await b.next();
      await settle();
    });
  });

  it.each(['org.freedesktop.DBus', ':1.0', '', 'nodots', 'a..b', 'org.1x'])(
    'keeps the name %j to itself',
    async (bad) => {
      await bothSay(async ({ client, ask }) => {
        const one = await client('one');
        await ask(one, 'RequestName', 'su', bad, 0);
        await ask(one, 'ReleaseName', 's', bad);
      });
    },
  );

  it.each([
    ['GetNameOwner', 's'],
    ['NameHasOwner', 's'],
    ['ListQueuedOwners', 's'],
    ['GetConnectionUnixUser', 's'],
    ['GetConnectionUnixProcessID', 's'],
    ['GetConnectionCredentials', 's'],
    ['GetConnectionSELinuxSecurityContext', 's'],
    ['GetAdtAuditSessionData', 's'],
  ])('answers %s for names that are there and names that are not', async (member) => {
    await bothSay(async ({ client, ask }) => {
      const one = await client('one');
      await ask(one, 'RequestName', 'su', `${name}.${member}`, 0);
      const exact = !['GetConnectionCredentials', 'GetConnectionUnixProcessID'].includes(member);
      for (const who of [one.uniqueName, `${name}.${member}`, 'org.freedesktop.DBus'].filter(() => exact))
        await ask(one, member, 's', who);
      for (const who of ['org.example.Nobody', ':1.99999', 'invalid', '']) await ask(one, member, 's', who);
    });
  });

  it('refuses to start what nothing can start', async () => {
    await bothSay(async ({ client, ask }) => {
      const one = await client('one');
      await ask(one, 'StartServiceByName', 'su', 'org.example.Nobody', 0);
      await ask(one, 'ListActivatableNames');
    });
  });

  it('says what is wrong about a call', async () => {
    await bothSay(async ({ client, ask, call }) => {
      const one = await client('one');
      await ask(one, 'Nonsense');
      await ask(one, 'GetNameOwner');
      await ask(one, 'GetNameOwner', 'u', 5);
      await call(one, { interface: 'org.example.Nonsense', member: 'GetId' });
      await call(one, { interface: undefined, member: 'Nonsense' });
      await call(one, { interface: undefined, member: 'NameHasOwner', signature: 's', body: ['org.x'] });
      await call(one, { path: '/somewhere/else', member: 'NameHasOwner', signature: 's', body: ['org.x'] });
      await call(one, {
        path: '/else',
        member: 'UpdateActivationEnvironment',
        signature: 'a{ss}',
        body: [new Map()],
      });
    });
  });

  it('answers Ping everywhere', async () => {
    await bothSay(async ({ client, call }) => {
      const one = await client('one');
      const ping = { interface: 'org.freedesktop.DBus.Peer', member: 'Ping' };
      await call(one, ping);
      await call(one, { ...ping, path: '/' });
      await call(one, { ...ping, path: '/anywhere', member: 'GetMachineId' });
      await call(one, { ...ping, path: '/anywhere', member: 'Nonsense' });
    });
  });

  it('answers what is asked of nobody', async () => {
    await bothSay(async ({ client, call, settle }) => {
      const one = await client('one');
      const ping = { destination: undefined, interface: 'org.freedesktop.DBus.Peer', member: 'Ping' };
      await call(one, ping);
      await call(one, { ...ping, path: '/anywhere' });
      await call(one, { ...ping, member: 'Nonsense' });
      await call(one, { ...ping, interface: undefined });
      await call(one, { destination: undefined, member: 'GetId' });
      await call(one, { destination: undefined, interface: 'org.example.Nonsense', member: 'Ping' });
      await settle();
    });
  });

  it('lets no second call wait under a serial of one that waits', async () => {
    await bothSay(async ({ client, note, settle }) => {
      const [caller, callee] = [await client('caller'), await client('callee')];
      const call = {
        type: methodCall,
        serial: 7_777_777,
        destination: callee.uniqueName,
        path: '/x',
        interface: 'org.x.Y',
        member: 'Z',
      };
      caller.send(call);
      caller.send(call);
      note(caller, await caller.next());
      note(callee, await callee.next());
      callee.send({ type: methodReturn, destination: caller.uniqueName, replySerial: call.serial });
      note(caller, await caller.next());
      await settle();
    });
  });

  it('has read-only properties', async () => {
    await bothSay(async ({ client, call }) => {
      const one = await client('one');
      const properties = { interface: 'org.freedesktop.DBus.Properties', signature: 'ss' };
      const dbus = 'org.freedesktop.DBus';

      await call(one, { ...properties, member: 'Get', body: [dbus, 'Nonsense'] });
      await call(one, { ...properties, member: 'Get', body: ['org.example.X', 'Features'] });
      await call(one, { ...properties, member: 'GetAll', signature: 's', body: ['org.example.X'] });
      await call(one, {
        ...properties,
        member: 'Set',
        signature: 'ssv',
        body: [dbus, 'Features', new Variant('s', 'x')],
      });
      await call(one, {
        ...properties,
        member: 'Set',
        signature: 'ssv',
        body: [dbus, 'Nonsense', new Variant('s', 'x')],
      });
      await call(one, { ...properties, path: '/elsewhere', member: 'Get', body: [dbus, 'Features'] });
    });
  });

  it('takes a caller for answered when the callee is gone, or nobody is there', async () => {
    await bothSay(async ({ client, call, settle }) => {
      const [a, b] = [await client('a'), await client('b')];
      const to = (destination: string, flags = 0) => ({
        destination,
        path: '/x',
        interface: 'org.x.Y',
        member: 'Z',
        flags,
      });
      await call(a, to('org.example.Nobody'));
      await call(a, to('org.example.Nobody', 2));
      await call(a, to(':1.99999'));
      await call(a, to(':1.99999', 2));
      const serial = a.send({ type: methodCall, ...to(b.uniqueName) });
      await b.next();
      b.socket.close();
      b.uniqueName = '';
      const reply = await a.replyTo(serial);
      expect(reply?.errorName).toBe('org.freedesktop.DBus.Error.NoReply');
      await settle();
    });
  });

  it.each([
    "type='signal'",
    '',
    "interface='org.x.I'",
    "member='S',path='/p/q'",
    "path_namespace='/p'",
    "path_namespace='/p/q/r'",
    "path_namespace='/'",
    "sender='org.example.Sender'",
    "sender=':1.99999'",
    "arg0='one'",
    "arg1='two'",
    "arg2='x'",
    "arg3path='/a/b/'",
    "arg3path='/a/b/c'",
    "arg3path='/a/b/c/d'",
    "arg3='/a/b/c'",
    "arg4path='/x/'",
    "arg0namespace='one'",
    "arg5namespace='one'",
    "arg5='inner'",
    "arg6='last'",
    "destination=':1.0'",
    "eavesdrop='true',member='S'",
    "type='method_call'",
  ])('matches a signal with %j', async (rule) => {
    await bothSay(async ({ client, ask, settle }) => {
      const [sender, receiver] = [await client('sender'), await client('receiver')];
      await ask(sender, 'RequestName', 'su', 'org.example.Sender', 0);
      await ask(receiver, 'AddMatch', 's', rule);
      receiver.drain();
      sender.send({
        type: signal,
        path: '/p/q',
        interface: 'org.x.I',
        member: 'S',
        signature: 'ssuosas',
        body: ['one', 'two', 3, '/a/b/c', '/x/y', ['inner']],
      });
      await settle();
      await ask(receiver, 'RemoveMatch', 's', rule);
      await ask(receiver, 'RemoveMatch', 's', rule);
      sender.send({ type: signal, path: '/p/q', interface: 'org.x.I', member: 'S' });
      await settle();
    });
  });

  it.each([
    'nonsense',
    "type='other'",
    "type='signal',type='signal'",
    "path='/a',path_namespace='/a'",
    "arg0='a',arg0path='/a'",
    "arg64='a'",
    "member='not.valid'",
    "sender='x'",
    "arg0='unended",
    "foo='bar'",
    "type='signal',",
    " type='signal' ",
    "arg0=it\\'s",
    "arg0namespace=''",
    "arg0namespace='a..b'",
    "arg0path=''",
  ])('takes or refuses the rule %j', async (rule) => {
    await bothSay(async ({ client, ask }) => {
      const one = await client('one');
      await ask(one, 'AddMatch', 's', rule);
    });
  });

  it('tells of a departure in that order', async () => {
    await bothSay(async ({ client, ask, settle, note }) => {
      const [watcher, one] = [await client('watcher'), await client('one')];
      await ask(one, 'RequestName', 'su', `${name}.One`, 0);
      await ask(one, 'RequestName', 'su', `${name}.Two`, 0);
      await ask(watcher, 'AddMatch', 's', watchNames);
      await ask(watcher, 'AddMatch', 's', `${watchNames},arg0='${name}.One'`);
      watcher.send({
        type: methodCall,
        destination: one.uniqueName,
        path: '/x',
        interface: 'org.x.Y',
        member: 'Z',
      });
      await one.next();
      one.socket.close();
      one.uniqueName = '';
      const departure = [
        await watcher.next(),
        await watcher.next(),
        await watcher.next(),
        await watcher.next(),
      ];
      for (const message of departure) note(watcher, message);
      await settle();
    });
  });

  it('delivers a unicast signal without any rule, and to nobody else', async () => {
    await bothSay(async ({ client, ask, settle }) => {
      const [a, b, c] = [await client('a'), await client('b'), await client('c')];
      await ask(c, 'AddMatch', 's', "type='signal',interface='org.x.I'");
      a.send({ type: signal, destination: b.uniqueName, path: '/p', interface: 'org.x.I', member: 'S' });
      await settle();
    });
  });

  it('makes a monitor of who asks, at the price of its names and its voice', async () => {
    await bothSay(async ({ client, call, ask, settle, note }) => {
      const [watcher, monitor, a, b] = [
        await client('watcher'),
        await client('monitor'),
        await client('a'),
        await client('b'),
      ];
      const become = {
        interface: 'org.freedesktop.DBus.Monitoring',
        member: 'BecomeMonitor',
        signature: 'asu',
      };
      await call(monitor, { ...become, body: [['nonsense'], 0] });
      await call(monitor, { ...become, body: [[], 1] });
      await ask(monitor, 'RequestName', 'su', `${name}.Monitor`, 0);
      await ask(watcher, 'AddMatch', 's', `${watchNames},arg0namespace='${name}'`);
      await call(monitor, { ...become, body: [["member='Seen'", "type='error'"], 0] });
      note(monitor, await monitor.next());
      note(monitor, await monitor.next());
      monitor.uniqueName = '';
      await settle();
      a.send({ type: signal, path: '/p', interface: 'org.x.I', member: 'Unseen' });
      a.send({ type: signal, destination: b.uniqueName, path: '/p', interface: 'org.x.I', member: 'Seen' });
      note(monitor, await monitor.next());
      await call(a, { destination: 'org.example.Nobody', member: 'Seen' });
      note(monitor, await monitor.next());
      note(monitor, await monitor.next());
      monitor.send({ type: signal, path: '/p', interface: 'org.x.I', member: 'Said' });
      note(monitor, await monitor.next());
      await settle();
    });
  });
});
