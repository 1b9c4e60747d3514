import { MonitorProvider } from '@switchyard/seat';
import {
  ExtSessionLockManagerV1Proxy,
  type ExtSessionLockSurfaceV1Proxy,
  type ExtSessionLockV1Proxy,
  type GlobalInfo,
  WlOutputProxy,
  type WlSurfaceProxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import { Desk, type DeskClient } from '../testing/Desk.js';

const blue = 0xff0000ff;
const green = 0xff00ff00;
const empty = 0x1b1e23;

let desk: Desk;
let session: DisplaySession;
let worker: DeskClient;
let locker: DeskClient;

beforeEach(async () => {
  desk = new Desk();
  session = desk.session();
  desk.monitor(session);
  desk.activate(session);
  worker = await desk.connect(session);
  await worker.window(1280, 720, blue);
  worker.taken();
  locker = await newLocker();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

function newLocker(): Promise<DeskClient> {
  return desk.connect(desk.session('locker', { privileges: ['session-lock'] }));
}

function lock(client: DeskClient): { proxy: ExtSessionLockV1Proxy; said: string[] } {
  const said: string[] = [];
  const proxy = client.globals.bind(ExtSessionLockManagerV1Proxy, 1)!.lock({
    locked: () => void said.push('locked'),
    finished: () => void said.push('finished'),
  });
  return { proxy, said };
}

function outputOf(client: DeskClient): WlOutputProxy {
  return client.globals.bind(WlOutputProxy, 4, {
    ...{ geometry() {}, mode() {}, done() {}, scale() {}, name() {}, description() {} },
  })!;
}

function lockSurface(
  client: DeskClient,
  proxy: ExtSessionLockV1Proxy,
  answers = true,
): { surface: WlSurfaceProxy; lockSurface: ExtSessionLockSurfaceV1Proxy; sizes: string[] } {
  const surface = client.surface();
  const sizes: string[] = [];
  const made = proxy.getLockSurface(surface, outputOf(client), {
    configure: (own, serial, width, height) => {
      sizes.push(`${width}×${height}`);
      if (answers) own.ackConfigure(serial);
    },
  });
  return { surface, lockSurface: made, sizes };
}

/** What is on the screen. */
function seen(): number {
  const output = desk.compositor.outputs.first;
  const { width, height } = output.mode;
  const pixels = new Uint8Array(width * height * 4);
  output.compose(pixels, width * 4, output.shown);
  return new Uint32Array(pixels.buffer)[width * 300 + 300]! & 0xffffff;
}

async function lockedWith(colour: number, client = locker): Promise<ExtSessionLockV1Proxy> {
  const { proxy, said } = lock(client);
  const { surface } = lockSurface(client, proxy);
  await client.roundtrip();
  client.attach(surface, 1280, 720, colour);
  surface.commit();
  await expect.poll(() => said).toEqual(['locked']);
  await expect.poll(seen).toBe(colour & 0xffffff);
  return proxy;
}

describe('a locked seat', () => {
  it('shows the lock alone and types to it alone, until the locker unlocks it', async () => {
    const proxy = await lockedWith(green);
    await worker.roundtrip();
    expect(worker.taken()).toEqual(['keyboard leave', 'pointer leave']);
    expect(locker.taken().sort()).toEqual(['keyboard enter', 'pointer enter']);
    desk.compositor.seat.pointer.moveTo(100, 100, 0);
    desk.compositor.seat.pointer.button(0x110, true, 0);
    desk.compositor.seat.pointer.button(0x110, false, 0);
    await locker.roundtrip();
    await worker.roundtrip();
    expect(locker.taken()).toEqual(['button 272 down', 'button 272 up']);
    expect(worker.taken()).toEqual([]);
    proxy.unlockAndDestroy();
    await locker.roundtrip();
    expect(seen()).toBe(blue & 0xffffff);
    await worker.roundtrip();
    expect(worker.taken()).toContain('keyboard enter');
  });

  it('stays so when the locker dies: a colour, and nobody has the keyboard', async () => {
    await lockedWith(green);
    locker.connection.disconnect();
    await expect.poll(seen).toBe(empty);
    expect(desk.compositor.seat.keyboard.focus).toBeUndefined();
    const other = await worker.window(1280, 720, blue);
    other.surface.commit();
    await worker.roundtrip();
    expect(seen()).toBe(empty);
  });

  it('is taken over by another locker, who can unlock it', async () => {
    await lockedWith(green);
    locker.connection.disconnect();
    await expect.poll(seen).toBe(empty);
    const next = await newLocker();
    const proxy = await lockedWith(0xffff0000, next);
    proxy.unlockAndDestroy();
    await next.roundtrip();
    expect(seen()).toBe(blue & 0xffffff);
  });

  it('has one locker: a second one is told that it is not needed', async () => {
    await lockedWith(green);
    const { proxy, said } = lock(await newLocker());
    await expect.poll(() => said).toEqual(['finished']);
    proxy.destroy();
    expect(seen()).toBe(green & 0xffffff);
  });

  it('hides sessions that are switched to, and those that begin, but no lock screen', async () => {
    await lockedWith(green);
    const other = desk.session('other');
    await (await desk.connect(other)).window(1280, 720, 0xff112233);
    desk.monitor(other);
    desk.activate(other);
    await expect.poll(seen).toBe(green & 0xffffff);
    const manager = desk.session('manager', { class: 'lock-screen' });
    await (await desk.connect(manager)).window(1280, 720, 0xff445566);
    desk.monitor(manager);
    desk.activate(manager);
    await expect.poll(seen).toBe(0x445566);
    desk.monitor(session);
    desk.activate(session);
    await expect.poll(seen).toBe(green & 0xffffff);
  });

  it('has a surface of the screen’s size, also when that changes', async () => {
    const { proxy } = lock(locker);
    const { sizes } = lockSurface(locker, proxy);
    await locker.roundtrip();
    desk.monitor(session, { width: 640, height: 480, refresh: 60_000, scale: 120 });
    await expect.poll(() => sizes).toEqual(['1280×720', '640×480']);
  });
});

describe('a locker’s mistakes', () => {
  it.each<[string, (client: DeskClient) => Promise<void> | void]>([
    ['invalid_unlock', (client) => lock(client).proxy.unlockAndDestroy()],
    [
      'invalid_destroy',
      async (client) => {
        const { proxy, said } = lock(client);
        await expect.poll(() => said).toEqual(['locked']);
        proxy.destroy();
      },
    ],
    [
      'role',
      (client) => {
        const { surface } = client.toplevel();
        lock(client).proxy.getLockSurface(surface, outputOf(client), { configure() {} });
      },
    ],
    [
      'already_constructed',
      (client) => {
        const surface = client.surface();
        client.attach(surface, 10, 10);
        lock(client).proxy.getLockSurface(surface, outputOf(client), { configure() {} });
      },
    ],
    [
      'duplicate_output',
      (client) => {
        const { proxy } = lock(client);
        lockSurface(client, proxy);
        lockSurface(client, proxy);
      },
    ],
    ['commit_before_first_ack', (client) => lockSurface(client, lock(client).proxy, false).surface.commit()],
    [
      'null_buffer',
      async (client) => {
        const { surface } = lockSurface(client, lock(client).proxy);
        await client.roundtrip();
        surface.attach(null, 0, 0);
        surface.commit();
      },
    ],
    [
      'dimensions_mismatch',
      async (client) => {
        const { surface } = lockSurface(client, lock(client).proxy);
        await client.roundtrip();
        client.attach(surface, 1280, 719);
        surface.commit();
      },
    ],
    [
      'invalid_serial',
      (client) => lockSurface(client, lock(client).proxy, false).lockSurface.ackConfigure(1),
    ],
  ])('%s', async (name, wrong) => {
    await wrong(locker);
    await expect(locker.roundtrip()).rejects.toThrow(name);
    // Whatever it was, nothing is open that was locked.
    expect(session.windows.curtain).toBeDefined();
  });
});

describe('on several monitors', () => {
  const second = { width: 800, height: 600, refresh: 60_000, scale: 120 };

  function colours(): number[] {
    return desk.compositor.outputs.list.map((output) => {
      const { width, height } = output.mode;
      const pixels = new Uint8Array(width * height * 4);
      output.compose(pixels, width * 4, session.windows);
      return new Uint32Array(pixels.buffer)[width * 300 + 300]! & 0xffffff;
    });
  }

  it('covers all of them, says so when all show it, and one that is plugged in shows nothing else', async () => {
    const slow = new MonitorProvider(second, { present() {}, cursor() {} });
    desk.monitor(session, second, 2, slow);
    await worker.window(800, 600, blue);
    await worker.roundtrip();
    slow.flipDone();
    await worker.roundtrip();
    const [one, two] = [...locker.globals].filter((global) => global.interface === 'wl_output');
    const bind = (global: GlobalInfo) =>
      locker.globals.bindGlobal(global, WlOutputProxy, 4, {
        ...{ geometry() {}, mode() {}, done() {}, scale() {}, name() {}, description() {} },
      });
    const { proxy, said } = lock(locker);
    const sizes: string[] = [];
    const surfaces = [bind(one!), bind(two!)].map((output) => {
      const surface = locker.surface();
      proxy.getLockSurface(surface, output, {
        configure: (own, serial, width, height) => {
          sizes.push(`${width}×${height}`);
          own.ackConfigure(serial);
        },
      });
      return surface;
    });
    await locker.roundtrip();
    expect(sizes).toEqual(['1280×720', '800×600']);
    expect(colours().every((colour) => colour === empty)).toBe(true);
    // The second has not shown it yet.
    await locker.roundtrip();
    expect(said).toEqual([]);
    const flipped = () => {
      slow.flipDone();
      return locker.roundtrip().then(() => said);
    };
    await expect.poll(flipped).toEqual(['locked']);
    locker.attach(surfaces[1]!, 800, 600, green);
    surfaces[1]!.commit();
    await locker.roundtrip();
    expect(colours()).toEqual([empty, green & 0xffffff]);
    desk.monitor(session, second, 3);
    await locker.roundtrip();
    expect(colours()).toEqual([empty, green & 0xffffff, empty]);
    // The locker's surface goes with its monitor; the lock does not.
    desk.unplug(2);
    await locker.roundtrip();
    expect(colours()).toEqual([empty, empty]);
    proxy.unlockAndDestroy();
    await locker.roundtrip();
    expect(colours()).toContain(blue & 0xffffff);
  });
});
