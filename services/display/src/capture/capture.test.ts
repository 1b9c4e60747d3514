import type { MonitorProvider } from '@switchyard/seat';
import { Mapping } from '@switchyard/sys';
import {
  type ExtForeignToplevelHandleV1Proxy,
  ExtForeignToplevelImageCaptureSourceManagerV1Proxy,
  ExtForeignToplevelListV1Proxy,
  type ExtImageCaptureSourceV1Proxy,
  ExtImageCopyCaptureManagerV1Proxy,
  type ExtImageCopyCaptureSessionV1Proxy,
  ExtOutputImageCaptureSourceManagerV1Proxy,
  WlOutputProxy,
  type ZwlrScreencopyFrameV1Events,
  type ZwlrScreencopyFrameV1Proxy,
  ZwlrScreencopyManagerV1Proxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import { Desk, type DeskClient, type SharedBuffer } from '../testing/Desk.js';

const blue = 0xff0000ff;
const green = 0xff00ff00;
const empty = 0x1b1e23;

let desk: Desk;
let session: DisplaySession;
let painter: DeskClient;
let watcher: DeskClient;
let output: WlOutputProxy;
let monitor: MonitorProvider;

beforeEach(async () => {
  desk = new Desk();
  session = desk.session();
  monitor = desk.monitor(session);
  desk.activate(session);
  painter = await desk.connect(session);
  watcher = await desk.connect(desk.session('watcher', { privileges: ['capture'] }));
  output = watcher.globals.bind(WlOutputProxy, 4, {
    ...{ geometry() {}, mode() {}, done() {}, scale() {}, name() {}, description() {} },
  })!;
});

afterEach(() => {
  desk[Symbol.dispose]();
});

function offers(client: DeskClient, name: string): boolean {
  return client.globals.find(name) !== undefined;
}

function pixel(buffer: SharedBuffer, x: number, y: number): number {
  using mapping = Mapping.map(buffer.memory, buffer.width * buffer.height * 4);
  const words = new Uint32Array(mapping.buffer);
  return words[y * buffer.width + x]! & 0xffffff;
}

describe('a client without the privilege', () => {
  it('finds none of the globals, and cannot bind them by their numbers', async () => {
    for (const proxy of [
      ...[ZwlrScreencopyManagerV1Proxy, ExtImageCopyCaptureManagerV1Proxy],
      ...[ExtForeignToplevelListV1Proxy, ExtOutputImageCaptureSourceManagerV1Proxy],
    ]) {
      expect(offers(painter, proxy.interface.name)).toBe(false);
      expect(offers(watcher, proxy.interface.name)).toBe(true);
    }
  });
});

describe('zwlr_screencopy_manager_v1', () => {
  type Copied = { damage: string[]; ended: 'ready' | 'failed' };

  function frame(
    begin: (
      manager: ZwlrScreencopyManagerV1Proxy,
      on: ZwlrScreencopyFrameV1Events,
    ) => ZwlrScreencopyFrameV1Proxy,
    manager = watcher.globals.bind(ZwlrScreencopyManagerV1Proxy, 3)!,
  ): { proxy: ZwlrScreencopyFrameV1Proxy; size: string[]; copied: Promise<Copied> } {
    const size: string[] = [];
    const damage: string[] = [];
    let resolve!: (copied: Copied) => void;
    const copied = new Promise<Copied>((done) => {
      resolve = done;
    });
    const proxy = begin(manager, {
      buffer: (_, format, width, height, stride) => void size.push(`${format} ${width}×${height} ${stride}`),
      bufferDone: () => void size.push('done'),
      linuxDmabuf() {},
      flags() {},
      damage: (_, ...box) => void damage.push(box.join(' ')),
      ready: () => resolve({ damage, ended: 'ready' }),
      failed: () => resolve({ damage, ended: 'failed' }),
    });
    return { proxy, size, copied };
  }

  it('copies each monitor by itself, and none that is gone', async () => {
    desk.monitor(session, { width: 800, height: 600, refresh: 60_000, scale: 120 }, 2);
    await painter.window(1280, 720, blue);
    await painter.window(800, 600, green);
    await watcher.roundtrip();
    const [, two] = [...watcher.globals].filter((global) => global.interface === 'wl_output');
    const second = watcher.globals.bindGlobal(two!, WlOutputProxy, 4, {
      ...{ geometry() {}, mode() {}, done() {}, scale() {}, name() {}, description() {} },
    });
    const [left, right] = [output, second].map((of) =>
      frame((manager, on) => manager.captureOutput(0, of, on)),
    );
    await watcher.roundtrip();
    expect([left!.size[0], right!.size[0]]).toEqual(['1 1280×720 5120', '1 800×600 3200']);
    const buffers = [watcher.buffer(1280, 720, 0), watcher.buffer(800, 600, 0)];
    left!.proxy.copy(buffers[0]!.proxy);
    right!.proxy.copy(buffers[1]!.proxy);
    expect(await right!.copied).toMatchObject({ ended: 'ready' });
    await left!.copied;
    expect([pixel(buffers[0]!, 400, 300), pixel(buffers[1]!, 400, 300)]).toEqual([
      blue & 0xffffff,
      green & 0xffffff,
    ]);
    desk.unplug(2);
    const late = frame((manager, on) => manager.captureOutput(0, second, on));
    late.proxy.copy(buffers[1]!.proxy);
    expect(await late.copied).toMatchObject({ ended: 'failed' });
  });

  it('copies the screen, or a part of it, in the size that it says', async () => {
    await painter.window(1280, 720, blue);
    const whole = frame((manager, on) => manager.captureOutput(0, output, on));
    const part = frame((manager, on) => manager.captureOutputRegion(0, output, 1270, -5, 100, 10, on));
    await watcher.roundtrip();
    expect(whole.size).toEqual(['1 1280×720 5120', 'done']);
    expect(part.size).toEqual(['1 10×5 40', 'done']);
    const buffer = watcher.buffer(1280, 720, 0);
    whole.proxy.copy(buffer.proxy);
    expect(await whole.copied).toEqual({ damage: [], ended: 'ready' });
    expect([pixel(buffer, 0, 0), pixel(buffer, 1279, 719)]).toEqual([0x0000ff, 0x0000ff]);
    const small = watcher.buffer(10, 5, 0);
    part.proxy.copy(small.proxy);
    expect((await part.copied).ended).toBe('ready');
    expect(pixel(small, 9, 4)).toBe(0x0000ff);
  });

  it('waits for damage, and tells where it is', async () => {
    const { surface } = await painter.window(1280, 720, blue);
    const manager = watcher.globals.bind(ZwlrScreencopyManagerV1Proxy, 3)!;
    const capture = () => frame((_, on) => manager.captureOutput(0, output, on), manager);
    const buffer = watcher.buffer(1280, 720, 0);
    const first = capture();
    first.proxy.copyWithDamage(buffer.proxy);
    expect((await first.copied).damage).toEqual(['0 0 1280 720']);
    const second = capture();
    second.proxy.copyWithDamage(buffer.proxy);
    let over = false;
    void second.copied.then(() => {
      over = true;
    });
    await watcher.roundtrip();
    await painter.roundtrip();
    expect(over).toBe(false);
    painter.attach(surface, 1280, 720, green, [10, 20, 30, 40]);
    surface.commit();
    expect((await second.copied).damage).toEqual(['10 20 30 40']);
    expect([pixel(buffer, 11, 21), pixel(buffer, 9, 20)]).toEqual([0x00ff00, 0x0000ff]);
  });

  it('paints the pointer when it is asked to', async () => {
    await painter.window(1280, 720, blue);
    desk.compositor.seat.pointer.moveTo(100, 100, 0);
    const shot = frame((manager, on) => manager.captureOutput(1, output, on));
    const buffer = watcher.buffer(1280, 720, 0);
    shot.proxy.copy(buffer.proxy);
    await shot.copied;
    // The arrow's black edge and white body.
    expect([pixel(buffer, 100, 100), pixel(buffer, 101, 102), pixel(buffer, 99, 100)]).toEqual([
      0x000000, 0xffffff, 0x0000ff,
    ]);
  });

  it('shows nothing of a session that is another user’s, a lock screen, or in the background', async () => {
    const shot = async (): Promise<number> => {
      const one = frame((manager, on) => manager.captureOutput(0, output, on));
      const buffer = watcher.buffer(1280, 720, 0);
      one.proxy.copy(buffer.proxy);
      await one.copied;
      return pixel(buffer, 5, 5);
    };
    await painter.window(1280, 720, blue);
    expect(await shot()).toBe(0x0000ff);
    const lock = desk.session('lock', { class: 'lock-screen' });
    const locker = await desk.connect(lock);
    await locker.window(1280, 720, green);
    desk.monitor(lock);
    desk.activate(lock);
    expect(await shot()).toBe(empty);
  });

  it.each([
    [
      'already_used',
      (proxy: ZwlrScreencopyFrameV1Proxy, buffer: SharedBuffer) => {
        proxy.copy(buffer.proxy);
        proxy.copy(buffer.proxy);
      },
    ],
    ['invalid_buffer', (proxy: ZwlrScreencopyFrameV1Proxy) => proxy.copy(watcher.buffer(1280, 719, 0).proxy)],
  ])('%s is the error of who does not keep to it', async (name, wrong) => {
    const shot = frame((manager, on) => manager.captureOutput(0, output, on));
    wrong(shot.proxy, watcher.buffer(1280, 720, 0));
    await expect(watcher.roundtrip()).rejects.toThrow(name);
  });

  it('fails for a buffer whose memory has gone, and for a part that is nowhere', async () => {
    const shot = frame((manager, on) => manager.captureOutput(0, output, on));
    const buffer = watcher.buffer(1280, 720, 0, { sealed: false, truncated: true });
    shot.proxy.copy(buffer.proxy);
    expect((await shot.copied).ended).toBe('failed');
    const outside = frame((manager, on) => manager.captureOutputRegion(0, output, 5000, 0, 10, 10, on));
    expect((await outside.copied).ended).toBe('failed');
  });
});

describe('ext_foreign_toplevel_list_v1', () => {
  it('lists windows with their names, as they come, are renamed and go', async () => {
    const { toplevel } = await painter.window(1280, 720, blue);
    toplevel.setTitle('first');
    await painter.roundtrip();
    const { said } = await list();
    expect(said).toEqual(['toplevel', 'title first', 'app ', 'done']);
    toplevel.setAppId('org.example');
    toplevel.destroy();
    await painter.roundtrip();
    await watcher.roundtrip();
    expect(said.slice(4)).toEqual(['app org.example', 'done', 'closed']);
  });
});

/** A list of toplevels, and what it says. */
async function list(): Promise<{ said: string[]; handles: ExtForeignToplevelHandleV1Proxy[] }> {
  const said: string[] = [];
  const handles: ExtForeignToplevelHandleV1Proxy[] = [];
  watcher.globals.bind(ExtForeignToplevelListV1Proxy, 1, {
    toplevel: (_, handle) => {
      said.push('toplevel');
      handles.push(handle);
      handle.implement({
        identifier: (_, text) => expect(text).toMatch(/^[!-~]{1,32}$/),
        title: (_, text) => void said.push(`title ${text}`),
        appId: (_, text) => void said.push(`app ${text}`),
        done: () => void said.push('done'),
        closed: () => void said.push('closed'),
      });
    },
    finished: () => void said.push('finished'),
  });
  await watcher.roundtrip();
  return { said, handles };
}

describe('ext_image_copy_capture_manager_v1', () => {
  function screen(): ExtImageCaptureSourceV1Proxy {
    return watcher.globals.bind(ExtOutputImageCaptureSourceManagerV1Proxy, 1)!.createSource(output);
  }

  function open(
    source: ExtImageCaptureSourceV1Proxy,
    options: 0 | 1 = 0,
  ): { session: ExtImageCopyCaptureSessionV1Proxy; said: string[] } {
    const said: string[] = [];
    const session = watcher.globals
      .bind(ExtImageCopyCaptureManagerV1Proxy, 1)!
      .createSession(source, options, {
        bufferSize: (_, width, height) => void said.push(`${width}×${height}`),
        shmFormat: (_, format) => void said.push(`format ${format}`),
        dmabufDevice() {},
        dmabufFormat() {},
        done: () => void said.push('done'),
        stopped: () => void said.push('stopped'),
      });
    return { session, said };
  }

  async function capture(
    session: ExtImageCopyCaptureSessionV1Proxy,
    buffer: SharedBuffer,
    damage: [number, number, number, number] = [0, 0, buffer.width, buffer.height],
  ): Promise<string[]> {
    const said: string[] = [];
    await new Promise<void>((resolve) => {
      const frame = session.createFrame({
        transform: (_, transform) => void said.push(`transform ${transform}`),
        damage: (_, ...box) => void said.push(box.join(' ')),
        presentationTime() {},
        ready: (proxy) => {
          said.push('ready');
          proxy.destroy();
          resolve();
        },
        failed: (proxy, reason) => {
          said.push(`failed ${reason}`);
          proxy.destroy();
          resolve();
        },
      });
      frame.attachBuffer(buffer.proxy);
      frame.damageBuffer(...damage);
      frame.capture();
    });
    return said;
  }

  it('captures the screen: all of it first, then what is new, into what the buffer lacks', async () => {
    const { surface } = await painter.window(1280, 720, blue);
    const { session: capturing, said } = open(screen());
    await watcher.roundtrip();
    expect(said).toEqual(['1280×720', 'format 1', 'done']);
    const buffer = watcher.buffer(1280, 720, 0);
    expect(await capture(capturing, buffer)).toEqual(['transform 0', '0 0 1280 720', 'ready']);
    const next = capture(capturing, buffer, [0, 0, 1, 1]);
    painter.attach(surface, 1280, 720, green, [10, 20, 30, 40]);
    surface.commit();
    expect(await next).toEqual(['transform 0', '10 20 30 40', 'ready']);
    expect([pixel(buffer, 11, 21), pixel(buffer, 9, 20)]).toEqual([0x00ff00, 0x0000ff]);
  });

  it('says when the size has changed, and fails for a buffer of the old one', async () => {
    await painter.window(1280, 720, blue);
    const { session: capturing, said } = open(screen());
    await capture(capturing, watcher.buffer(1280, 720, 0));
    said.length = 0;
    expect(await capture(capturing, watcher.buffer(640, 480, 0))).toEqual(['failed 1']);
    monitor.setMode({ width: 640, height: 480, refresh: 60_000, scale: 120 });
    await expect.poll(() => said).toEqual(['640×480', 'format 1', 'done']);
    expect(await capture(capturing, watcher.buffer(1280, 720, 0))).toEqual(['failed 1']);
    expect(await capture(capturing, watcher.buffer(640, 480, 0))).toContain('ready');
  });

  it('captures a window in the background, until it is closed', async () => {
    const hidden = await desk.connect(desk.session('hidden'));
    const { surface, toplevel } = await hidden.window(300, 200, green);
    const { handles } = await list();
    const source = watcher.globals
      .bind(ExtForeignToplevelImageCaptureSourceManagerV1Proxy, 1)!
      .createSource(handles.at(-1)!);
    const { session: capturing, said } = open(source);
    const buffer = watcher.buffer(300, 200, 0);
    expect(await capture(capturing, buffer)).toEqual(['transform 0', '0 0 300 200', 'ready']);
    expect(pixel(buffer, 299, 199)).toBe(0x00ff00);
    const next = capture(capturing, buffer);
    hidden.attach(surface, 300, 200, blue, [5, 6, 7, 8]);
    surface.commit();
    expect(await next).toEqual(['transform 0', '5 6 7 8', 'ready']);
    const last = capture(capturing, buffer);
    toplevel.destroy();
    expect(await last).toEqual(['failed 2']);
    expect(said.at(-1)).toBe('stopped');
    const gone = open(source);
    await watcher.roundtrip();
    expect(gone.said).toEqual(['stopped']);
  });

  it('tells of the pointer by itself: where it is, and how it looks', async () => {
    await painter.window(1280, 720, blue);
    const said: string[] = [];
    const cursor = watcher.globals
      .bind(ExtImageCopyCaptureManagerV1Proxy, 1)!
      .createPointerCursorSession(screen(), watcher.pointer, {
        enter: () => void said.push('enter'),
        leave: () => void said.push('leave'),
        position: (_, x, y) => void said.push(`at ${x},${y}`),
        hotspot: (_, x, y) => void said.push(`hot ${x},${y}`),
      });
    await watcher.roundtrip();
    desk.compositor.seat.pointer.moveTo(30, 40, 0);
    await watcher.roundtrip();
    await watcher.roundtrip();
    expect(said).toEqual(['enter', 'at 0,0', 'hot 0,0', 'at 30,40']);
    const sizes: string[] = [];
    const capturing = cursor.getCaptureSession({
      ...{ dmabufDevice() {}, dmabufFormat() {}, stopped() {}, done() {} },
      bufferSize: (_, width, height) => void sizes.push(`${width}×${height}`),
      shmFormat: (_, format) => void sizes.push(`format ${format}`),
    });
    await watcher.roundtrip();
    expect(sizes).toEqual(['12×17', 'format 0']);
    const buffer = watcher.buffer(12, 17, 0, { alpha: true });
    expect(await capture(capturing, buffer)).toContain('ready');
    expect(pixel(buffer, 1, 2)).toBe(0xffffff);
    cursor.getCaptureSession({
      ...{ dmabufDevice() {}, dmabufFormat() {}, stopped() {}, done() {}, bufferSize() {}, shmFormat() {} },
    });
    await expect(watcher.roundtrip()).rejects.toThrow('duplicate_session');
  });

  const nothing = { transform() {}, damage() {}, presentationTime() {}, ready() {}, failed() {} };
  it.each([
    ['invalid_option', () => void open(screen(), 2 as 0)],
    [
      'duplicate_frame',
      () => {
        const { session: capturing } = open(screen());
        capturing.createFrame(nothing);
        capturing.createFrame(nothing);
      },
    ],
    ['no_buffer', () => open(screen()).session.createFrame(nothing).capture()],
    ['invalid_buffer_damage', () => open(screen()).session.createFrame(nothing).damageBuffer(0, 0, 0, 1)],
    [
      'already_captured',
      () => {
        const frame = open(screen()).session.createFrame(nothing);
        frame.attachBuffer(watcher.buffer(1280, 720, 0).proxy);
        frame.capture();
        frame.capture();
      },
    ],
  ])('%s is the error of who does not keep to it', async (name, wrong) => {
    wrong();
    await expect(watcher.roundtrip()).rejects.toThrow(name);
  });
});
