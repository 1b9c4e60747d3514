import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BusLink, Connection, type Interface, Variant } from '@switchyard/dbus';
import { createMemfd, type Fd, fileStat } from '@switchyard/sys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from './testing/Broker.js';

const run = promisify(execFile);
const path = '/org/example/Thing';
const name = 'org.example.Thing1';

let broker: Broker;
let server: Connection;

beforeAll(async () => {
  broker = await Broker.start();
  server = await Connection.connect(broker.address);
  server.export(path, thing());
  await server.requestName('org.example.Thing');
});
afterAll(async () => {
  server.close();
  await broker.stop();
});

function thing(): Interface {
  return {
    name,
    methods: {
      Echo: { in: 'sa{sv}', out: 'a{sv}s', call: (_, ...[text, map]: unknown[]) => [map, text] },
      Size: {
        in: 'h',
        out: 'u',
        call(_, ...[fd]: [Fd]) {
          using own = fd;
          return [fileStat(own).size];
        },
      },
      Caller: {
        out: 'uu',
        async call({ credentials }) {
          const { uid, pid } = await credentials();
          return [uid, pid];
        },
      },
      Ring: {
        in: 's',
        call({ connection }, ...[who]: [string]) {
          connection.emit({ path, interface: name, member: 'Rang', signature: 's', body: [who] });
        },
      },
    },
    properties: { Volume: { type: 'i', get: () => 3, set: () => {} } },
    signals: { Rang: { args: 's', names: ['who'] } },
  };
}

const busctl = async (...args: string[]) =>
  (await run('busctl', [`--address=${broker.address}`, ...args])).stdout;
const gdbus = async (command: string, ...args: string[]) =>
  (await run('gdbus', [command, '--address', broker.address, ...args])).stdout;
const dbusSend = async (...args: string[]) =>
  (await run('dbus-send', [`--bus=${broker.address}`, '--print-reply', ...args])).stdout;

/** Starts a program that watches the bus; `until` resolves with its output once that holds the text. */
function watch(
  command: string,
  args: string[],
): { child: ChildProcess; until(text: string): Promise<string> } {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let wanted: { text: string; resolve: (output: string) => void } | undefined;
  const take = (data: Buffer) => {
    output += data.toString();
    if (wanted && output.includes(wanted.text)) wanted.resolve(output);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return {
    child,
    until: (text) =>
      new Promise((resolve) => {
        wanted = { text, resolve };
        take(Buffer.alloc(0));
      }),
  };
}

describe('busctl', () => {
  it("lists who is there, with the kernel's word on who they are", async () => {
    const list = await busctl('list');
    expect(list).toMatch(new RegExp(`^org\\.example\\.Thing +${process.pid} `, 'm'));
    expect(list).toMatch(new RegExp(`^${server.uniqueName} +${process.pid} `, 'm'));
    expect(list).toMatch(new RegExp(`^org\\.freedesktop\\.DBus +${broker.pid} `, 'm'));
  });

  it('introspects, calls, and reads properties of the bus and of services', async () => {
    expect(await busctl('tree', 'org.freedesktop.DBus')).toContain('/org/freedesktop/DBus');
    expect(await busctl('tree', 'org.example.Thing')).toContain(path);
    expect(await busctl('introspect', 'org.freedesktop.DBus', '/org/freedesktop/DBus')).toMatch(
      /\.GetConnectionCredentials +method +s +a\{sv\}/,
    );
    expect(await busctl('introspect', 'org.example.Thing', path)).toMatch(/\.Volume +property +i +3/);
    expect(await busctl('get-property', 'org.example.Thing', path, name, 'Volume')).toBe('i 3\n');
    expect(
      await busctl('call', 'org.example.Thing', path, name, 'Echo', 'sa{sv}', 'x', '1', 'k', 'i', '5'),
    ).toBe('a{sv}s 1 "k" i 5 "x"\n');
    const credentials = await busctl(
      'call',
      'org.freedesktop.DBus',
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus',
      'GetConnectionCredentials',
      's',
      server.uniqueName,
    );
    expect(credentials).toContain(`"ProcessID" u ${process.pid}`);
    expect(credentials).toContain(`"UnixUserID" u ${process.getuid?.()}`);
    expect(credentials).toContain('"ProcessFD" h');
  });

  it('monitors', async () => {
    const monitor = watch('busctl', [`--address=${broker.address}`, 'monitor', 'org.example.Thing']);
    await monitor.until('Monitoring');
    await dbusSend('--dest=org.example.Thing', path, `${name}.Ring`, 'string:watched');
    const output = await monitor.until('Member=Rang');
    expect(output).toContain('STRING "watched"');
    monitor.child.kill();
  });
});

describe('gdbus', () => {
  const target = ['--dest', 'org.example.Thing', '--object-path', path];

  it('introspects and calls', async () => {
    expect(await gdbus('introspect', ...target)).toContain('readwrite i Volume = 3');
    expect(await gdbus('call', ...target, '--method', `${name}.Echo`, 'y', '{"a": <uint16 1>}')).toBe(
      "({'a': <uint16 1>}, 'y')\n",
    );
    await expect(gdbus('call', ...target, '--method', `${name}.Nope`)).rejects.toThrow('UnknownMethod');
    await expect(
      gdbus('call', '--dest', 'org.example.Nobody', '--object-path', '/', '--method', 'a.b.C'),
    ).rejects.toThrow('ServiceUnknown');
  });

  it('monitors', async () => {
    const monitor = watch('gdbus', ['monitor', '--address', broker.address, '--dest', 'org.example.Thing']);
    await monitor.until('is owned by');
    // Its match rule may be on the way still: ring until it hears.
    let heard = '';
    const hearing = monitor.until('Rang').then((output) => {
      heard = output;
    });
    while (!heard) await gdbus('call', ...target, '--method', `${name}.Ring`, 'ring');
    await hearing;
    expect(heard).toContain(`${path}: ${name}.Rang ('ring',)`);
    monitor.child.kill();
  });
});

describe('libdbus', () => {
  it('calls with dbus-send', async () => {
    expect(await dbusSend('--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.ListNames')).toContain(
      '"org.example.Thing"',
    );
    expect(await dbusSend('--dest=org.example.Thing', path, 'org.freedesktop.DBus.Peer.Ping')).toContain(
      'method return',
    );
    await expect(dbusSend('--dest=org.example.Thing', path, `${name}.Echo`)).rejects.toThrow('InvalidArgs');
  });

  it('watches with dbus-monitor', async () => {
    const monitor = watch('dbus-monitor', ['--address', broker.address]);
    await monitor.until('NameLost');
    await dbusSend('--dest=org.example.Thing', path, `${name}.Ring`, 'string:seen');
    const output = await monitor.until('member=Rang');
    expect(output).toMatch(/method call .* member=Ring\n {3}string "seen"/);
    monitor.child.kill();
  });
});

describe('our own client', () => {
  it('calls through the broker, with fds and credentials', async () => {
    using client = await Connection.connect(broker.address);
    const proxy = client.proxy('org.example.Thing', path);
    const map = new Map([['k', new Variant('ax', [1n])]]);
    expect(await proxy.call(name, 'Echo', 'sa{sv}', 'x', map)).toEqual([map, 'x']);
    expect(await proxy.call(name, 'Size', 'h', createMemfd('m', { size: 77 }))).toEqual([77]);
    expect(await proxy.call(name, 'Caller')).toEqual([process.getuid?.(), process.pid]);
    expect(await proxy.get(name, 'Volume')).toBe(3);
  });

  it("asks once for a caller's credentials, and its pidfd is the caller's", async () => {
    using client = await Connection.connect(broker.address);
    let seen: unknown;
    server.export('/who', {
      name: 'org.example.Who',
      methods: {
        Me: {
          async call({ credentials }) {
            const [first, second] = [await credentials(), await credentials()];
            expect(first).toBe(second);
            seen = first.pidfd?.closed;
          },
        },
      },
    });
    await client.proxy(server.uniqueName, '/who').call('org.example.Who', 'Me');
    server.unexport('/who');
    expect(seen).toBe(false);
  });
});

describe('the process', () => {
  it('ends in order on SIGTERM and takes its socket away', async () => {
    const own = await Broker.start();
    const client = await Connection.connect(own.address);
    expect(await own.end('SIGTERM')).toBe(0);
    expect(await client.closed).toBeUndefined();
    expect(existsSync(join(own.runtimeDir, 'bus'))).toBe(false);
    await own.stop();
  });

  it('does not take an address that is in use', async () => {
    await expect(Broker.start(broker.runtimeDir)).rejects.toThrow('EADDRINUSE');
  });

  it('takes the socket of one that was killed', async () => {
    const runtimeDir = mkdtempSync(join(tmpdir(), 'broker-'));
    const first = await Broker.start(runtimeDir);
    expect(await first.end('SIGKILL')).toBe('SIGKILL');
    const second = await Broker.start(runtimeDir);
    (await Connection.connect(second.address)).close();
    await second.stop();
  });

  it('says on which addresses it cannot listen', async () => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    await expect(run(process.execPath, [main, '--address', 'tcp:host=localhost'])).rejects.toMatchObject({
      code: 2,
    });
  });

  it.runIf(process.getuid?.() === 0)('lets no other user in', async () => {
    const runtimeDir = mkdtempSync(join(tmpdir(), 'broker-'));
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const address = `unix:abstract=${runtimeDir}`;
    const child = watch(process.execPath, [main, '--runtime-dir', runtimeDir, '--address', address]);
    await child.until('listening');
    const list = (uid: number) =>
      run(
        'dbus-send',
        [
          `--bus=${address}`,
          '--print-reply',
          '--dest=org.freedesktop.DBus',
          '/',
          'org.freedesktop.DBus.GetId',
        ],
        { uid },
      );
    await expect(list(65534)).rejects.toThrow('Failed to register');
    expect((await list(0)).stdout).toContain('method return');
    child.child.kill();
    rmSync(runtimeDir, { recursive: true, maxRetries: 10 });
  });

  it('is found again by a BusLink, which claims everything anew', async () => {
    const runtimeDir = mkdtempSync(join(tmpdir(), 'broker-'));
    let own = await Broker.start(runtimeDir);
    const events: string[] = [];
    let happened = () => {};
    const link = new BusLink(own.address, {
      async connected(connection) {
        await connection.requestName('org.example.Linked');
        events.push('connected');
        happened();
      },
      lost() {
        events.push('lost');
        happened();
      },
    });
    const until = async (count: number) => {
      while (events.length < count) await new Promise<void>((resolve) => (happened = resolve));
    };
    await until(1);
    await own.end('SIGKILL');
    await until(2);
    expect(link.connection).toBeUndefined();
    own = await Broker.start(runtimeDir);
    await until(3);
    using client = await Connection.connect(own.address);
    const [owner] = await client
      .proxy('org.freedesktop.DBus', '/')
      .call('org.freedesktop.DBus', 'GetNameOwner', 's', 'org.example.Linked');
    expect(owner).toBe(link.connection?.uniqueName);
    expect(events).toEqual(['connected', 'lost', 'connected']);
    link.close();
    await own.stop();
  });
});
