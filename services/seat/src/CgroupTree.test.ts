import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Connection } from '@switchyard/dbus';
import { login1, sessionPath } from '@switchyard/seat';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CgroupTree } from './CgroupTree.js';
import { childGroups } from './SessionScope.js';
import { Journal } from './testing/Journal.js';
import { SeatTree } from './testing/SeatTree.js';

const run = promisify(execFile);
const mount = CgroupTree.mountPoint();
/** A slice, so that libsystemd looks below it as it does below the root. */
const root = join(mount ?? '/nowhere', `yardtest${process.pid}.slice`);
const possible = process.getuid?.() === 0 && canMake(root);
/** Debian's user of nobody's. */
const NOBODY = 65534;

function canMake(path: string): boolean {
  try {
    mkdirSync(path);
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}
function remove(path: string): void {
  for (const child of childGroups(path)) remove(join(path, child));
  rmdirSync(path);
}
const groups = (uid: number) => childGroups(join(root, 'user.slice', `user-${uid}.slice`));

describe.skipIf(!possible)('sessions with control groups', () => {
  let tree: SeatTree;
  let connection: Connection;
  let journal: Journal;
  const fifos: { close(): void }[] = [];

  beforeAll(() => mkdirSync(root));
  beforeEach(() => start());
  afterEach(async () => {
    await stop();
    writeFileSync(join(root, 'cgroup.kill'), '1');
  });
  afterAll(async () => {
    // What was killed last may be a moment on its way.
    await gone(() => {
      try {
        remove(root);
        return true;
      } catch {
        return !existsSync(root);
      }
    });
  });

  async function start(...options: string[]): Promise<void> {
    tree = await SeatTree.start(100, '--cgroup', root, ...options);
    await connect();
  }
  async function connect(): Promise<void> {
    connection = await tree.connect();
    journal = new Journal();
    connection.match({ type: 'signal', path: login1.path, member: 'SessionRemoved' }, ({ body }) =>
      journal.add(body[0] as string),
    );
    await call('ListSessions');
  }
  async function stop(): Promise<void> {
    for (const fifo of fifos.splice(0)) fifo.close();
    await tree.stop();
  }
  function call(member: string, signature = '', ...body: unknown[]): Promise<unknown[]> {
    const target = { destination: login1.name, path: login1.path, interface: login1.manager };
    return connection.call({ ...target, member, signature, body });
  }
  /** A session that leads a shell, which has a child that left its process session and its parents. */
  async function session(uid = 0): Promise<{ id: string; leader: ChildProcess; orphan: number }> {
    const program = 'read go; (setsid sh -c "echo \\$\\$; exec sleep 600" &); exec sleep 600';
    const leader = spawn('sh', ['-c', program], { stdio: ['pipe', 'pipe', 'ignore'], uid, gid: uid });
    // biome-ignore format: in the order of the signature
    const reply = await call('CreateSession', 'uusssssussbssa(sv)', uid, leader.pid, 'test', 'tty', 'user', '', '', 0, '', '', false, '', '', []);
    fifos.push(reply[3] as { close(): void });
    leader.stdin!.write('go\n');
    const [said] = (await once(leader.stdout!, 'data')) as [Buffer];
    return { id: reply[0] as string, leader, orphan: Number(said.toString()) };
  }
  async function gone(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!condition() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(condition()).toBe(true);
  }

  test('tell a process’s session however it left its parents, to libsystemd too', async () => {
    const one = await session();
    const other = await session();
    for (const { id, orphan, leader } of [one, other]) {
      for (const pid of [orphan, leader.pid!]) {
        expect(await call('GetSessionByPID', 'u', pid)).toEqual([sessionPath(id)]);
      }
      const { stdout } = await run('ps', ['-o', 'lsession=', '-p', `${orphan}`]);
      expect(stdout.trim()).toBe(id);
    }
    await expect(call('GetSessionByPID', 'u', process.pid)).rejects.toMatchObject({
      name: 'org.freedesktop.login1.NoSessionForPID',
    });
  });

  test('are killed as a whole, those who left their parents too', async () => {
    const { id, leader, orphan } = await session();
    const exit = once(leader, 'exit');
    await call('KillSession', 'ssi', id, 'all', 9);
    await exit;
    await gone(() => !existsSync(`/proc/${orphan}`));
    await journal.until(id);
    await gone(() => groups(0).length === 0);
    expect(readdirSync(join(root, 'user.slice')).filter((name) => name.startsWith('user-'))).toEqual([]);
  });

  test('are terminated as a whole', async () => {
    const { id, leader, orphan } = await session();
    const exit = once(leader, 'exit');
    await call('TerminateSession', 's', id);
    await exit;
    await journal.until(id);
    await gone(() => !existsSync(`/proc/${orphan}`));
  });

  test('end when nobody is left in their group', async () => {
    const { id, leader, orphan } = await session();
    process.kill(orphan, 'SIGKILL');
    // By another manager of groups, say. It leads, but from elsewhere.
    writeFileSync(join(root, 'cgroup.procs'), `${leader.pid}`);
    await journal.until(id);
    expect(leader.exitCode).toBeNull();
  });

  test('leave behind what outlives them, and their group for as long as it does', async () => {
    const { id, leader, orphan } = await session();
    leader.kill('SIGKILL');
    await journal.until(id);
    expect(readFileSync(`/proc/${orphan}/cgroup`, 'utf8')).toContain(`session-${id}.scope`);
    await expect(call('GetSessionByPID', 'u', orphan)).rejects.toMatchObject({
      name: 'org.freedesktop.login1.NoSessionForPID',
    });
    process.kill(orphan, 'SIGKILL');
    await gone(() => groups(0).length === 0);
  });

  test('keep their group over a restart of the manager, which removes those of sessions that ended meanwhile', async () => {
    const lives = await session();
    const dies = await session();
    await tree.kill(tree.seat);
    process.kill(dies.orphan, 'SIGKILL');
    dies.leader.kill('SIGKILL');
    await tree.startSeat();
    await connect();
    await gone(() => groups(0).length === 1);
    expect(await call('GetSessionByPID', 'u', lives.orphan)).toEqual([sessionPath(lives.id)]);
    await call('KillSession', 'ssi', lives.id, 'all', 9);
    await gone(() => !existsSync(`/proc/${lives.orphan}`));
  });

  test('take what outlives them along with --kill-user-processes, unless it is root’s', async () => {
    await stop();
    await start('--kill-user-processes');
    const user = await session(NOBODY);
    const owner = await session(0);
    for (const { leader } of [user, owner]) leader.kill('SIGKILL');
    await journal.until(user.id);
    await journal.until(owner.id);
    await gone(() => !existsSync(`/proc/${user.orphan}`));
    expect(existsSync(`/proc/${owner.orphan}`)).toBe(true);
    const manager = connection.proxy(login1.name, login1.path);
    expect(await manager.get(login1.manager, 'KillUserProcesses')).toBe(true);
  });
});
