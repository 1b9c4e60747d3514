import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Connection, Variant } from '@switchyard/dbus';
import { login1 } from '@switchyard/seat';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from './testing/Journal.js';
import { haveLibseat, LibseatClient } from './testing/LibseatClient.js';
import { RawController } from './testing/RawController.js';
import { SeatTree } from './testing/SeatTree.js';
import { SystemdView } from './testing/SystemdView.js';

const run = promisify(execFile);
const uid = process.getuid!();
const background: [string, Variant][] = [['Background', new Variant('b', true)]];

let tree: SeatTree;
let journal: Journal;
let connection: Connection;
let provider: ReturnType<SeatTree['provider']>;
const controllers: RawController[] = [];

beforeEach(async () => {
  tree = await SeatTree.start();
  journal = new Journal();
  connection = await tree.connect();
  provider = tree.provider();
  const added = new Journal();
  connection.match({ type: 'signal', path: login1.path, member: 'SeatNew' }, () => added.add('seat'));
  await connection.call(manager('ListSeats'));
  provider.attachKeyboard('seat0', 'keys');
  await added.until('seat');
});
afterEach(async () => {
  for (const controller of controllers.splice(0)) controller.close();
  await tree.stop();
});

function manager(member: string, signature = '', ...body: unknown[]) {
  return { destination: login1.name, path: login1.path, interface: login1.manager, member, signature, body };
}
async function session(name: string, properties: [string, Variant][] = []): Promise<RawController> {
  const one = new RawController(name, await tree.connect(), journal);
  controllers.push(one);
  await one.create(tree.leader().pid, properties);
  return one;
}
/** A file of sd-login's; undefined when there is none. */
function record(kind: string, name: string): Record<string, string> | undefined {
  const path = join(tree.dir, 'systemd', kind, name);
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n');
  return Object.fromEntries(lines.flatMap((line) => (/^[A-Z]/.test(line) ? [line.split('=')] : [])));
}

describe('files for sd-login', () => {
  test('say what is true by the time that anybody has an answer', async () => {
    const a = await session('a');
    expect(record('sessions', a.id)).toMatchObject({
      UID: `${uid}`,
      ACTIVE: '1',
      STATE: 'active',
      TYPE: 'wayland',
      CLASS: 'user',
      SEAT: 'seat0',
      SERVICE: 'test',
      REMOTE: '0',
      FIFO: join(tree.dir, 'sessions', `${a.id}.ref`),
    });
    const b = await session('b', background);
    expect(record('seats', 'seat0')).toMatchObject({
      ACTIVE: a.id,
      SESSIONS: `"${a.id} ${b.id}"`,
      UIDS: `"${uid} ${uid}"`,
      CAN_GRAPHICAL: '0',
    });
    await connection.call(manager('ActivateSession', 's', b.id));
    expect(record('sessions', a.id)).toMatchObject({ ACTIVE: '0', STATE: 'online' });
    expect(record('sessions', b.id)).toMatchObject({ ACTIVE: '1', STATE: 'active' });
    expect(record('seats', 'seat0')).toMatchObject({ ACTIVE: b.id, ACTIVE_UID: `${uid}` });
    expect(record('users', `${uid}`)).toMatchObject({
      STATE: 'active',
      DISPLAY: b.id,
      ACTIVE_SESSIONS: b.id,
      ONLINE_SESSIONS: `"${a.id} ${b.id}"`,
      RUNTIME: `/run/user/${uid}`,
    });
    const removed = new Journal();
    connection.match({ type: 'signal', path: login1.path, member: 'UserRemoved' }, () => removed.add('user'));
    a.fifo.close();
    b.fifo.close();
    await removed.until('user');
    expect(record('sessions', a.id)).toBeUndefined();
    expect(record('users', `${uid}`)).toBeUndefined();
    expect(record('seats', 'seat0')).not.toHaveProperty('ACTIVE');
  });

  test('are replaced, never rewritten, and hold what strangers chose on one line', async () => {
    const a = await session('a');
    await a.call('TakeControl', 'b', false);
    const renamed = new Journal();
    const watcher = watch(join(tree.dir, 'systemd/sessions'), (what, name) => renamed.add(`${what} ${name}`));
    await a.call('SetDisplay', 's', 'x"\n$(ACTIVE=0)\\é');
    await renamed.until(`rename ${a.id}`);
    watcher.close();
    const text = readFileSync(join(tree.dir, 'systemd/sessions', a.id), 'utf8');
    expect(text).toContain('\nDISPLAY="x\\\\x22\\\\x0a\\$(ACTIVE=0)\\\\x5c\\\\xc3\\\\xa9"\n');
    expect(text.match(/^ACTIVE=/gm)).toHaveLength(1);
    expect(renamed.entries.some((entry) => entry === `change ${a.id}`)).toBe(false);
  });

  test('of a manager that was killed are put right by the next', async () => {
    const a = await session('a');
    await tree.kill(tree.seat);
    a.fifo.close();
    await tree.startSeat();
    expect(readdirSync(join(tree.dir, 'systemd/sessions'))).toEqual([]);
    expect(readdirSync(join(tree.dir, 'systemd/users'))).toEqual([]);
  });
});

describe.skipIf(!SystemdView.available)('programs that know logind', () => {
  let view: SystemdView;
  beforeEach(() => {
    view = new SystemdView(tree);
  });
  async function loginctl(...args: string[]): Promise<string> {
    const [program, all] = view.command('loginctl', '--no-pager', ...args);
    const { stdout } = await run(program, all, { env: { ...process.env, ...view.environment } });
    return stdout;
  }
  const show = async (...args: string[]): Promise<Record<string, string>> => {
    const lines = (await loginctl(...args)).trim().split('\n');
    return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  };

  test('loginctl lists and shows sessions, seats and users', async () => {
    const a = await session('a');
    const b = await session('b', background);
    const list = (await loginctl('list-sessions', '--no-legend')).trim().split('\n');
    expect(list.map((line) => line.trim().split(/\s+/).slice(0, 4))).toEqual([
      [a.id, `${uid}`, uid === 0 ? 'root' : expect.anything(), 'seat0'],
      [b.id, `${uid}`, uid === 0 ? 'root' : expect.anything(), 'seat0'],
    ]);
    expect(await show('show-session', b.id)).toMatchObject({
      Id: b.id,
      User: `${uid}`,
      Seat: 'seat0',
      Type: 'wayland',
      Class: 'user',
      Active: 'no',
      State: 'online',
      Remote: 'no',
      VTNr: expect.anything(),
      IdleHint: 'no',
      LockedHint: 'no',
      Service: 'test',
    });
    expect(await show('show-seat', 'seat0')).toMatchObject({
      Id: 'seat0',
      ActiveSession: a.id,
      CanTTY: 'no',
      CanGraphical: 'no',
      Sessions: `${a.id} ${b.id}`,
    });
    expect(await show('show-user', `${uid}`)).toMatchObject({
      UID: `${uid}`,
      State: 'active',
      Sessions: `${a.id} ${b.id}`,
      Display: a.id,
      Linger: 'no',
    });
    expect((await loginctl('list-seats', '--no-legend')).trim()).toBe('seat0');
    expect((await loginctl('list-users', '--no-legend')).trim().split(/\s+/)[0]).toBe(`${uid}`);
    expect(await loginctl('session-status', a.id)).toMatch(new RegExp(`^${a.id} - `));
    expect(await loginctl('seat-status', 'seat0')).toMatch(/^seat0\n/);
    expect(await loginctl('user-status', `${uid}`)).toContain('active');
  });

  test('loginctl activates, locks, kills and terminates', async () => {
    const a = await session('a');
    const b = await session('b', background);
    await loginctl('activate', b.id);
    expect((await show('show-seat', 'seat0'))['ActiveSession']).toBe(b.id);
    const locks = new Journal();
    connection.match({ type: 'signal', interface: login1.session }, ({ member, path }) => {
      locks.add(`${member} ${path?.split('/').at(-1)}`);
    });
    await connection.call(manager('ListSeats'));
    await loginctl('lock-session', b.id);
    await locks.until(`Lock ${b.id}`);
    await loginctl('unlock-sessions');
    await locks.until(`Unlock ${a.id}`);
    await locks.until(`Unlock ${b.id}`);
    const ended = new Journal();
    connection.match({ type: 'signal', path: login1.path, member: 'SessionRemoved' }, ({ body }) => {
      ended.add(body[0] as string);
    });
    await connection.call(manager('ListSeats'));
    await loginctl('terminate-session', b.id);
    await ended.until(b.id);
    await loginctl('kill-session', '--signal=KILL', a.id);
    await ended.until(a.id);
    await expect(loginctl('show-session', a.id)).rejects.toThrow();
    await expect(loginctl('activate', 'c99')).rejects.toMatchObject({ stderr: /No session 'c99' known/ });
  });

  test.skipIf(!haveLibseat())('libseat’s logind backend opens its session’s seat', async () => {
    const leader = tree.leader();
    const a = new RawController('a', await tree.connect(), journal);
    controllers.push(a);
    await a.create(leader.pid);
    await journal.until('a active true');
    const environment = { LIBSEAT_BACKEND: 'logind', XDG_SESSION_ID: a.id, ...view.environment };
    const client = new LibseatClient(environment, (program) => view.command(program));
    try {
      await client.journal.until('enable');
      expect(client.journal.entries).toEqual(['seat seat0', 'enable']);
      const other = new RawController('other', connection, journal);
      other.id = a.id;
      await expect(other.call('TakeControl', 'b', false)).rejects.toMatchObject({
        name: 'System.Error.EBUSY',
      });
    } finally {
      client.kill();
    }
  });
});
