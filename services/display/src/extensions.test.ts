import { monotonicNow } from '@switchyard/sys';
import {
  WlOutputProxy,
  type WlSurfaceProxy,
  WpContentTypeManagerV1Proxy,
  WpFractionalScaleManagerV1Proxy,
  WpPresentationProxy,
  WpSinglePixelBufferManagerV1Proxy,
  WpTearingControlManagerV1Proxy,
  WpViewporterProxy,
  XdgActivationV1Proxy,
  type XdgToplevelProxy,
  XdgWmDialogV1Proxy,
  ZwpIdleInhibitManagerV1Proxy,
  ZwpKeyboardShortcutsInhibitManagerV1Proxy,
  ZwpPointerGesturesV1Proxy,
  ZxdgDecorationManagerV1Proxy,
  ZxdgOutputManagerV1Proxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DisplaySession } from './session/DisplaySession.js';
import { Desk, type DeskClient } from './testing/Desk.js';

let desk: Desk;
let session: DisplaySession;
let client: DeskClient;

beforeEach(async () => {
  desk = new Desk();
  session = desk.session();
  desk.activate(session);
  client = await desk.connect(session);
});

afterEach(() => {
  desk[Symbol.dispose]();
});

const ignoredOutput = { geometry() {}, mode() {}, done() {}, scale() {}, name() {}, description() {} };

describe('wp_presentation', () => {
  type Feedback = { outputs: number; time: bigint; refresh: number } | 'discarded';

  function feedback(presentation: WpPresentationProxy, surface: WlSurfaceProxy): Promise<Feedback> {
    return new Promise((resolve) => {
      let outputs = 0;
      presentation.feedback(surface, {
        syncOutput: () => void outputs++,
        presented: (_, high, low, nanoseconds, refresh) => {
          const seconds = (BigInt(high) << 32n) | BigInt(low);
          resolve({ outputs, time: seconds * 1_000_000_000n + BigInt(nanoseconds), refresh });
        },
        discarded: () => resolve('discarded'),
      });
    });
  }

  it('tells when a commit was on the screen, on the clock that it named, and on which output', async () => {
    let clock = 0;
    const presentation = client.globals.bind(WpPresentationProxy, 1, {
      clockId: (_, id) => {
        clock = id;
      },
    })!;
    client.globals.bind(WlOutputProxy, 4, ignoredOutput);
    desk.monitor(session);
    const { surface } = await client.window();
    const before = monotonicNow();
    client.attach(surface, 1280, 720);
    const shown = feedback(presentation, surface);
    surface.commit();
    const result = await shown;
    expect(clock).toBe(1);
    expect(result).toMatchObject({ outputs: 1, refresh: 16_666_667 });
    expect((result as { time: bigint }).time).toBeGreaterThanOrEqual(before);
    expect((result as { time: bigint }).time).toBeLessThanOrEqual(monotonicNow());
  });

  it('tells that a commit was never shown, when it was replaced before or its surface is gone', async () => {
    const presentation = client.globals.bind(WpPresentationProxy, 1, { clockId() {} })!;
    // No monitor: nothing is ever shown.
    const { surface } = await client.window();
    const results: Promise<Feedback>[] = [];
    for (let i = 0; i < 2; i++) {
      client.attach(surface, 1280, 720);
      results.push(feedback(presentation, surface));
      surface.commit();
    }
    expect(await results[0]).toBe('discarded');
    surface.destroy();
    expect(await results[1]).toBe('discarded');
  });
});

describe('zxdg_decoration_manager_v1', () => {
  it('always answers that decorations are the server’s, and lets the client configure', async () => {
    const manager = client.globals.bind(ZxdgDecorationManagerV1Proxy, 1)!;
    const { toplevel } = await mappedLater();
    const modes: number[] = [];
    const decoration = manager.getToplevelDecoration(toplevel, {
      configure: (_, mode) => void modes.push(mode),
    });
    await client.roundtrip();
    decoration.setMode(1);
    decoration.unsetMode();
    await client.roundtrip();
    expect(modes).toEqual([2, 2, 2]);
    decoration.destroy();
    await client.roundtrip();
  });

  it('refuses a second decoration, and one of a window that has content', async () => {
    const manager = client.globals.bind(ZxdgDecorationManagerV1Proxy, 1)!;
    const other = await desk.connect(session);
    const { toplevel } = await mappedLater();
    manager.getToplevelDecoration(toplevel, { configure() {} });
    manager.getToplevelDecoration(toplevel, { configure() {} });
    await expect(client.roundtrip()).rejects.toThrow('already_constructed');
    const mapped = (await other.window()).toplevel;
    other.globals.bind(ZxdgDecorationManagerV1Proxy, 1)!.getToplevelDecoration(mapped, { configure() {} });
    await expect(other.roundtrip()).rejects.toThrow('unconfigured_buffer');
  });

  it('wants to be destroyed before its window', async () => {
    const manager = client.globals.bind(ZxdgDecorationManagerV1Proxy, 1)!;
    const { toplevel } = await mappedLater();
    manager.getToplevelDecoration(toplevel, { configure() {} });
    toplevel.destroy();
    await expect(client.roundtrip()).rejects.toThrow('orphaned');
  });

  /** A toplevel without content yet. */
  async function mappedLater(): Promise<{ toplevel: XdgToplevelProxy }> {
    const { toplevel } = client.toplevel();
    await client.roundtrip();
    return { toplevel };
  }
});

describe('zxdg_output_manager_v1', () => {
  it('says the output’s size in surface units, and again when it changes, before wl_output.done', async () => {
    const events: string[] = [];
    const output = client.globals.bind(WlOutputProxy, 4, {
      ...ignoredOutput,
      done: () => void events.push('done'),
    })!;
    await client.roundtrip();
    events.length = 0;
    client.globals.bind(ZxdgOutputManagerV1Proxy, 3)!.getXdgOutput(output, {
      logicalPosition: (_, x, y) => void events.push(`at ${x},${y}`),
      logicalSize: (_, width, height) => void events.push(`${width}×${height}`),
      name: (_, name) => void events.push(name),
      done: () => void events.push('done of its own'),
      description() {},
    });
    await client.roundtrip();
    expect(events).toEqual(['seat0', 'at 0,0', '1280×720', 'done']);
    events.length = 0;
    desk.compositor.outputs.first.expect({ width: 1600, height: 900, refresh: 60_000, scale: 240 });
    await client.roundtrip();
    expect(events).toEqual(['at 0,0', '800×450', 'done']);
  });
});

describe('wl_surface.preferred_buffer_scale', () => {
  it('says the whole scale that an output’s comes to, to surfaces that are there and to new ones', async () => {
    const scales: string[] = [];
    const surface = (name: string) =>
      client.compositor.createSurface({
        ...{ enter() {}, leave() {}, preferredBufferTransform() {} },
        preferredBufferScale: (_, scale) => void scales.push(`${name} ${scale}`),
      });
    surface('early');
    await client.roundtrip();
    expect(scales).toEqual([]);
    desk.compositor.outputs.first.expect({ width: 1600, height: 900, refresh: 60_000, scale: 180 });
    surface('late');
    await client.roundtrip();
    expect(scales).toEqual(['early 2', 'late 2']);
  });
});

describe('wp_fractional_scale_manager_v1', () => {
  it('says the output’s scale in 120ths, and again when it changes; one object a surface', async () => {
    const scales: number[] = [];
    const manager = client.globals.bind(WpFractionalScaleManagerV1Proxy, 1)!;
    const surface = client.surface();
    const note = { preferredScale: (_: unknown, scale: number): void => void scales.push(scale) };
    manager.getFractionalScale(surface, note).destroy();
    manager.getFractionalScale(surface, note);
    desk.compositor.outputs.first.expect({ width: 1280, height: 720, refresh: 60_000, scale: 120 });
    await client.roundtrip();
    desk.compositor.outputs.first.expect({ width: 1280, height: 720, refresh: 60_000, scale: 150 });
    await client.roundtrip();
    expect(scales.slice(-2)).toEqual([120, 150]);
    manager.getFractionalScale(surface, note);
    await expect(client.roundtrip()).rejects.toThrow('fractional_scale_exists');
  });
});

describe('wp_single_pixel_buffer_manager_v1', () => {
  it('makes a colour of one pixel, which a viewport stretches over the screen', async () => {
    const buffers = client.globals.bind(WpSinglePixelBufferManagerV1Proxy, 1)!;
    const viewporter = client.globals.bind(WpViewporterProxy, 1)!;
    const { surface } = await client.window();
    const max = 0xffff_ffff;
    let released = false;
    const buffer = buffers.createU32RgbaBuffer(0x1122_3344, 0x8000_0000, max, max, {
      release: () => {
        released = true;
      },
    });
    viewporter.getViewport(surface).setDestination(1280, 720);
    surface.attach(buffer, 0, 0);
    surface.damage(0, 0, 1280, 720);
    surface.commit();
    await client.roundtrip();
    const pixels = new Uint8Array(1280 * 720 * 4);
    session.windows.refresh();
    desk.compositor.outputs.first.compose(pixels, 1280 * 4, session.windows);
    const last = pixels.length - 4;
    expect([...pixels.subarray(0, 3), ...pixels.subarray(last, last + 3)]).toEqual([
      255, 128, 17, 255, 128, 17,
    ]);
    expect(released).toBe(true);
  });
});

describe('zwp_idle_inhibit_manager_v1', () => {
  it('holds while the surface is on the screen', async () => {
    const { idleInhibition } = desk.compositor.extensions;
    desk.monitor(session);
    const { surface } = await client.window();
    const inhibitor = client.globals.bind(ZwpIdleInhibitManagerV1Proxy, 1)!.createInhibitor(surface);
    await client.roundtrip();
    await expect.poll(() => idleInhibition.inhibited).toBe(true);
    inhibitor.destroy();
    await client.roundtrip();
    expect(idleInhibition.inhibited).toBe(false);
  });
});

describe('xdg_activation_v1', () => {
  async function token(from: DeskClient): Promise<string> {
    const activation = from.globals.bind(XdgActivationV1Proxy, 1)!;
    return new Promise((resolve) => {
      const request = activation.getActivationToken({ done: (_, text) => resolve(text) });
      request.setSerial(1, from.seat);
      request.commit();
    });
  }

  it('brings a window to the front with a token of the client that has the keyboard, once', async () => {
    await client.window();
    const other = await desk.connect(session);
    const { surface } = await other.window();
    const again = await client.window();
    await other.roundtrip();
    const { keyboard } = desk.compositor.seat;
    expect(keyboard.focus?.resource.id).toBe(again.surface.id);
    const text = await token(client);
    const activation = other.globals.bind(XdgActivationV1Proxy, 1)!;
    activation.activate(text, surface);
    await other.roundtrip();
    expect(keyboard.focus?.state.client).toBe(other.client);
    const third = await client.window();
    activation.activate(text, surface);
    await other.roundtrip();
    expect(keyboard.focus?.resource.id, 'the token is used up').toBe(third.surface.id);
  });

  it('does not let a client in the background take the screen by itself', async () => {
    const other = await desk.connect(session);
    const { surface } = await other.window();
    const { surface: front } = await client.window();
    const text = await token(other);
    other.globals.bind(XdgActivationV1Proxy, 1)!.activate(text, surface);
    await other.roundtrip();
    expect(desk.compositor.seat.keyboard.focus?.resource.id).toBe(front.id);
  });

  it('refuses a token object that was used already', async () => {
    const activation = client.globals.bind(XdgActivationV1Proxy, 1)!;
    const request = activation.getActivationToken({ done() {} });
    request.commit();
    request.commit();
    await expect(client.roundtrip()).rejects.toThrow('already_used');
  });
});

describe('objects that a surface, a toplevel or a seat has one of', () => {
  it('content types and tearing controls: a second one is an error, one after the other is not', async () => {
    const types = client.globals.bind(WpContentTypeManagerV1Proxy, 1)!;
    const tearing = client.globals.bind(WpTearingControlManagerV1Proxy, 1)!;
    const surface = client.surface();
    types.getSurfaceContentType(surface).destroy();
    types.getSurfaceContentType(surface).setContentType(2);
    tearing.getTearingControl(surface).destroy();
    tearing.getTearingControl(surface).setPresentationHint(1);
    await client.roundtrip();
    const other = await desk.connect(session);
    const theirs = other.surface();
    const manager = other.globals.bind(WpTearingControlManagerV1Proxy, 1)!;
    manager.getTearingControl(theirs);
    manager.getTearingControl(theirs);
    await expect(other.roundtrip()).rejects.toThrow('tearing_control_exists');
    types.getSurfaceContentType(surface);
    await expect(client.roundtrip()).rejects.toThrow('already_constructed');
  });

  it('dialogs', async () => {
    const dialogs = client.globals.bind(XdgWmDialogV1Proxy, 1)!;
    const { toplevel } = client.toplevel();
    dialogs.getXdgDialog(toplevel).destroy();
    dialogs.getXdgDialog(toplevel).setModal();
    await client.roundtrip();
    dialogs.getXdgDialog(toplevel);
    await expect(client.roundtrip()).rejects.toThrow('already_used');
  });

  it('shortcut inhibitors, which are active while their surface has the keyboard', async () => {
    const manager = client.globals.bind(ZwpKeyboardShortcutsInhibitManagerV1Proxy, 1)!;
    const said: string[] = [];
    const events = { active: () => void said.push('active'), inactive: () => void said.push('inactive') };
    const { surface } = await client.window();
    manager.inhibitShortcuts(surface, client.seat, events);
    await client.roundtrip();
    desk.activate(undefined);
    desk.activate(session);
    await client.roundtrip();
    expect(said).toEqual(['active', 'inactive', 'active']);
    manager.inhibitShortcuts(surface, client.seat, events);
    await expect(client.roundtrip()).rejects.toThrow('already_inhibited');
  });

  it('gestures, which never come', async () => {
    const gestures = client.globals.bind(ZwpPointerGesturesV1Proxy, 3)!;
    const handler = { begin() {}, update() {}, end() {} };
    gestures.getSwipeGesture(client.pointer, handler).destroy();
    gestures.getPinchGesture(client.pointer, handler).destroy();
    gestures.getHoldGesture(client.pointer, handler).destroy();
    gestures.release();
    await client.roundtrip();
  });
});
