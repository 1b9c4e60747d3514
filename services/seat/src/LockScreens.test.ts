import { readFileSync } from 'node:fs';
import { type Connection, Variant } from '@switchyard/dbus';
import { type InputProvider, login1, seatPath, sessionPath } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { ABS, EV } from '@switchyard/uapi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Journal } from './testing/Journal.js';
import { RawController } from './testing/RawController.js';
import { SeatTree } from './testing/SeatTree.js';

/** Far above what any step takes: whoever waits for it is seen to. */
const GRACE_MS = 10_000;
const patience = { timeout: 60_000, interval: 20 };

let tree: SeatTree;
let journal: Journal;
let connection: Connection;
/** In front, with a keyboard, and never answers. */
let mine: RawController;
let pointer: InputProvider;
const others: RawController[] = [];

async function seat(...options: string[]): Promise<void> {
  tree = await SeatTree.start(GRACE_MS, ...options);
  journal = new Journal();
  connection = await tree.connect();
  const added = new Journal();
  connection.match({ type: 'signal', path: login1.path, member: 'DeviceAdded' }, () => added.add('device'));
  await manager('ListSeats');
  const provider = tree.provider();
  provider.attachKeyboard('seat0', 'keys');
  pointer = provider.attachPointer('seat0', 'mouse', 1000);
  await added.until('device', 2);
  mine = await session('mine');
  mine.polite = false;
  await mine.take(4095, 1);
}

async function session(name: string, ...properties: [string, Variant][]): Promise<RawController> {
  const one = new RawController(name, connection, journal);
  others.push(one);
  await one.create(tree.leader().pid, properties);
  await one.call('TakeControl', 'b', false);
  return one;
}

afterEach(async () => {
  for (const one of others.splice(0)) one.close();
  // Lock screens outlive a manager that is killed.
  for (const { leader } of await listed().catch(() => [])) {
    try {
      process.kill(leader, 'SIGKILL');
    } catch {
      // It ended with its session.
    }
  }
  await tree.stop();
});

function manager(member: string, signature = '', ...body: unknown[]): Promise<unknown[]> {
  const { name, path } = login1;
  return connection.call({ destination: name, path, interface: login1.manager, member, signature, body });
}
async function property<T>(id: string, name: string): Promise<T> {
  return (await connection.proxy(login1.name, sessionPath(id)).get(login1.session, name)) as T;
}
async function activeSession(): Promise<string> {
  const active = await connection.proxy(login1.name, seatPath('seat0')).get(login1.seat, 'ActiveSession');
  return (active as [string, string])[0];
}
async function listed(): Promise<{ id: string; class: string; leader: number }[]> {
  const [sessions] = (await manager('ListSessions')) as [[string][]];
  return Promise.all(
    sessions.map(async ([id]) => ({
      id,
      class: await property<string>(id, 'Class'),
      leader: await property<number>(id, 'Leader'),
    })),
  );
}
const lockScreens = async () => (await listed()).filter((one) => one.class === 'lock-screen');
/** The one in front, once it is another than `before`. */
const screenInFront = (before?: string) =>
  vi.waitFor(async () => {
    const active = await activeSession();
    const screen = (await lockScreens()).find(({ id }) => id === active);
    expect(screen).toBeDefined();
    expect(screen!.id).not.toBe(before);
    return screen!;
  }, patience);
const reads = (minor: number) => mine.channels.get(minor)!.receive(new Uint8Array(64)) !== 0;

describe('a session that is locked', () => {
  it('loses its keys at once to its lock screen, and nobody can go to it', async () => {
    await seat('--lock-command', 'exec sleep 604');
    const before = performance.now();
    await mine.call('Lock');
    const screen = await screenInFront();
    expect(performance.now() - before).toBeLessThan(GRACE_MS / 2);
    expect(journal.entries).toContain('mine force 1');
    expect(reads(1)).toBe(false);
    expect(await property(mine.id, 'LockedHint')).toBe(true);
    const environment = () => readFileSync(`/proc/${screen.leader}/environ`, 'latin1').split('\0');
    await vi.waitFor(() => expect(environment()).toContain(`XDG_SESSION_ID=${screen.id}`), patience);
    expect(environment()).toContain(`YARD_LOCKED_SESSION=${mine.id}`);

    for (const [member, signature, ...body] of [
      ['ActivateSession', 's', mine.id],
      ['ActivateSessionOnSeat', 'ss', mine.id, 'seat0'],
    ] as const) {
      await manager(member, signature, ...body);
      expect(await activeSession()).toBe(screen.id);
    }
    const seatObject = connection.proxy(login1.name, seatPath('seat0'));
    for (const member of ['SwitchToNext', 'SwitchToPrevious']) await seatObject.call(login1.seat, member, '');
    await seatObject.call(login1.seat, 'SwitchTo', 'u', 1);
    expect(await activeSession()).toBe(screen.id);
    // What it opens now is revoked already, and what it says of itself unlocks nothing.
    await mine.call('ReleaseDevice', 'uu', 4095, 1);
    expect(await mine.take(4095, 1)).toBe(true);
    await mine.call('SetLockedHint', 'b', false);
    expect(await property(mine.id, 'LockedHint')).toBe(true);
    expect(reads(1)).toBe(false);
  });

  it('is in front again with its keys when it is unlocked, and its lock screen is gone', async () => {
    await seat('--lock-command', 'sleep 605; exit');
    await mine.call('Lock');
    const screen = await screenInFront();
    journal.clear();
    await manager('UnlockSession', 's', mine.id);
    expect(await activeSession()).toBe(mine.id);
    await journal.until('mine resume 1');
    expect(reads(1)).toBe(true);
    expect(await property(mine.id, 'LockedHint')).toBe(false);
    expect(await lockScreens()).toEqual([]);
    await vi.waitFor(() => expect(() => process.kill(screen.leader, 0)).toThrow(), patience);
  });

  it('stays locked when its lock screen is killed, and another comes; also again and again', async () => {
    await seat('--lock-command', 'exec sleep 606');
    await mine.call('Lock');
    let screen = await screenInFront();
    for (let times = 0; times < 3; times++) {
      process.kill(screen.leader, 'SIGKILL');
      const next = await screenInFront(screen.id);
      expect(reads(1)).toBe(false);
      screen = next;
    }
    expect(journal.entries).not.toContain('mine resume 1');
    expect(await lockScreens()).toHaveLength(1);
  });

  it('stays locked when the lock screen cannot be started at all', async () => {
    await seat('--lock-command', 'exec /no/such/program');
    await mine.call('Lock');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(reads(1)).toBe(false);
    await manager('ActivateSession', 's', mine.id).catch(() => {});
    expect(await activeSession()).not.toBe(mine.id);
    await manager('UnlockSession', 's', mine.id);
    await vi.waitFor(async () => expect(await activeSession()).toBe(mine.id), patience);
    await journal.until('mine resume 1');
  });

  it('stays locked when the manager is killed, with and without its lock screen', async () => {
    await seat('--lock-command', 'exec sleep 607');
    await mine.call('Lock');
    const screen = await screenInFront();
    await tree.kill(tree.seat);
    await tree.startSeat();
    expect((await screenInFront()).id).toBe(screen.id);
    expect(await property(mine.id, 'LockedHint')).toBe(true);
    await manager('ActivateSession', 's', mine.id);
    expect(await activeSession()).toBe(screen.id);

    await tree.kill(tree.seat);
    process.kill(screen.leader, 'SIGKILL');
    await vi.waitFor(() => expect(() => process.kill(screen.leader, 0)).toThrow(), patience);
    await tree.startSeat();
    await screenInFront(screen.id);
    expect(reads(1)).toBe(false);
    await manager('UnlockSession', 's', mine.id);
    expect(await activeSession()).toBe(mine.id);
  });

  it('is not covered by what comes later; others can be gone to, and it is locked when somebody comes back', async () => {
    await seat('--lock-command', 'exec sleep 608');
    await mine.call('Lock');
    const screen = await screenInFront();
    const late = await session('late');
    await late.call('Activate');
    expect(await activeSession()).toBe(screen.id);
    const person = await tree.connect();
    await person.proxy(login1.name, sessionPath(late.id)).call(login1.session, 'Activate', '');
    expect(await activeSession()).toBe(late.id);
    // Its end does not open the one that had the seat before.
    await manager('ReleaseSession', 's', late.id);
    expect((await screenInFront()).id).toBe(screen.id);
  });

  it('has a lock screen only when somebody is to see it, and none when it is over', async () => {
    await seat('--lock-command', 'exec sleep 609');
    mine.polite = true;
    const behind = await session('behind', ['Background', new Variant('b', true)]);
    await behind.call('Lock');
    expect(await lockScreens()).toEqual([]);
    expect(await property(behind.id, 'LockedHint')).toBe(true);
    await manager('ActivateSession', 's', behind.id);
    await screenInFront();
    await manager('ReleaseSession', 's', behind.id);
    expect(await lockScreens()).toEqual([]);
    expect(await activeSession()).toBe(mine.id);
  });

  it('is locked when its seat was left alone, unless idleness is inhibited', async () => {
    await seat('--lock-command', 'exec sleep 610', '--lock-after', '3');
    const [inhibitor] = (await manager('Inhibit', 'ssss', 'idle', 'film', 'test', 'block')) as [Fd];
    await new Promise((resolve) => setTimeout(resolve, 4500));
    expect(await activeSession()).toBe(mine.id);
    inhibitor.close();
    // A pointer that is moved is a use as any key.
    const before = performance.now();
    let x = 0;
    while (performance.now() - before < 4500) {
      pointer.event(EV.ABS, ABS.X, ++x % 1000);
      pointer.sync();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await activeSession()).toBe(mine.id);
    const told = new Journal();
    connection.match({ type: 'signal', path: sessionPath(mine.id) }, ({ member }) => told.add(`${member}`));
    await told.until('Lock');
    await screenInFront();
    expect(reads(1)).toBe(false);
  });

  it('is only told so where there is no lock command, as by logind', async () => {
    await seat();
    const told = new Journal();
    connection.match({ type: 'signal', path: sessionPath(mine.id) }, ({ member }) => told.add(`${member}`));
    await mine.call('Lock');
    await told.until('Lock');
    expect(await activeSession()).toBe(mine.id);
    expect(await property(mine.id, 'LockedHint')).toBe(false);
    await mine.call('SetLockedHint', 'b', true);
    expect(await property(mine.id, 'LockedHint')).toBe(true);
  });
});
