import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, parseAddresses } from '@switchyard/dbus';
import { Listener, Socket } from '@switchyard/sys';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { executable, openPolicy, YardBusd } from '../testing/YardBusd.js';

const folder = mkdtempSync(join(tmpdir(), 'busd-'));
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 10 }));
const buses: YardBusd[] = [];
afterEach(async () => {
  for (const bus of buses.splice(0)) await bus.stop();
});

async function started(...options: Parameters<typeof YardBusd.start>): Promise<YardBusd> {
  const bus = await YardBusd.start(...options);
  buses.push(bus);
  return bus;
}

const guidOf = (address: string) => parseAddresses(address)[0]!.options.get('guid');

async function idOf(address: string): Promise<unknown> {
  using bus = await Connection.connect(address);
  const [id] = await bus
    .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
    .call('org.freedesktop.DBus', 'GetId');
  return id;
}

function config(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `<busconfig>${text}${openPolicy}</busconfig>`);
  return file;
}

describe('yard-busd', () => {
  it("tells an address whose guid is the bus's own", async () => {
    const bus = await started({ config: openPolicy });
    expect(bus.address).toMatch(/^unix:path=\/[^,]+\/socket,guid=[0-9a-f]{32}$/);
    expect(await idOf(bus.address)).toBe(guidOf(bus.address));
    const sent = spawnSync('dbus-send', [
      `--bus=${bus.address}`,
      '--print-reply',
      '--dest=org.freedesktop.DBus',
      '/',
      'org.freedesktop.DBus.ListNames',
    ]);
    expect(String(sent.stdout)).toContain('":1.1"');
  });

  it('tells address and pid in one write each, and then closes those fds', async () => {
    const file = config('told.conf', `<listen>unix:tmpdir=${folder}</listen>`);
    const child = spawn(
      process.execPath,
      [executable, '--config-file', file, '--print-address', '3', '--print-pid=4', '--nofork'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    const [address, pid] = await Promise.all(
      [3, 4].map(
        (fd) =>
          new Promise<string[]>((resolve) => {
            const chunks: string[] = [];
            child.stdio[fd]!.on('data', (bytes: Buffer) => chunks.push(String(bytes)));
            child.stdio[fd]!.on('end', () => resolve(chunks));
          }),
      ),
    );
    expect(address).toEqual([expect.stringMatching(/^unix:path=.*\/dbus-\w{10},guid=\w{32}\n$/)]);
    expect(pid).toEqual([`${child.pid}\n`]);
    child.kill();
    await new Promise((resolve) => child.once('exit', resolve));
  });

  it('reads a configuration from an fd, as /proc/self/fd/N', async () => {
    const fd = openSync(config('by-fd.conf', `<listen>unix:abstract=${folder}/by-fd</listen>`), 'r');
    const child = spawn(
      process.execPath,
      [executable, '--config-file=/proc/self/fd/5', '--print-address', '--nofork'],
      { stdio: ['ignore', 'pipe', 'inherit', 'ignore', 'ignore', fd] },
    );
    closeSync(fd);
    const address = await new Promise<string>((resolve) =>
      child.stdout!.once('data', (text) => resolve(String(text))),
    );
    expect(address).toContain(`unix:abstract=${folder}/by-fd,guid=`);
    expect(await idOf(address.trim())).toBe(guidOf(address.trim()));
    child.kill();
    await new Promise((resolve) => child.once('exit', resolve));
  });

  it.each([
    ['unix:dir=@folder@', /^unix:path=@folder@\/dbus-\w+,/],
    ['unix:runtime=yes', /^unix:path=@folder@\/bus,/],
    ['unix:path=@folder@/a%20b', /^unix:path=@folder@\/a%20b,/],
  ])('listens at %s, whatever the configuration says', async (address, told) => {
    const place = mkdtempSync(join(folder, 'at-'));
    const bus = await started({
      config: openPolicy,
      args: ['--address', address.replace('@folder@', place)],
      environment: { XDG_RUNTIME_DIR: place },
    });
    expect(bus.address).toMatch(new RegExp(told.source.replaceAll('@folder@', place)));
    expect(existsSync(join(bus.folder, 'socket'))).toBe(false);
    expect(await idOf(bus.address)).toBe(guidOf(bus.address));
  });

  it('listens at all places of its configuration and tells the last one first', async () => {
    const bus = await started({ config: `<listen>unix:path=@folder@/second</listen>${openPolicy}` });
    const [second, first] = bus.address.split(';');
    expect(second).toContain('/second,guid=');
    for (const address of [first!, second!]) expect(await idOf(address)).toBe(guidOf(bus.address));
  });

  it('takes over a socket that a service manager listens at, and tells it when it is ready', async () => {
    const path = join(folder, 'inherited');
    using listener = Listener.listen(path, { onConnection: () => {} });
    listener.unref();
    using notify = Socket.bind(join(folder, 'notify'));
    const ready = new Promise<string>((resolve) => {
      const packet = Buffer.alloc(1000);
      notify.watch({ readable: () => resolve(packet.toString('utf8', 0, notify.receive(packet))) });
    });
    const file = config('systemd.conf', '<listen>systemd:</listen>');
    // LISTEN_PID is the daemon's own pid: known only to the process that becomes it.
    const child = spawn(
      '/bin/sh',
      [
        '-c',
        'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"',
        'sh',
        process.execPath,
        executable,
        `--config-file=${file}`,
        '--nofork',
        '--print-address',
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit', listener.fd.number],
        env: { ...process.env, NOTIFY_SOCKET: join(folder, 'notify') },
      },
    );
    const address = await new Promise<string>((resolve) =>
      child.stdout!.once('data', (text) => resolve(String(text))),
    );
    expect(address).toContain(`unix:path=${path},guid=`);
    expect(await ready).toContain('READY=1');
    listener.fd.take();
    expect(await idOf(address.trim())).toBe(guidOf(address.trim()));
    child.kill();
    await new Promise((resolve) => child.once('exit', resolve));
    expect(existsSync(path)).toBe(true);
  });

  it('goes to the background, and leaves nobody waiting for its output', async () => {
    const file = config(
      'fork.conf',
      `<fork/><listen>unix:tmpdir=${folder}</listen><pidfile>${folder}/pid</pidfile>`,
    );
    const run = spawnSync(
      process.execPath,
      [executable, `--config-file=${file}`, '--print-address=1', '--print-pid=1'],
      {
        encoding: 'utf8',
      },
    );
    const [address, pid] = run.stdout.trim().split('\n');
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(`${folder}/pid`, 'utf8')).toBe(`${pid}\n`);
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[3]).toBe(pid);
    expect(await idOf(address!)).toBe(guidOf(address!));
    process.kill(Number(pid));
    while (existsSync(`${folder}/pid`)) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(run.stdout.split('\n')).toHaveLength(3);
  });

  it('does not start beside its own pid file', () => {
    writeFileSync(`${folder}/taken`, '1\n');
    const file = config(
      'taken.conf',
      `<listen>unix:tmpdir=${folder}</listen><pidfile>${folder}/taken</pidfile>`,
    );
    const run = spawnSync(process.execPath, [executable, `--config-file=${file}`], { encoding: 'utf8' });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain(`The pid file "${folder}/taken" exists`);
  });

  it('ends with SIGTERM, and takes its socket along', async () => {
    const bus = await started({ config: openPolicy });
    using client = await Connection.connect(bus.address);
    const lost = new Promise((resolve) => client.closed.then(resolve));
    bus.signal('SIGTERM');
    expect(await bus.ended()).toBe(0);
    await lost;
    expect(existsSync(join(bus.folder, 'socket'))).toBe(false);
  });

  it.each([
    [['--config-file=/nix'], /Failed to start message bus: \/nix: cannot be read/],
    [['--session', '--address=tcp:host=localhost'], /listens at unix: and systemd: addresses, not at tcp:/],
    [['--session', '--address=bees:honey=yes'], /Unknown address type 'bees'/],
    [
      ['--session', '--address=unix:foo=bar'],
      /missing argument path or tmpdir or abstract or runtime or dir/,
    ],
    [['--session', '--address=systemd:'], /No socket received/],
    [['--session', '--address=unix:path=/nowhere/at/all'], /ENOENT/],
    [[], /No configuration file specified/],
  ])('says why it does not start: %j', (args, message) => {
    const run = spawnSync(process.execPath, [executable, ...args, '--nofork'], { encoding: 'utf8' });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(message);
  });

  it('lives by another configuration after SIGHUP and ReloadConfig, and keeps its own when the new one is wrong', async () => {
    const bus = await started({
      config: `${openPolicy}<servicedir>@folder@</servicedir><include ignore_missing="yes">more.conf</include>`,
    });
    using client = await Connection.connect(bus.address);
    const driver = client.proxy('org.freedesktop.DBus', '/org/freedesktop/DBus');
    const call = (member: string, signature = '', ...args: unknown[]) =>
      driver.call('org.freedesktop.DBus', member, signature, ...args);
    const changed = new Promise<void>((resolve) =>
      driver.on('org.freedesktop.DBus', 'ActivatableServicesChanged', () => resolve()),
    );
    await call('AddMatch', 's', "type='signal'");
    expect(await call('RequestName', 'su', 'org.x.One', 0)).toEqual([1]);
    bus.write(
      'more.conf',
      '<busconfig><policy context="mandatory"><deny own="org.x.Two"/></policy></busconfig>',
    );
    await call('ReloadConfig');
    await changed;
    await expect(call('RequestName', 'su', 'org.x.Two', 0)).rejects.toThrow(
      'not allowed to own the service "org.x.Two"',
    );
    bus.write('more.conf', '<busconfig><bees/></busconfig>');
    await expect(call('ReloadConfig')).rejects.toThrow('more.conf:1: there is no element <bees>');
    await expect(call('RequestName', 'su', 'org.x.Two', 0)).rejects.toThrow('not allowed');
    bus.write('more.conf', '<busconfig/>');
    bus.signal('SIGHUP');
    for (;;) {
      const [reply] = await call('RequestName', 'su', 'org.x.Two', 0).catch(() => []);
      if (reply === 1) break;
    }
  });

  it('becomes the user that its configuration names', async () => {
    const bus = await started({
      config: `<user>nobody</user><policy context="default"><allow user="*"/></policy>${openPolicy}`,
    });
    expect(await idOf(bus.address)).toBe(guidOf(bus.address));
    const status = readFileSync(`/proc/${bus.pid}/status`, 'utf8');
    for (const ids of ['Uid', 'Gid']) expect(status).toMatch(new RegExp(`^${ids}:(\t65534){4}$`, 'm'));
    expect(status).toMatch(/^Groups:\t65534 $/m);
  });

  it('is the bus of dbus-run-session', () => {
    const run = spawnSync(
      'dbus-run-session',
      [`--dbus-daemon=${executable}`, '--', 'busctl', '--user', 'list', '--no-legend'],
      { encoding: 'utf8' },
    );
    expect(run.stdout).toMatch(/^:1\.0 +\d+ busctl/m);
    expect(run.stdout).toMatch(/^org\.freedesktop\.DBus +\d+ node/m);
  });
});
