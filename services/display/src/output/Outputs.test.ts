import { MonitorProvider } from '@switchyard/seat';
import {
  type GlobalInfo,
  WlOutputProxy,
  WlSubcompositorProxy,
  WpFractionalScaleManagerV1Proxy,
  WpPresentationProxy,
  ZxdgOutputManagerV1Proxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import { Desk, type DeskClient, type Window } from '../testing/Desk.js';
import type { Output } from './Output.js';

const second = { width: 800, height: 600, refresh: 60_000, scale: 120 };
const [red, blue, green] = [0xffcc0000, 0xff0000cc, 0xff00cc00];

let desk: Desk;
let session: DisplaySession;
let client: DeskClient;
let screens: Screens;

beforeEach(async () => {
  desk = new Desk();
  session = desk.session();
  desk.activate(session);
  desk.monitor(session);
  client = await desk.connect(session);
  screens = new Screens(client);
});

afterEach(() => desk[Symbol.dispose]());

/** The outputs as a client knows them. */
class Screens {
  readonly proxies = new Map<number, WlOutputProxy>();
  readonly said: string[] = [];
  readonly #client: DeskClient;

  constructor(of: DeskClient) {
    this.#client = of;
    for (const global of of.globals) this.#add(global);
    of.globals.onAdded((global) => this.#add(global));
    of.globals.onRemoved(({ name }) => {
      if (this.proxies.delete(name)) this.said.push('gone');
    });
  }

  get all(): WlOutputProxy[] {
    return [...this.proxies.values()];
  }

  /** What was said since this was asked last. */
  async taken(): Promise<string[]> {
    await this.#client.roundtrip();
    return this.said.splice(0);
  }

  #add(global: GlobalInfo): void {
    if (global.interface !== 'wl_output') return;
    const note = (text: string): void => void this.said.push(text);
    const proxy = this.#client.globals.bindGlobal(global, WlOutputProxy, 4, {
      ...{ description() {}, done() {} },
      geometry: (_, x, y) => note(`at ${x},${y}`),
      mode: (_, __, width, height) => note(`${width}×${height}`),
      scale: (_, factor) => note(`scale ${factor}`),
      name: (_, name) => note(name),
    });
    this.proxies.set(global.name, proxy);
  }
}

/** Which outputs a window is on, as its client was told: 1 is the first. */
function on(window: Window): number[] {
  return [...client.entered.get(window.surface)!].map((proxy) => screens.all.indexOf(proxy) + 1);
}

/** What is to be seen in the middle of an output. */
function colourOf(number: number, of = session): number {
  const output = desk.compositor.outputs.numbered(number)!;
  const { width, height } = output.mode;
  const pixels = new Uint8Array(width * height * 4);
  output.compose(pixels, width * 4, of.windows);
  return new Uint32Array(pixels.buffer)[(height >> 1) * width + (width >> 1)]!;
}

const background = 0xff1b1e23;

describe('a second monitor', () => {
  it('is a wl_output more, to the right of the first, and goes with its monitor', async () => {
    await screens.taken();
    desk.monitor(session, { ...second, scale: 240 }, 2);
    await client.roundtrip();
    expect(await screens.taken()).toEqual(['seat0-2', 'at 1280,0', '800×600', 'scale 2']);
    const extents: string[] = [];
    client.globals.bind(ZxdgOutputManagerV1Proxy, 3)!.getXdgOutput(screens.all[1]!, {
      ...{ description() {}, done() {} },
      logicalPosition: (_, x, y) => void extents.push(`at ${x},${y}`),
      logicalSize: (_, width, height) => void extents.push(`${width}×${height}`),
      name: (_, name) => void extents.push(name),
    });
    await client.roundtrip();
    expect(extents).toEqual(['seat0-2', 'at 1280,0', '400×300']);

    extents.length = 0;
    desk.compositor.outputs.first.expect({ width: 1000, height: 700, refresh: 60_000, scale: 120 });
    desk.monitor(session, { width: 1000, height: 700, refresh: 60_000, scale: 120 });
    await expect.poll(() => screens.taken()).toContain('at 1000,0');
    expect(extents).toContain('at 1000,0');

    desk.unplug(2);
    expect(await screens.taken()).toEqual(['gone']);
    // What was bound is still there for its client, and says nothing.
    screens.all[0]!.release();
    await client.roundtrip();
  });

  it('gets the next window, and shows nothing before', async () => {
    await client.window(1280, 720, red);
    desk.monitor(session, second, 2);
    await client.roundtrip();
    await client.roundtrip();
    expect([colourOf(1), colourOf(2)]).toEqual([red, background]);
    const window = client.toplevel();
    window.surface.commit();
    await client.roundtrip();
    expect(window.told).toEqual({ size: '800×600', activated: true });
    client.attach(window.surface, 800, 600, blue);
    window.surface.commit();
    await client.roundtrip();
    expect([colourOf(1), colourOf(2)]).toEqual([red, blue]);
    await client.roundtrip();
    expect(on(window)).toEqual([2]);
    // A third one is where the person works.
    await client.window(800, 600, green);
    expect([colourOf(1), colourOf(2)]).toEqual([red, green]);
  });

  it('takes its windows along to another one when it is unplugged, and gets them back', async () => {
    const first = await client.window(1280, 720, red);
    desk.monitor(session, second, 2);
    await client.roundtrip();
    const window = await client.window(800, 600, blue);
    desk.unplug(2);
    await client.roundtrip();
    expect(window.told.size).toBe('1280×720');
    expect(first.told.activated).toBe(false);
    expect(on(window)).toEqual([1]);
    desk.monitor(session, second, 2);
    await client.roundtrip();
    await client.roundtrip();
    expect(window.told.size).toBe('800×600');
    expect([colourOf(1), colourOf(2)]).toEqual([red, blue]);
    await client.roundtrip();
    expect(on(window)).toEqual([2]);
  });

  it('is where a window goes that asks for it by set_fullscreen', async () => {
    const window = await client.window(1280, 720, red);
    desk.monitor(session, second, 2);
    await client.roundtrip();
    await client.roundtrip();
    window.toplevel.setFullscreen(screens.all[1]!);
    await client.roundtrip();
    expect(window.told.size).toBe('800×600');
    expect([colourOf(1), colourOf(2)]).toEqual([background, red]);
  });

  it('has its own scale for what is on it', async () => {
    desk.monitor(session, { ...second, scale: 180 }, 2);
    await client.roundtrip();
    const [one, two] = [await client.window(1280, 720), await client.window(533, 400)];
    const manager = client.globals.bind(WpFractionalScaleManagerV1Proxy, 1)!;
    const scales: string[] = [];
    for (const [name, { surface }] of Object.entries({ one, two }))
      manager.getFractionalScale(surface, {
        preferredScale: (_, scale) => void scales.push(`${name} ${scale}`),
      });
    await client.roundtrip();
    expect(scales).toEqual(['one 120', 'two 180']);
    one.toplevel.setFullscreen(screens.all[1]!);
    await client.roundtrip();
    session.windows.refresh();
    await client.roundtrip();
    expect(scales.slice(2)).toEqual(['one 180']);
  });
});

describe('frames', () => {
  it('of a monitor that a window has left do not have it, however soon it draws on the other', async () => {
    const mode = { width: 1280, height: 720, refresh: 60_000, scale: 120 };
    const shown = new Map<number, number>();
    const slow = new Set<number>();
    for (const number of [1, 2]) {
      const provider = new MonitorProvider(mode, {
        present: ({ bytes }) => {
          shown.set(number, new DataView(bytes.buffer, bytes.byteOffset).getUint32(300 * 5120 + 1200, true));
          setTimeout(() => provider.flipDone(), slow.has(number) ? 50 : 1);
        },
        cursor() {},
      });
      desk.monitor(session, mode, number, provider);
    }
    const window = await client.window(1280, 720, red);
    const draw = async (colour: number): Promise<void> => {
      client.attach(window.surface, 1280, 720, colour, undefined, false);
      const done = new Promise<void>((resolve) => window.surface.frame({ done: () => resolve() }));
      window.surface.commit();
      await done;
    };
    for (let i = 0; i < 4; i++) await draw(i % 2 ? red : blue);
    await expect.poll(() => client.roundtrip().then(() => shown.get(1))).toBe(red);
    for (const to of [2, 1, 2]) {
      // The one that is left has a frame under way still.
      slow.clear();
      slow.add(3 - to);
      client.attach(window.surface, 1280, 720, blue, undefined, false);
      window.surface.commit();
      await client.roundtrip();
      await client.roundtrip();
      session.windows.moveTo(session.windows.toplevels[0]!, desk.compositor.outputs.numbered(to)!);
      await draw(blue);
      await draw(green);
      const seen = () => client.roundtrip().then(() => [shown.get(to), shown.get(3 - to)]);
      await expect.poll(seen).toEqual([green, background]);
      await draw(red);
      await expect.poll(seen).toEqual([red, background]);
    }
  });

  it('are those of the output that a window is on, and said to be by wp_presentation', async () => {
    const slow = desk.monitor(session, second, 2);
    await client.roundtrip();
    const [one, two] = [await client.window(1280, 720, red), await client.window(800, 600, blue)];
    const presentation = client.globals.bind(WpPresentationProxy, 1, { clockId() {} })!;
    const seen: string[] = [];
    const draw = (name: string, { surface }: Window): void => {
      client.attach(surface, 10, 10, green);
      surface.frame({ done: () => void seen.push(`${name} done`) });
      presentation.feedback(surface, {
        syncOutput: (_, proxy) => void seen.push(`${name} on ${screens.all.indexOf(proxy!) + 1}`),
        presented: () => void seen.push(`${name} presented`),
        discarded: () => void seen.push(`${name} discarded`),
      });
      surface.commit();
    };
    draw('one', one);
    draw('two', two);
    await expect
      .poll(() => client.roundtrip().then(() => [...seen].sort()))
      .toEqual(['one done', 'one on 1', 'one presented', 'two done', 'two on 2', 'two presented']);
    // Without frames of its own output a window gets none; the other's go on.
    slow[Symbol.dispose]();
    seen.length = 0;
    draw('two', two);
    draw('one', one);
    await expect.poll(() => client.roundtrip().then(() => seen)).toContain('one presented');
    expect(seen.filter((what) => what.startsWith('two'))).toEqual([]);
    // With the output gone they are the first one's.
    desk.unplug(2);
    await expect.poll(() => client.roundtrip().then(() => seen)).toContain('two presented');
  });
});

describe('the pointer', () => {
  it('goes from one monitor to the next, and takes its picture along', async () => {
    desk.monitor(session, second, 2);
    const [one, two] = [await client.window(1280, 720, red), await client.window(800, 600, blue)];
    const { pointer } = desk.compositor.seat;
    const [first, right] = desk.compositor.outputs.list as [Output, Output];
    const places: string[] = [];
    client.seat.getPointer({
      ...{ axis() {}, axisSource() {}, axisStop() {}, axisDiscrete() {}, axisValue120() {} },
      ...{ axisRelativeDirection() {}, button() {}, frame() {}, leave() {} },
      enter: (_, __, surface, x, y) =>
        void places.push(`${surface === one.surface ? 'one' : 'two'} ${x},${y}`),
      motion: (_, __, x, y) => void places.push(`${x},${y}`),
    });
    pointer.moveTo(1270, 650, 1);
    await client.roundtrip();
    expect([first.cursor, right.cursor]).toEqual(['default', 'hidden']);
    pointer.moveBy(30, 0, 2);
    await client.roundtrip();
    // The second is not as high: it ends at the edge there is.
    expect(places.at(-1)).toMatch(/^two 20,599\.99/);
    expect([first.cursor, right.cursor]).toEqual(['hidden', 'default']);
    // What it is on goes with its monitor.
    desk.unplug(2);
    await client.roundtrip();
    expect(first.cursor).toBe('default');
    expect(pointer.x).toBeLessThan(1280);
    expect(two.told.size).toBe('1280×720');
  });

  it('stays where it is on its monitor when that moves', async () => {
    desk.monitor(session, second, 2);
    desk.compositor.seat.pointer.moveTo(1280 + 100, 50, 1);
    desk.compositor.outputs.first.expect({ width: 640, height: 480, refresh: 60_000, scale: 120 });
    desk.monitor(session, { width: 640, height: 480, refresh: 60_000, scale: 120 });
    await expect.poll(() => desk.compositor.seat.pointer.x).toBe(740);
  });
});

describe('a popup', () => {
  it('stays on the monitor of its window', async () => {
    desk.monitor(session, second, 2);
    await client.window(1280, 720, red);
    const window = await client.window(800, 600, blue);
    const place = await client.popup(window, { anchor: [780, 580, 10, 10], size: [200, 100] });
    expect(place).toEqual({ x: 600, y: 500 });
  });
});

describe('a part of a window', () => {
  it('that is larger than its monitor is not seen on the next one, and takes no input there', async () => {
    desk.monitor(session, second, 2);
    const [left] = [await client.window(1280, 720, red), await client.window(800, 600, blue)];
    const part = client.surface();
    const subsurface = client.globals.bind(WlSubcompositorProxy, 1)!.getSubsurface(part, left.surface);
    subsurface.setPosition(600, 0);
    client.attach(part, 1280, 720, green);
    part.commit();
    left.xdgSurface.setWindowGeometry(0, 0, 1280, 720);
    left.surface.commit();
    await client.roundtrip();
    session.windows.refresh();
    expect([colourOf(1), colourOf(2)]).toEqual([green, blue]);
    const { pointer } = desk.compositor.seat;
    pointer.moveTo(1279, 10, 1);
    expect(pointer.focus?.resource.id).toBe(part.id);
    pointer.moveTo(1281, 10, 2);
    expect(pointer.focus?.resource.id).not.toBe(part.id);
  });
});

describe('a keyboard that belongs to a monitor', () => {
  it('types to what is shown there', async () => {
    desk.monitor(session, second, 2);
    const [one, two] = [await client.window(1280, 720, red), await client.window(800, 600, blue)];
    expect([one.told.activated, two.told.activated]).toEqual([false, true]);
    session.windows.turnTo(desk.compositor.outputs.first);
    await client.roundtrip();
    expect([one.told.activated, two.told.activated]).toEqual([true, false]);
    expect(desk.compositor.seat.keyboard.focus?.resource.id).toBe(one.surface.id);
    expect([colourOf(1), colourOf(2)]).toEqual([red, blue]);
  });
});
