import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { createMemfd, type Fd, fileStat, pread, pwrite, SystemError } from '@switchyard/sys';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Connection } from './Connection.js';
import { DBusError } from './DBusError.js';
import type { Interface } from './Interface.js';
import type { Message } from './Message.js';
import { NameFlag } from './NameFlag.js';
import { RawClient } from './testing/RawClient.js';
import { ReferenceBus } from './testing/ReferenceBus.js';
import { Variant } from './Variant.js';

const run = promisify(execFile);
const path = '/org/example/Thing';
const name = 'org.example.Thing1';

let bus: ReferenceBus;
let open: Connection[] = [];

async function connect(): Promise<Connection> {
  const connection = await Connection.connect(bus.address);
  open.push(connection);
  return connection;
}

beforeAll(async () => {
  bus = await ReferenceBus.start();
});
afterAll(() => bus.stop());
afterEach(() => {
  for (const connection of open) connection.close();
  open = [];
});

const openFds = () => readdirSync('/proc/self/fd').length;

/** An object with a bit of everything. */
function thing(): Interface & { volume: number } {
  const self = {
    name,
    volume: 3,
    methods: {
      Echo: {
        in: 'sa{sv}',
        out: 'a{sv}s',
        inNames: ['text', 'map'],
        call: (_: unknown, ...[text, map]: unknown[]) => [map, text],
      },
      Slow: { call: () => new Promise<void>(() => {}) },
      Fail: {
        in: 's',
        call(_: unknown, ...[how]: [string]): void {
          if (how === 'dbus') throw new DBusError('org.example.Error.Custom', 'on purpose');
          if (how === 'system') throw new SystemError(13, 'open', '/dev/input/event3');
          if (how === 'busy') throw new SystemError(16, 'ioctl', '/dev/dri/card0');
          throw new Error('plain');
        },
      },
      Lie: { out: 'i', call: () => ['not a number'] },
      Size: {
        in: 'h',
        out: 't',
        call: (_: unknown, ...[fd]: [Fd]) => {
          using own = fd;
          return [BigInt(fileStat(own).size)];
        },
      },
      Give: { out: 'h', call: () => [createMemfd('given', { size: 4096 })] },
      Uid: {
        out: 'uu',
        async call({ credentials }: { credentials(): Promise<{ uid: number; pid: number }> }) {
          const { uid, pid } = await credentials();
          return [uid, pid];
        },
      },
    },
    properties: {
      Volume: {
        type: 'i',
        get: () => self.volume,
        set: (value: unknown) => {
          self.volume = value as number;
        },
      },
      Version: { type: 's', emits: 'const' as const, get: () => '1.0' },
      Hidden: { type: 'u', emits: 'invalidates' as const, get: () => 7 },
    },
    signals: { Rang: { args: 'su', names: ['who', 'times'] } },
  };
  return self as unknown as Interface & { volume: number };
}

async function pair() {
  const [client, server] = [await connect(), await connect()];
  const implementation = thing();
  server.export(path, implementation);
  return { client, server, implementation, proxy: client.proxy(server.uniqueName, path) };
}

describe('calls', () => {
  it('bring arguments there and results back', async () => {
    const { proxy } = await pair();
    const map = new Map([['k', new Variant('(iax)', [1, [2n, -3n]])]]);
    expect(await proxy.call(name, 'Echo', 'sa{sv}', 'héllo', map)).toEqual([map, 'héllo']);
  });

  it.each([
    ['dbus', 'org.example.Error.Custom', 'on purpose'],
    [
      'system',
      'org.freedesktop.DBus.Error.AccessDenied',
      'EACCES: open /dev/input/event3: Permission denied',
    ],
    ['busy', 'System.Error.EBUSY', 'EBUSY: ioctl /dev/dri/card0: Device or resource busy'],
    ['plain', 'org.freedesktop.DBus.Error.Failed', 'plain'],
  ])('that throw a %s error fail with its name', async (how, error, message) => {
    const { proxy } = await pair();
    await expect(proxy.call(name, 'Fail', 's', how)).rejects.toMatchObject({ name: error, message });
  });

  it('fail with what is wrong about them', async () => {
    const { client, server, proxy } = await pair();
    const failing = (promise: Promise<unknown>) =>
      promise.then(
        () => 'nothing',
        (error: Error) => error.name.split('.').pop(),
      );
    expect(await failing(proxy.call(name, 'Nope'))).toBe('UnknownMethod');
    expect(await failing(proxy.call('org.example.Nope', 'Echo'))).toBe('UnknownInterface');
    expect(await failing(client.proxy(server.uniqueName, '/nope').call(name, 'Echo'))).toBe('UnknownObject');
    expect(await failing(proxy.call(name, 'Echo', 's', 'too little'))).toBe('InvalidArgs');
    expect(await failing(proxy.call(name, 'Lie'))).toBe('Failed');
    expect(await failing(proxy.get(name, 'Nope'))).toBe('UnknownProperty');
    expect(await failing(proxy.get('org.example.Nope', 'Volume'))).toBe('UnknownInterface');
    expect(await failing(proxy.set(name, 'Version', new Variant('s', 'x')))).toBe('PropertyReadOnly');
    expect(await failing(proxy.set(name, 'Volume', new Variant('s', 'x')))).toBe('InvalidArgs');
    expect(await failing(client.proxy('org.example.Nobody', path).call(name, 'Echo'))).toBe('ServiceUnknown');
  });

  it('end after their timeout, and a late reply harms nobody', async () => {
    const { client, server, proxy } = await pair();
    const call = { destination: server.uniqueName, path, interface: name, member: 'Slow', timeout: 30 };
    await expect(client.call(call)).rejects.toMatchObject({ name: 'org.freedesktop.DBus.Error.NoReply' });
    expect(await proxy.get(name, 'Volume')).toBe(3);
  });

  it('end after what their object’s proxy was told to wait', async () => {
    const { client, server } = await pair();
    const slow = client.proxy(server.uniqueName, path, { timeout: 30 });
    await expect(slow.call(name, 'Slow')).rejects.toMatchObject({
      message: expect.stringContaining('within 30 ms'),
    });
  });

  it('end each after its own timeout, whatever order they were made in', async () => {
    const { client, server } = await pair();
    const call = { destination: server.uniqueName, path, interface: name, member: 'Slow' };
    const ended: (number | undefined)[] = [];
    const timeouts = [300, 20, Number.POSITIVE_INFINITY, 150];
    const calls = timeouts.map((timeout) =>
      client.call({ ...call, timeout }).catch((error: DBusError) => {
        ended.push(timeout);
        return error.description;
      }),
    );
    const [text] = await Promise.all([calls[0], calls[1], calls[3]]);
    expect(ended).toEqual([20, 150, 300]);
    expect(text).toContain(`${name}.Slow of ${path} at ${server.uniqueName}: `);
    client.close();
    await calls[2];
    expect(ended).toEqual([20, 150, 300, Number.POSITIVE_INFINITY]);
  });

  it('with a value that does not fit say which, and send nothing', async () => {
    const { proxy } = await pair();
    await expect(proxy.call(name, 'Echo', 'sa{sv}', 'x', {})).rejects.toThrow(
      `${name}.Echo: value 2 of 2: not a value of D-Bus type 'a{sv}': Object`,
    );
    expect(await proxy.get(name, 'Volume')).toBe(3);
  });

  it('end when the callee goes', async () => {
    const { server, proxy } = await pair();
    const call = proxy.call(name, 'Slow');
    await proxy.get(name, 'Volume');
    server.close();
    await expect(call).rejects.toMatchObject({ name: 'org.freedesktop.DBus.Error.NoReply' });
  });

  it('end when the connection does', async () => {
    const { client, proxy } = await pair();
    const call = proxy.call(name, 'Slow');
    client.close();
    await expect(call).rejects.toMatchObject({ name: 'org.freedesktop.DBus.Error.Disconnected' });
    expect(await client.closed).toBeUndefined();
    await expect(proxy.call(name, 'Slow')).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.Disconnected',
    });
  });

  it('carry bodies larger than one read', async () => {
    const { server, client } = await pair();
    server.export('/bytes', {
      name: 'org.example.Bytes',
      methods: { Echo: { in: 'ay', out: 'ay', call: (_, ...[bytes]: Uint8Array[]) => [bytes] } },
    });
    const bytes = new Uint8Array(3_000_000).map((_, i) => i % 251);
    const [back] = await client
      .proxy(server.uniqueName, '/bytes')
      .call('org.example.Bytes', 'Echo', 'ay', bytes);
    expect(Buffer.compare(back as Uint8Array, bytes)).toBe(0);
  });

  it('tell the callee who the kernel says the caller is', async () => {
    const { proxy } = await pair();
    expect(await proxy.call(name, 'Uid')).toEqual([process.getuid?.(), process.pid]);
  });
});

describe('file descriptors', () => {
  it('move both ways and none stays behind', async () => {
    const { proxy } = await pair();
    const before = openFds();
    for (let i = 0; i < 50; i++) {
      const fd = createMemfd('sent', { size: 1234 });
      expect(await proxy.call(name, 'Size', 'h', fd)).toEqual([1234n]);
      expect(fd.closed).toBe(true);
      const [given] = await proxy.call(name, 'Give');
      using own = given as Fd;
      pwrite(own, Buffer.from('data'), 0);
      const back = Buffer.alloc(4);
      pread(own, back, 0);
      expect(back.toString()).toBe('data');
    }
    expect(openFds()).toBe(before);
  });

  it('that nobody asked for are closed', async () => {
    const { proxy } = await pair();
    const before = openFds();
    for (let i = 0; i < 20; i++)
      await expect(proxy.call(name, 'Echo', 'h', createMemfd('unwanted'))).rejects.toMatchObject({
        name: 'org.freedesktop.DBus.Error.InvalidArgs',
      });
    expect(openFds()).toBe(before);
  });
});

describe('signals', () => {
  const ring = (server: Connection, who: string) =>
    server.emit({ path, interface: name, member: 'Rang', signature: 'su', body: [who, 1] });

  it('reach those whose rule they meet, until the rule is gone', async () => {
    const { client, server, proxy } = await pair();
    const heard: unknown[] = [];
    const match = proxy.on(name, 'Rang', (args) => heard.push(args));
    await match.ready;
    ring(server, 'a');
    await client.proxy(server.uniqueName, path).get(name, 'Volume');
    match[Symbol.dispose]();
    ring(server, 'b');
    await client.proxy(server.uniqueName, path).get(name, 'Volume');
    expect(heard).toEqual([['a', 1]]);
  });

  it('may be looked at after they were handled, whatever came since', async () => {
    const { client, server } = await pair();
    const reader = await connect();
    const kept: Message[] = [];
    const decoded: Message[] = [];
    await client.match({ type: 'signal', member: 'Rang' }, (message) => void kept.push(message)).ready;
    await reader
      .proxy(server.uniqueName, path)
      .on(name, 'Rang', (_args, message) => void decoded.push(message)).ready;
    const who = Array.from({ length: 50 }, (_, i) => `${'x'.repeat(i)} ${i}`);
    for (const one of who) ring(server, one);
    for (const [messages, one] of [
      [kept, client],
      [decoded, reader],
    ] as const) {
      await one.proxy(server.uniqueName, path).get(name, 'Volume');
      expect(messages.map((message) => message.argument(0))).toEqual(
        who.map((value) => ({ value, isPath: false })),
      );
      expect(messages.map((message) => message.argument(1))).toEqual(who.map(() => undefined));
      expect(messages.map((message) => message.body)).toEqual(who.map((one) => [one, 1]));
    }
  });

  it('of a well-known sender come from its owner only, whoever that is', async () => {
    const [client, one, two] = [await connect(), await connect(), await connect()];
    await one.requestName('org.example.Ringer', NameFlag.allowReplacement);
    const heard: (string | undefined)[] = [];
    const rule = { type: 'signal', sender: 'org.example.Ringer', member: 'Rang' } as const;
    await client.match(rule, (message: Message) => heard.push(message.sender)).ready;
    // A second, wider rule makes the bus send what the first must not see.
    await client.match({ type: 'signal', interface: name }, () => {}).ready;
    const settle = () => client.proxy('org.freedesktop.DBus', '/').call('org.freedesktop.DBus', 'GetId');
    ring(one, 'x');
    ring(two, 'x');
    await one.requestName('org.example.Other');
    await two.requestName('org.example.Ringer', NameFlag.replaceExisting);
    ring(one, 'x');
    ring(two, 'x');
    await one.releaseName('org.example.Other');
    await two.releaseName('org.example.Ringer');
    await settle();
    expect(heard).toEqual([one.uniqueName, two.uniqueName]);
  });

  it('that follow a reply are handled after the code that awaited it', async () => {
    const { client, server } = await pair();
    server.export('/order', {
      name: 'org.example.Order',
      methods: { Go: { call: ({ connection }) => void queueMicrotask(() => ring(connection, 'after')) } },
    });
    const order: string[] = [];
    await client.match({ type: 'signal', member: 'Rang' }, () => order.push('signal')).ready;
    for (let i = 0; i < 20; i++) {
      await client.proxy(server.uniqueName, '/order').call('org.example.Order', 'Go');
      await Promise.resolve();
      await Promise.resolve();
      order.push('reply');
    }
    await client.proxy(server.uniqueName, path).get(name, 'Volume');
    expect(order).toEqual(Array.from({ length: 20 }, () => ['reply', 'signal']).flat());
  });

  it('with a body that is not what its signature says end nobody', async () => {
    const { client, proxy } = await pair();
    await client.match({ type: 'signal', member: 'Rang' }, (message) => void message.body).ready;
    using stranger = await RawClient.connect(bus.address);
    await stranger.hello();
    const signal = { type: 4, path, interface: name, member: 'Rang', signature: 'b', body: [true] };
    const bytes = stranger.encode(signal);
    bytes[bytes.length - 4] = 2;
    stranger.write(bytes);
    await stranger.ask('GetId');
    expect(await proxy.get(name, 'Volume')).toBe(3);
  });
});

describe('properties', () => {
  it('are read, written and announced', async () => {
    const { client, server, proxy, implementation } = await pair();
    expect(await proxy.getAll(name)).toEqual(
      new Map<string, Variant>([
        ['Volume', new Variant('i', 3)],
        ['Version', new Variant('s', '1.0')],
        ['Hidden', new Variant('u', 7)],
      ]),
    );
    const heard: unknown[] = [];
    await proxy.onPropertiesChanged(name, (changed, invalidated) => heard.push([changed, invalidated])).ready;
    await proxy.set(name, 'Volume', new Variant('i', 11));
    expect(implementation.volume).toBe(11);
    server.emitPropertiesChanged(path, name, ['Volume', 'Version', 'Hidden']);
    server.emitPropertiesChanged(path, name, new Map([['Volume', new Variant('i', 12)]]));
    await client.proxy(server.uniqueName, path).get(name, 'Volume');
    expect(heard).toEqual([
      [new Map([['Volume', new Variant('i', 11)]]), ['Hidden']],
      [new Map([['Volume', new Variant('i', 12)]]), []],
    ]);
  });
});

describe('a property that changed', () => {
  it('and cannot be read, or not at once, is only named', async () => {
    const { client, server, proxy } = await pair();
    const types = {
      Now: { type: 'u', get: () => 1 },
      Later: { type: 'u', get: async () => 2 },
      Never: {
        type: 'u',
        get: () => {
          throw new Error('broken');
        },
      },
    };
    server.export(path, { name: 'org.example.Moody', properties: types });
    const heard: unknown[] = [];
    await proxy.onPropertiesChanged('org.example.Moody', (...told) => heard.push(told)).ready;
    server.emitPropertiesChanged(path, 'org.example.Moody', Object.keys(types));
    expect(await client.proxy(server.uniqueName, path).get('org.example.Moody', 'Later')).toBe(2);
    expect(heard).toEqual([[new Map([['Now', new Variant('u', 1)]]), ['Later', 'Never']]]);
  });
});

describe('names', () => {
  it('are watched from what is to what becomes of them', async () => {
    const [client, owner] = [await connect(), await connect()];
    const events: string[] = [];
    let changed = () => {};
    const next = () => new Promise<void>((resolve) => (changed = resolve));
    const first = next();
    using _watch = client.watchName('org.example.Watched', {
      appeared: (who) => {
        events.push(`appeared ${who}`);
        changed();
      },
      vanished: () => {
        events.push('vanished');
        changed();
      },
    });
    await first;
    const second = next();
    await owner.requestName('org.example.Watched');
    await second;
    const third = next();
    owner.close();
    await third;
    expect(events).toEqual(['vanished', `appeared ${owner.uniqueName}`, 'vanished']);
  });

  it("give the reference bus's answers", async () => {
    const [one, two] = [await connect(), await connect()];
    expect(await one.requestName('org.example.N')).toBe(1);
    expect(await one.requestName('org.example.N')).toBe(4);
    expect(await two.requestName('org.example.N', NameFlag.doNotQueue)).toBe(3);
    expect(await two.requestName('org.example.N')).toBe(2);
    expect(await one.releaseName('org.example.N')).toBe(1);
    expect(await one.releaseName('org.example.N')).toBe(3);
    expect(await one.releaseName('org.example.Nothing')).toBe(2);
  });
});

describe('other clients', () => {
  const gdbus = async (...args: string[]) => (await run('gdbus', args)).stdout.trim();

  it('see our objects with busctl and gdbus', async () => {
    const { server } = await pair();
    await server.requestName('org.example.Thing');
    const busctl = async (...args: string[]) =>
      (await run('busctl', [`--address=${bus.address}`, ...args])).stdout;
    expect(await busctl('tree', 'org.example.Thing')).toContain('/org/example/Thing');
    const introspection = await busctl('introspect', 'org.example.Thing', path);
    expect(introspection).toMatch(/\.Echo +method +sa\{sv\} +a\{sv\}s/);
    expect(introspection).toMatch(/\.Volume +property +i +3 +emits-change writable/);
    expect(introspection).toMatch(/\.Rang +signal +su/);
    expect(await busctl('get-property', 'org.example.Thing', path, name, 'Volume')).toBe('i 3\n');
    expect(
      await busctl('call', 'org.example.Thing', path, name, 'Echo', 'sa{sv}', 'x', '1', 'k', 'i', '5'),
    ).toBe('a{sv}s 1 "k" i 5 "x"\n');
    const target = ['--address', bus.address, '--dest', 'org.example.Thing', '--object-path', path];
    expect(await gdbus('call', ...target, '--method', `${name}.Echo`, 'y', '{"a": <uint16 1>}')).toBe(
      "({'a': <uint16 1>}, 'y')",
    );
    expect(await gdbus('introspect', ...target)).toContain('readwrite i Volume = 3');
    await expect(gdbus('call', ...target, '--method', `${name}.Fail`, 'dbus')).rejects.toThrow(
      'org.example.Error.Custom: on purpose',
    );
  });

  it('signal us with dbus-send', async () => {
    const client = await connect();
    let hear = (_: unknown[]) => {};
    const heard = new Promise<unknown[]>((resolve) => {
      hear = resolve;
    });
    await client.match({ type: 'signal', member: 'Ping' }, (message) => hear(message.body)).ready;
    await run('dbus-send', [
      `--bus=${bus.address}`,
      '/x',
      'org.example.Y.Ping',
      'string:hi',
      'array:int32:1,2',
      'dict:string:uint32:a,1',
      'variant:double:0.5',
    ]);
    expect(await heard).toEqual(['hi', [1, 2], new Map([['a', 1]]), new Variant('d', 0.5)]);
  });
});

describe('a connection', () => {
  it('refuses addresses that it cannot reach with what is wrong', async () => {
    await expect(Connection.connect('tcp:host=localhost')).rejects.toThrow('only unix:path=');
    await expect(Connection.connect('unix:path=/nonexistent/bus')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(Connection.connect(`${bus.address},guid=${'0'.repeat(32)}`)).rejects.toThrow('guid');
  });

  it('takes the first address of a list that answers', async () => {
    using connection = await Connection.connect(`unix:path=/nonexistent/bus;${bus.address}`);
    expect(connection.uniqueName).toMatch(/^:1\.\d+$/);
  });
});

describe('byte order', () => {
  it('of the two ends may differ, both ways', async () => {
    const [big, little] = [await Connection.connect(bus.address, { byteOrder: 'big' }), await connect()];
    const orders: string[] = [];
    for (const one of [big, little])
      one.export('/order', {
        name: 'org.example.Order',
        methods: {
          Echo: {
            in: 'vx',
            out: 'vx',
            call: ({ message }, ...values: unknown[]) => {
              orders.push(message.endian);
              return values;
            },
          },
        },
      });
    const value = new Variant('a{s(qdt)}', new Map([['k', [1, 0.5, 2n ** 60n]]]));
    for (const [from, to] of [
      [big, little],
      [little, big],
    ] as const)
      expect(
        await from.proxy(to.uniqueName, '/order').call('org.example.Order', 'Echo', 'vx', value, -5n),
      ).toEqual([value, -5n]);
    expect(orders).toEqual(['B', 'l']);
    for (const one of [big, little]) one.close();
  });
});
