import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Connection, Variant } from '@switchyard/dbus';
import { login1 } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from './testing/Journal.js';
import { openFds, SeatTree } from './testing/SeatTree.js';
import { SystemdView } from './testing/SystemdView.js';

const run = promisify(execFile);
const ROOT_HEEDS = 1n;
const named = (name: string) => ({
  name: name.includes('.') ? name : `org.freedesktop.login1.${name}`,
});
const invalid = named('org.freedesktop.DBus.Error.InvalidArgs');

let tree: SeatTree;
let connection: Connection;
let journal: Journal;
let place: string;
const locks: Fd[] = [];

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'yard-power-'));
  mkdirSync(join(place, 'sys/power'), { recursive: true });
  writeFileSync(join(place, 'sys/power/state'), 'freeze mem\n');
  const command = join(place, 'power');
  writeFileSync(command, `#!/bin/sh\necho "$1" >> ${place}/done\n[ "$1" != halt ]\n`, { mode: 0o755 });
  // biome-ignore format: options and their values
  tree = await SeatTree.start(100, '--power-command', command, '--sysfs', join(place, 'sys'), '--inhibit-delay-max', '300');
  connection = await tree.connect();
  journal = new Journal();
  connection.match({ type: 'signal', path: login1.path }, ({ member, body }) => {
    if (member?.startsWith('Prepare')) journal.add(`${member} ${body[0]}`);
    if (member === 'PropertiesChanged') {
      for (const [name, { value }] of body[1] as Map<string, Variant>) journal.add(`${name} ${value}`);
    }
  });
  await connection.call({ ...login1Call('ListSeats') });
});
afterEach(async () => {
  for (const lock of locks.splice(0)) lock.close();
  await tree.stop();
  rmSync(place, { recursive: true, maxRetries: 10 });
});

function login1Call(member: string, signature = '', ...body: unknown[]) {
  return { destination: login1.name, path: login1.path, interface: login1.manager, member, signature, body };
}
function call(member: string, signature = '', ...body: unknown[]): Promise<unknown[]> {
  return connection.call(login1Call(member, signature, ...body));
}
async function inhibit(what: string, mode: string): Promise<Fd> {
  const [fd] = await call('Inhibit', 'ssss', what, 'a test', 'because', mode);
  locks.push(fd as Fd);
  return fd as Fd;
}
function property(name: string): Promise<unknown> {
  return connection.proxy(login1.name, login1.path).get(login1.manager, name);
}
const done = () => (existsSync(join(place, 'done')) ? readFileSync(join(place, 'done'), 'utf8').trim() : '');

describe('inhibitors', () => {
  test('last as long as anybody has their file open, and are told of', async () => {
    // It knows us by a pidfd from now on.
    await call('CanPowerOff');
    const before = openFds(tree.seat.pid!);
    const lock = await inhibit('sleep:shutdown:idle', 'block');
    await journal.until('BlockInhibited shutdown:sleep:idle');
    await journal.until('IdleHint false');
    expect(await call('ListInhibitors')).toEqual([
      [['shutdown:sleep:idle', 'a test', 'because', 'block', process.getuid!(), process.pid]],
    ]);
    const second = await inhibit('sleep', 'delay');
    await journal.until('DelayInhibited sleep');
    expect(await property('NCurrentInhibitors')).toBe(2n);
    const held = lock.dup();
    lock.close();
    second.close();
    await journal.until('DelayInhibited ');
    expect(await property('BlockInhibited')).toBe('shutdown:sleep:idle');
    held.close();
    await journal.until('BlockInhibited ');
    expect(await property('NCurrentInhibitors')).toBe(0n);
    await expect.poll(() => openFds(tree.seat.pid!)).toBeLessThanOrEqual(before);
  });

  test('are refused with the names that clients know', async () => {
    await expect(inhibit('lunch', 'block')).rejects.toMatchObject(invalid);
    await expect(inhibit('', 'block')).rejects.toMatchObject(invalid);
    await expect(inhibit('sleep', 'maybe')).rejects.toMatchObject(invalid);
    await expect(inhibit('sleep:idle', 'delay')).rejects.toMatchObject(invalid);
    await expect(call('Inhibit', 'ssss', 'sleep', 'x'.repeat(5000), '', 'block')).rejects.toMatchObject(
      invalid,
    );
  });

  test('of one user are bounded', async () => {
    await Promise.all(Array.from({ length: 1024 }, () => inhibit('idle', 'block')));
    await expect(inhibit('idle', 'block')).rejects.toMatchObject(
      named('org.freedesktop.DBus.Error.LimitsExceeded'),
    );
    for (const lock of locks.splice(0)) lock.close();
    await journal.until('BlockInhibited ');
    await inhibit('idle', 'block');
  });

  test('survive a restart of the manager while they are held', async () => {
    const kept = await inhibit('sleep', 'block');
    const gone = await inhibit('idle', 'block');
    await tree.kill(tree.seat);
    gone.close();
    await tree.startSeat();
    expect(await property('BlockInhibited')).toBe('sleep');
    journal.clear();
    kept.close();
    await journal.until('BlockInhibited ');
  });

  test.skipIf(!SystemdView.available)('are taken and listed by systemd-inhibit', async () => {
    const view = new SystemdView(tree);
    const listing = 'systemd-inhibit --list --no-legend --no-pager';
    // biome-ignore format: a command and its options
    const [program, args] = view.command('systemd-inhibit', '--what=sleep', '--who=who', '--why=why', 'sh', '-c', listing);
    const { stdout } = await run(program, args, { env: { ...process.env, ...view.environment } });
    expect(stdout).toMatch(/^who +\d+ +\S+ +\d+ +\S+ +sleep +why +block/m);
  });
});

describe('turning off and sleeping', () => {
  test('is announced, waits for those who delay it, and for no longer than it says', async () => {
    const lock = await inhibit('sleep', 'delay');
    const other = await inhibit('shutdown', 'delay');
    await call('Suspend', 'b', false);
    await journal.until('PrepareForSleep true');
    expect(await property('PreparingForSleep')).toBe(true);
    expect(done()).toBe('');
    await expect(call('PowerOff', 'b', false)).rejects.toMatchObject(named('OperationInProgress'));
    await expect(inhibit('sleep', 'delay')).rejects.toMatchObject(named('OperationInProgress'));
    lock.close();
    await journal.until('PrepareForSleep false');
    expect(done()).toBe('suspend');
    expect(await property('PreparingForSleep')).toBe(false);
    // One that never lets go.
    const before = Date.now();
    await call('Reboot', 'b', false);
    await journal.until('PrepareForShutdown false');
    expect(Date.now() - before).toBeGreaterThanOrEqual(295);
    expect(done()).toBe('suspend\nreboot');
    other.close();
  });

  test('is not done while it is blocked, unless by who may override that', async () => {
    const lock = await inhibit('shutdown', 'block');
    await expect(call('PowerOffWithFlags', 't', ROOT_HEEDS)).rejects.toMatchObject(
      named('BlockedByInhibitorLock'),
    );
    await call('SuspendWithFlags', 't', ROOT_HEEDS);
    await journal.until('PrepareForSleep false');
    lock.close();
    await journal.until('BlockInhibited ');
    const weak = await inhibit('shutdown', 'block-weak');
    expect(await property('BlockWeakInhibited')).toBe('shutdown');
    expect(await property('BlockInhibited')).toBe('');
    // Nobody stands in his own way with a weak one.
    await call('PowerOffWithFlags', 't', ROOT_HEEDS);
    await journal.until('PrepareForShutdown false');
    expect(done()).toBe('suspend\npoweroff');
    weak.close();
  });

  test('is offered where the machine can', async () => {
    expect(await call('CanPowerOff')).toEqual(['yes']);
    expect(await call('CanSuspend')).toEqual(['yes']);
    expect(await call('CanHibernate')).toEqual(['na']);
    expect(await call('CanRebootToFirmwareSetup')).toEqual(['na']);
    await expect(call('Hibernate', 'b', false)).rejects.toMatchObject(named('SleepVerbNotSupported'));
    await expect(call('SetRebootParameter', 's', 'x')).rejects.toMatchObject(
      named('org.freedesktop.DBus.Error.NotSupported'),
    );
    await expect(call('PowerOffWithFlags', 't', 2n)).rejects.toMatchObject(invalid);
    await expect(call('RebootWithFlags', 't', 1n << 40n)).rejects.toMatchObject(invalid);
    await call('RebootWithFlags', 't', 2n);
    await journal.until('PrepareForShutdown false');
    expect(done()).toBe('kexec');
    // One that fails is over as well.
    await call('Halt', 'b', false);
    await journal.until('PrepareForShutdown false', 2);
    await call('PowerOff', 'b', false);
    await journal.until('PrepareForShutdown false', 3);
  });

  test('is planned, cancelled, planned anew, and remembered by the next manager', async () => {
    expect(await call('CancelScheduledShutdown')).toEqual([false]);
    await expect(call('ScheduleShutdown', 'st', 'lunch', 0n)).rejects.toMatchObject(invalid);
    const far = BigInt(Date.now() + 3_600_000) * 1000n;
    await call('ScheduleShutdown', 'st', 'poweroff', far);
    expect(await property('ScheduledShutdown')).toEqual(['poweroff', far]);
    await tree.kill(tree.seat);
    await tree.startSeat();
    expect(await property('ScheduledShutdown')).toEqual(['poweroff', far]);
    expect(await call('CancelScheduledShutdown')).toEqual([true]);
    expect(await property('ScheduledShutdown')).toEqual(['', 2n ** 64n - 1n]);
    await call('ScheduleShutdown', 'st', 'reboot', BigInt(Date.now() + 50) * 1000n);
    await journal.until('PrepareForShutdown false');
    expect(done()).toBe('reboot');
  });

  test('may be announced to people, in so many words', async () => {
    await call('SetWallMessage', 'sb', 'soon', true);
    expect(await property('WallMessage')).toBe('soon');
    await expect(call('SetWallMessage', 'sb', 'x'.repeat(5000), true)).rejects.toMatchObject(invalid);
    const manager = connection.proxy(login1.name, login1.path);
    await manager.set(login1.manager, 'EnableWallMessages', new Variant('b', false));
    expect(await property('EnableWallMessages')).toBe(false);
  });
});
