import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Connection, Variant } from '@switchyard/dbus';
import { type InputProvider, login1, seatd, seatPath, sessionPath, switchyard } from '@switchyard/seat';
import { EV, KEY } from '@switchyard/uapi';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Journal } from '../testing/Journal.js';
import { GRAPHICAL, KernelVtsLock, TEXT, vtObstacle } from '../testing/KernelVtsLock.js';
import { RawController } from '../testing/RawController.js';
import { int32, RawSeatd } from '../testing/RawSeatd.js';
import { SeatTree } from '../testing/SeatTree.js';

const { event, request } = seatd;
const none = vtObstacle();
/** Long enough that a busy machine is not taken for a hung session. */
const GRACE = 800;
const busy = { timeout: 60_000 };

describe.skipIf(none !== undefined)(`seat0 with the kernel’s VTs${none ? ` (${none})` : ''}`, () => {
  let lock: KernelVtsLock;
  let tree: SeatTree;
  let connection: Connection;
  let journal: Journal;
  let keyboard: readonly [number, number];
  let typist: InputProvider;
  const closers: { close(): void }[] = [];

  beforeEach(async () => {
    lock = await KernelVtsLock.take();
    tree = await SeatTree.start(GRACE, '--vt', '--emergency-command', 'exec sleep 1000');
    journal = new Journal();
    connection = await tree.connect();
    const added = new Journal();
    connection.match({ type: 'signal', path: login1.path, member: 'DeviceAdded' }, ({ body }) =>
      added.add(body[3] as string),
    );
    await manager('ListSeats');
    typist = tree.provider().attachKeyboard('seat0', 'keys');
    await added.until('keyboard');
    const call = { ...call1('ListDevices', 's', 'seat0'), interface: switchyard.deviceManager };
    const [[device]] = (await connection.call(call)) as [[[number, number]]];
    keyboard = [device[0], device[1]];
  }, 400_000);
  afterEach(async () => {
    try {
      for (const one of closers.splice(0)) one.close();
      await tree.stop();
    } finally {
      await lock.release();
    }
  });

  const call1 = (member: string, signature = '', ...body: unknown[]) => ({
    destination: login1.name,
    path: login1.path,
    interface: login1.manager,
    member,
    signature,
    body,
  });
  const manager = (member: string, signature = '', ...body: unknown[]) =>
    connection.call(call1(member, signature, ...body));
  const seat = () => connection.proxy(login1.name, seatPath('seat0'));
  const switchTo = (number: number) => seat().call(login1.seat, 'SwitchTo', 'u', number);
  const activeSession = async () => ((await seat().get(login1.seat, 'ActiveSession')) as [string])[0];
  const property = (id: string, name: string) =>
    connection.proxy(login1.name, sessionPath(id)).get(login1.session, name);

  /** A session on a VT; `take`: with a controller that holds the keyboard. */
  async function session(name: string, vtnr: number, take = true, properties: [string, Variant][] = []) {
    const one = new RawController(name, await tree.connect(), journal);
    closers.push(one);
    await one.create(tree.leader().pid, properties, 'user', vtnr);
    if (take) await one.call('TakeControl', 'b', false);
    if (take) await one.take(...keyboard);
    return one;
  }
  async function goTo(vt: number): Promise<void> {
    lock.vts.activate(vt);
    await lock.until(vt);
  }
  /** Sessions on two VTs, of which the first is in front. */
  async function two() {
    const [va, vb] = [lock.free(), lock.free()];
    await goTo(va);
    const a = await session('a', va);
    const b = await session('b', vb);
    expect(await activeSession()).toBe(a.id);
    return { va, vb, a, b };
  }

  test('a session is of its VT, and says so everywhere', async () => {
    const vt = lock.free();
    const a = await session('a', vt, false);
    expect(await property(a.id, 'VTNr')).toBe(vt);
    expect(await property(a.id, 'TTY')).toBe(`tty${vt}`);
    expect(await property(a.id, 'Active')).toBe(false);
    expect(await seat().get(login1.seat, 'CanTTY')).toBe(true);
    const file = (...path: string[]) => readFileSync(join(tree.dir, 'systemd', ...path), 'utf8');
    expect(file('sessions', a.id)).toMatch(new RegExp(`^TTY=tty${vt}\nVTNR=${vt}$`, 'm'));
    expect(file('seats', 'seat0')).toContain('CAN_TTY=1');
    await goTo(vt);
    await journal.until('a active true');
    await goTo(lock.home);
    await journal.until('a active false');
    expect(await activeSession()).toBe('');
  });

  test('what a session’s VT cannot be is refused as logind refuses it', async () => {
    const vt = lock.free();
    const create = (seatId: string, vtnr: number, tty: string, kind = 'user') =>
      // biome-ignore format: in the order of the signature
      manager('CreateSession', 'uusssssussbssa(sv)', process.getuid!(), tree.leader().pid, 'test', 'tty', kind, '', seatId, vtnr, tty, '', false, '', '', []);
    const invalid = { name: 'org.freedesktop.DBus.Error.InvalidArgs' };
    await expect(create('seat0', 0, '')).rejects.toMatchObject(invalid);
    await expect(create('seat0', 64, '')).rejects.toMatchObject(invalid);
    await expect(create('seat0', 0, 'tty64')).rejects.toMatchObject(invalid);
    await expect(create('seat0', 0, 'console')).rejects.toMatchObject(invalid);
    await expect(create('seat0', vt + 1, `tty${vt}`)).rejects.toMatchObject(invalid);
    await expect(create('seat9', vt, `tty${vt}`)).rejects.toMatchObject(invalid);
    await expect(create('', vt, '')).rejects.toMatchObject(invalid);
    // A terminal says all there is to say.
    const made = await create('', 0, `tty${vt}`);
    expect([made[5], made[6]]).toEqual(['seat0', vt]);
    const busyVt = { name: 'org.freedesktop.login1.SessionBusy' };
    await expect(create('seat0', vt, '')).rejects.toMatchObject(busyVt);
    expect((await create('seat0', vt, '', 'greeter'))[6]).toBe(vt);
    for (const number of [0, 64]) await expect(switchTo(number)).rejects.toMatchObject(invalid);
  });

  test('a controlled session’s VT is for pictures, and as it was when the control ends', async () => {
    const vt = lock.free();
    const a = await session('a', vt);
    expect(lock.modes(vt)).toBe(GRAPHICAL);
    expect(statSync(`/dev/tty${vt}`).uid).toBe(process.getuid!());
    await a.call('ReleaseControl');
    expect(lock.modes(vt)).toBe(TEXT);
    await a.call('TakeControl', 'b', false);
    expect(lock.modes(vt)).toBe(GRAPHICAL);
    await manager('ReleaseSession', 's', a.id);
    expect(lock.modes(vt)).toBe(TEXT);
  });

  test('a switch that the kernel starts is negotiated, and whoever comes next waits for the kernel', async () => {
    const { vb, a, b } = await two();
    a.polite = false;
    journal.clear();
    lock.vts.activate(vb);
    await journal.until(`a pause ${keyboard[1]}`);
    expect(lock.vts.active).not.toBe(vb);
    await a.call('PauseDeviceComplete', 'uu', ...keyboard);
    await journal.until(`b resume ${keyboard[1]}`);
    expect(lock.vts.active).toBe(vb);
    expect(journal.entries).toEqual([
      `a pause ${keyboard[1]}`,
      'a active false',
      'b active true',
      `b resume ${keyboard[1]}`,
    ]);
    expect(await activeSession()).toBe(b.id);
  });

  test('a session that does not answer is forced, whoever started the switch', async () => {
    const { va, vb, a, b } = await two();
    a.polite = b.polite = false;
    journal.clear();
    lock.vts.activate(vb);
    await journal.until(`b resume ${keyboard[1]}`);
    expect(journal.entries.slice(0, 2)).toEqual([`a pause ${keyboard[1]}`, `a force ${keyboard[1]}`]);
    await switchTo(va);
    expect(lock.vts.active).toBe(va);
    await journal.until(`a resume ${keyboard[1]}`);
    expect(journal.entries).toContain(`b force ${keyboard[1]}`);
  });

  test('a request for the session in front refuses what the kernel wants', async () => {
    const { va, vb, a } = await two();
    a.polite = false;
    lock.vts.activate(vb);
    await journal.until(`a pause ${keyboard[1]}`);
    await manager('ActivateSession', 's', a.id);
    await journal.until(`a resume ${keyboard[1]}`);
    await pause(2 * GRACE);
    expect(lock.vts.active).toBe(va);
    expect(lock.vts.release(true)).toBe(false);
  });

  test('a client goes to sessions by their VTs’ numbers, and to VTs that have none', async () => {
    const { va, vb, a, b } = await two();
    await switchTo(vb);
    expect(lock.vts.active).toBe(vb);
    expect(await activeSession()).toBe(b.id);
    const free = lock.free();
    await switchTo(free);
    expect(lock.vts.active).toBe(free);
    expect(await activeSession()).toBe('');
    await manager('ActivateSession', 's', a.id);
    expect(lock.vts.active).toBe(va);
    await seat().call(login1.seat, 'SwitchToPrevious');
    expect(lock.vts.active).toBe(vb);
  });

  test('a stopped process that took its VT’s switching for itself holds nobody up', async () => {
    const { va, vb, a, b } = await two();
    const index = new URL('../../dist/vt/KernelVts.js', import.meta.url).href;
    const owner = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { KernelVts } from '${index}';
         const vts = KernelVts.open();
         vts.listen({ releaseAsked: () => {}, shown: () => {} });
         vts.own(${va});
         console.log('owned');`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(owner.stdout, 'data');
      owner.kill('SIGSTOP');
      await manager('ActivateSession', 's', b.id);
      expect(lock.vts.active).toBe(vb);
      await manager('ActivateSession', 's', a.id);
      expect(lock.vts.active).toBe(va);
    } finally {
      owner.kill('SIGKILL');
      await once(owner, 'exit');
    }
  });

  test('a process that takes its VT’s switching for itself again and again does not win', async () => {
    const { va, vb, b } = await two();
    const index = new URL('../../dist/vt/KernelVts.js', import.meta.url).href;
    const owner = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { KernelVts } from '${index}';
         const vts = KernelVts.open();
         vts.listen({ releaseAsked: () => {}, shown: () => {} });
         vts.own(${va});
         console.log('owned');
         setInterval(() => vts.own(${va}), 1);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(owner.stdout, 'data');
      await manager('ActivateSession', 's', b.id);
      expect(lock.vts.active).toBe(vb);
    } finally {
      owner.kill('SIGKILL');
      await once(owner, 'exit');
    }
  });

  test('a switch that the kernel swallows is refused, and the session in front goes on', async () => {
    const { va, vb, b } = await two();
    lock.vts.with(0, (vt) => vt.lockSwitching(true));
    try {
      await expect(manager('ActivateSession', 's', b.id)).rejects.toMatchObject({
        name: 'System.Error.EBUSY',
      });
      expect(lock.vts.active).toBe(va);
      await journal.until(`a resume ${keyboard[1]}`);
    } finally {
      lock.vts.with(0, (vt) => vt.lockSwitching(false));
    }
    // What hid the switch from the kernel in our own session’s name is no obstacle.
    lock.vts.with(va, (vt) => vt.setMode({ mode: 0 }));
    await manager('ActivateSession', 's', b.id);
    expect(lock.vts.active).toBe(vb);
  });

  test('a VT that was chosen for a session is gone with it, and the seat is where it was', async () => {
    const own: [string, Variant][] = [['VT', new Variant('s', 'new')]];
    const shared: [string, Variant][] = [['VT', new Variant('s', 'shared')]];
    const a = await session('a', 0, true, own);
    const number = (await property(a.id, 'VTNr')) as number;
    expect(number).not.toBe(lock.home);
    await journal.until('a active true');
    expect(lock.vts.active).toBe(number);
    const b = await session('b', 0, true, shared);
    const c = await session('c', 0, true, shared);
    const common = (await property(b.id, 'VTNr')) as number;
    expect(await property(c.id, 'VTNr')).toBe(common);
    expect(common).not.toBe(number);
    await vi.waitFor(async () => expect(await activeSession()).toBe(c.id), busy);
    await manager('ActivateSession', 's', b.id);
    expect(lock.vts.active).toBe(common);
    await manager('ReleaseSession', 's', c.id);
    expect(lock.modes(common)).toBe(GRAPHICAL);
    await manager('ReleaseSession', 's', b.id);
    await lock.until(number);
    await vi.waitFor(async () => expect(await activeSession()).toBe(a.id), busy);
    await manager('ReleaseSession', 's', a.id);
    await lock.until(lock.home);
    const allocated = () => lock.vts.with(0, (front) => front.state().allocated);
    await vi.waitFor(() => expect(allocated()).not.toEqual(expect.arrayContaining([number])), busy);
    expect(allocated()).not.toContain(common);
  });

  test('a client of seatd is the VT that is in front when it comes, and switches by numbers of VTs', async () => {
    const [va, vb] = [lock.free(), lock.free()];
    const b = await session('b', vb);
    await goTo(va);
    const client = new RawSeatd(join(tree.dir, 'seatd.sock'));
    closers.push(client);
    client.send(request.openSeat);
    const said = (opcode: number) => opcode.toString(16);
    await client.journal.until(said(event.enableSeat));
    expect(lock.modes(va)).toBe(GRAPHICAL);
    // There is one on this VT already.
    const second = new RawSeatd(join(tree.dir, 'seatd.sock'));
    closers.push(second);
    second.send(request.openSeat);
    await second.journal.until('end');
    client.send(request.switchSession, int32(vb));
    await client.journal.until(said(event.disableSeat));
    client.send(request.disableSeat);
    await journal.until(`b resume ${keyboard[1]}`);
    expect(await activeSession()).toBe(b.id);
    await goTo(va);
    await client.journal.until(said(event.enableSeat), 2);
    const free = lock.free();
    client.send(request.switchSession, int32(free));
    await lock.until(free);
    client.close();
    await vi.waitFor(() => expect(lock.modes(va)).toBe(TEXT), busy);
  });

  test('keys go to VTs, and those for an emergency to one of its own', async () => {
    const { va, a } = await two();
    const press = (...keys: number[]) => {
      for (const value of [1, 0]) {
        for (const key of keys) {
          typist.event(EV.KEY, key, value);
          typist.sync();
        }
      }
    };
    const pressUntil = (check: () => unknown, ...keys: number[]) =>
      // The manager listens a moment after the keyboard is there.
      vi.waitFor(
        async () => {
          press(...keys);
          await pause(100);
          await check();
        },
        { timeout: 60_000, interval: 500 },
      );
    await pressUntil(() => expect(lock.vts.active).toBe(11), KEY.LEFTCTRL, KEY.LEFTALT, KEY.F11);
    expect(await activeSession()).toBe('');
    await manager('ActivateSession', 's', a.id);
    expect(lock.vts.active).toBe(va);
    await vi.waitFor(() => expect(lock.vts.disallocate(11)).toBe(true), busy);
    a.polite = false;
    const chord = [KEY.LEFTCTRL, KEY.LEFTALT, KEY.LEFTSHIFT, KEY.ESC];
    await pressUntil(() => expect(lock.vts.active).not.toBe(va), ...chord);
    const emergency = await activeSession();
    expect(await property(emergency, 'Class')).toBe('emergency');
    expect(await property(emergency, 'VTNr')).toBe(lock.vts.active);
    await manager('ReleaseSession', 's', emergency);
    await lock.until(va);
  });

  test('SIGTERM leaves no VT behind', async () => {
    const { va, vb } = await two();
    const exit = once(tree.seat, 'exit');
    tree.seat.kill('SIGTERM');
    await exit;
    expect([va, vb].map((vt) => lock.modes(vt))).toEqual([TEXT, TEXT]);
    expect(existsSync(join(tree.dir, 'state/vts.json'))).toBe(false);
  });

  test('the next manager takes over what a killed one left, and goes on switching', async () => {
    const { va, vb, a, b } = await two();
    await tree.kill(tree.seat);
    expect(lock.modes(va)).toBe(GRAPHICAL);
    await tree.startSeat();
    connection = await tree.connect();
    expect(await activeSession()).toBe(a.id);
    expect(lock.modes(va)).toBe(GRAPHICAL);
    await manager('ActivateSession', 's', b.id);
    expect(lock.vts.active).toBe(vb);
    // The second one's leader went while nobody looked: nothing of it is left either.
    await tree.kill(tree.seat);
    b.close();
    await tree.startSeat();
    expect(lock.modes(vb)).toBe(TEXT);
    expect(lock.modes(va)).toBe(GRAPHICAL);
  });

  test('without a next manager a killed one’s VTs are restored by its guard', async () => {
    const { va, vb } = await two();
    await tree.kill(tree.seat);
    await vi.waitFor(() => expect([va, vb].map((vt) => lock.modes(vt))).toEqual([TEXT, TEXT]), {
      timeout: 60_000,
      interval: 100,
    });
    await vi.waitFor(() => expect(existsSync(join(tree.dir, 'state/vts.json'))).toBe(false), busy);
  });

  test('--restore-vts restores at once, and leaves a living manager’s alone', async () => {
    const { va, vb } = await two();
    const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
    const restore = async () => {
      const child = spawn(process.execPath, [main, '--restore-vts', '--runtime-dir', tree.dir], {
        stdio: 'inherit',
      });
      expect((await once(child, 'exit'))[0]).toBe(0);
    };
    await restore();
    expect(lock.modes(va)).toBe(GRAPHICAL);
    await tree.kill(tree.seat);
    await restore();
    expect([va, vb].map((vt) => lock.modes(vt))).toEqual([TEXT, TEXT]);
  });
});
