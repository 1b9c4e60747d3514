import { readFileSync } from 'node:fs';
import { type Connection, Variant } from '@switchyard/dbus';
import { type InputProvider, login1, seatPath, sessionPath } from '@switchyard/seat';
import { EV, KEY } from '@switchyard/uapi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Journal } from './testing/Journal.js';
import { RawController } from './testing/RawController.js';
import { openFds, SeatTree } from './testing/SeatTree.js';

/** Far above what any step takes: whoever waits for it is seen to. */
const GRACE_MS = 10_000;
const patience = { timeout: 60_000, interval: 20 };
const chord = [KEY.LEFTCTRL, KEY.LEFTALT, KEY.LEFTSHIFT, KEY.ESC];

let tree: SeatTree;
let journal: Journal;
let connection: Connection;
let keyboard: InputProvider;
let hung: RawController;

/** A seat whose active session holds its keyboard and never answers. */
async function seat(...options: string[]): Promise<void> {
  tree = await SeatTree.start(GRACE_MS, ...options);
  journal = new Journal();
  connection = await tree.connect();
  connection.match({ type: 'signal', path: login1.path, member: 'SecureAttentionKey' }, ({ body }) =>
    journal.add(`attention ${body.join(' ')}`),
  );
  const added = new Journal();
  connection.match({ type: 'signal', path: login1.path, member: 'DeviceAdded' }, () => added.add('device'));
  await manager('ListSeats');
  keyboard = tree.provider().attachKeyboard('seat0', 'keys');
  await added.until('device');
  hung = new RawController('hung', connection, journal);
  hung.polite = false;
  await hung.create(tree.leader().pid);
  await hung.call('TakeControl', 'b', false);
  await hung.take(4095, 1);
}

afterEach(async () => {
  hung.close();
  await tree.stop();
});

function manager(member: string, signature = '', ...body: unknown[]): Promise<unknown[]> {
  const { name, path } = login1;
  return connection.call({
    destination: name,
    path,
    interface: login1.manager,
    member,
    signature,
    body,
  });
}
async function activeSession(): Promise<string> {
  const active = await connection.proxy(login1.name, seatPath('seat0')).get(login1.seat, 'ActiveSession');
  return (active as [string, string])[0];
}
function press(keys: readonly number[]): void {
  for (const value of [1, 0]) {
    for (const key of keys) {
      keyboard.event(EV.KEY, key, value);
      keyboard.sync();
    }
  }
}
async function pressUntilHeard(keys: readonly number[] = chord): Promise<void> {
  const heard = journal.entries.length;
  // The manager's own ear may still be on its way to the provider.
  await vi.waitFor(() => {
    press(keys);
    expect(journal.entries.slice(heard).join()).toContain('attention');
  }, patience);
}

/** The leader's pid, when it has become the command that it was to run. */
async function leaderOf(id: string, command: string): Promise<number> {
  const session = connection.proxy(login1.name, sessionPath(id));
  const leader = (await session.get(login1.session, 'Leader')) as number;
  await vi.waitFor(
    () =>
      expect(readFileSync(`/proc/${leader}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()).toBe(command),
    patience,
  );
  return leader;
}

describe('the secure attention key', () => {
  it('brings the emergency command to the front at once, and the hung session loses its keys', async () => {
    await seat('--emergency-command', 'exec sleep 600');
    const before = performance.now();
    await pressUntilHeard();
    await journal.until('hung active false');
    const id = await activeSession();
    expect(performance.now() - before).toBeLessThan(GRACE_MS / 2);
    expect(id).not.toBe(hung.id);
    expect(journal.entries).toContain(`attention seat0 ${seatPath('seat0')}`);
    expect(journal.entries).toContain('hung force 1');
    expect(journal.entries).not.toContain('hung pause 1');
    const session = connection.proxy(login1.name, sessionPath(id));
    expect(await session.get(login1.session, 'Class')).toBe('emergency');
    const leader = await leaderOf(id, 'sleep 600');
    const environment = readFileSync(`/proc/${leader}/environ`, 'latin1').split('\0');
    expect(environment).toContain(`XDG_SESSION_ID=${id}`);
    expect(environment).toContain('XDG_SEAT=seat0');

    // It ends, and the seat goes back to who had it.
    process.kill(leader, 'SIGKILL');
    await journal.until('hung active true', 2);
    expect(await activeSession()).toBe(hung.id);
  });

  it('starts the emergency session anew when that one hangs as well', async () => {
    await seat('--emergency-command', 'sleep 601; exit', '--attention', 'ctrl+f9');
    const keys = [KEY.RIGHTCTRL, KEY.F9];
    await pressUntilHeard(keys);
    await journal.until('hung active false');
    journal.clear();
    const first = await activeSession();
    const session = connection.proxy(login1.name, sessionPath(first));
    const shell = (await session.get(login1.session, 'Leader')) as number;
    await vi.waitFor(() => expect(children(shell)).toHaveLength(1), patience);
    const [sleep] = children(shell);
    // Once more at once is the same press; the other chord is none any more.
    press(keys);
    press(chord);
    expect(await activeSession()).toBe(first);
    await vi.waitFor(async () => {
      press(keys);
      await new Promise((resolve) => setTimeout(resolve, 2100));
      expect(await activeSession()).not.toBe(first);
    }, patience);
    // All of it is gone, also what the leader had started.
    await vi.waitFor(() => expect(runs(sleep!)).toBe(false), patience);
    expect(journal.entries).not.toContain('hung active true');
  });

  it('finds an emergency session that is there already, also after a restart of the manager', async () => {
    await seat('--emergency-command', 'exec sleep 602');
    await pressUntilHeard();
    await journal.until('hung active false');
    const id = await activeSession();
    const leader = await leaderOf(id, 'sleep 602');
    await tree.kill(tree.seat);
    await tree.startSeat();
    expect(await activeSession()).toBe(id);
    const person = await tree.connect();
    await person.proxy(login1.name, login1.path).call(login1.manager, 'ActivateSession', 's', hung.id);
    await pressUntilHeard();
    await vi.waitFor(async () => expect(await activeSession()).toBe(id), patience);
    process.kill(leader, 'SIGKILL');
  });

  it('lets no session come over it by itself, but whoever is asked for', async () => {
    await seat('--emergency-command', 'exec sleep 603');
    await pressUntilHeard();
    await journal.until('hung active false');
    const id = await activeSession();
    const other = new RawController('other', connection, journal);
    await other.create(tree.leader().pid);
    await other.call('TakeControl', 'b', false);
    await other.call('Activate');
    expect(await activeSession()).toBe(id);
    const person = await tree.connect();
    await person.proxy(login1.name, sessionPath(other.id)).call(login1.session, 'Activate', '');
    expect(await activeSession()).toBe(other.id);
    other.close();
  });

  it('without a command brings whoever is there for it, and holds no file when it is over', async () => {
    await seat();
    const before = openFds(tree.seat.pid!);
    const rescue = new RawController('rescue', connection, journal);
    await rescue.create(tree.leader().pid, [['Background', new Variant('b', true)]], 'emergency');
    await pressUntilHeard();
    await journal.until('rescue active true');
    await manager('ReleaseSession', 's', rescue.id);
    rescue.close();
    await journal.until('hung active true', 2);
    await vi.waitFor(() => expect(openFds(tree.seat.pid!)).toBeLessThanOrEqual(before), patience);
  });

  it('does nothing but tell where there is neither', async () => {
    await seat();
    await pressUntilHeard();
    expect(await activeSession()).toBe(hung.id);
  });
});

function children(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
}
function runs(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}
