/** Requests and errors that hardly any program comes to, in the core and in what needs a privilege. */
import { createMemfd } from '@switchyard/sys';
import {
  WlDataDeviceManagerProxy,
  type WlDataOfferProxy,
  type WlPointerAxis,
  type WlPointerAxisSource,
  WlShmFormat,
  WlShmProxy,
  WlSubcompositorProxy,
  XdgActivationV1Proxy,
  XdgPositionerAnchor,
  XdgPositionerGravity,
  XdgWmBaseProxy,
  XdgWmDialogV1Proxy,
  ZwlrDataControlManagerV1Proxy,
  ZwlrVirtualPointerManagerV1Proxy,
  ZwpPointerConstraintsV1Lifetime,
  ZwpPointerConstraintsV1Proxy,
  ZwpVirtualKeyboardManagerV1Proxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Surface } from './surface/Surface.js';
import { Desk, type DeskClient } from './testing/Desk.js';

let desk: Desk;
let client: DeskClient;

beforeEach(async () => {
  desk = new Desk();
  const session = desk.session('session', { privileges: ['clipboard', 'virtual-input'] });
  desk.activate(session);
  client = await desk.connect(session);
});
afterEach(() => {
  desk[Symbol.dispose]();
});

const surfaceOf = ({ id }: { id: number }) => client.client.resource(id)!.handler as Surface;

describe('a surface', () => {
  it('has no input where its region has a hole', async () => {
    const { surface } = await client.window();
    const region = client.compositor.createRegion();
    region.add(0, 0, 1280, 720);
    region.subtract(100, 100, 50, 50);
    surface.setInputRegion(region);
    surface.commit();
    const { pointer } = desk.compositor.seat;
    for (const x of [90, 120, 160]) {
      pointer.moveTo(x, 120, 1);
      await client.roundtrip();
    }
    expect(client.taken().filter((event) => event.startsWith('pointer'))).toEqual([
      'pointer enter',
      'pointer leave',
      'pointer enter',
    ]);
  });

  it('that is the pointer’s picture is moved under it by an offset', async () => {
    await client.window();
    desk.compositor.seat.pointer.moveTo(10, 10, 1);
    await client.roundtrip();
    const picture = client.surface();
    client.pointer.setCursor(client.enterSerial, picture, 8, 9);
    client.attach(picture, 16, 16, 0xffff0000);
    picture.commit();
    client.attach(picture, 16, 16, 0xff00ff00);
    picture.offset(3, 4);
    picture.commit();
    await client.roundtrip();
    expect(desk.compositor.seat.pointer.cursor.image).toMatchObject({ hotX: 5, hotY: 5 });
  });

  it('that is synchronized again waits for its parent', async () => {
    const { surface } = await client.window();
    const part = client.surface();
    const sub = client.globals.bind(WlSubcompositorProxy, 1)!.getSubsurface(part, surface);
    sub.setDesync();
    client.attach(part, 20, 20);
    part.commit();
    await client.roundtrip();
    expect(surfaceOf(part).width).toBe(20);
    sub.setSync();
    client.attach(part, 30, 30);
    part.commit();
    await client.roundtrip();
    expect(surfaceOf(part).width).toBe(20);
    surface.commit();
    await client.roundtrip();
    expect(surfaceOf(part).width).toBe(30);
  });

  it('has no buffers of formats that there are not', async () => {
    const shm = client.globals.bind(WlShmProxy, 1, { format() {} })!;
    const pool = shm.createPool(createMemfd('pool', { size: 4096 }), 4096);
    pool.createBuffer(0, 16, 16, 64, WlShmFormat.nv12, { release() {} });
    await expect(client.roundtrip()).rejects.toThrow('unknown format 0x3231564e');
  });
});

describe('a window', () => {
  it('that asks for another size or place gets a configure, and stays as large as the screen', async () => {
    const shell = client.globals.bind(XdgWmBaseProxy, 3, { ping: (base, serial) => base.pong(serial) })!;
    const surface = client.surface();
    let configures = 0;
    let size = '';
    const xdgSurface = shell.getXdgSurface(surface, {
      configure: (proxy, serial) => {
        configures++;
        proxy.ackConfigure(serial);
      },
    });
    const toplevel = xdgSurface.getToplevel({
      ...{ close() {}, configureBounds() {}, wmCapabilities() {} },
      configure: (_, width, height) => {
        size = `${width}×${height}`;
      },
    });
    surface.commit();
    await client.roundtrip();
    client.attach(surface, 1280, 720);
    surface.commit();
    for (const ask of [
      () => toplevel.setMaximized(),
      () => toplevel.unsetMaximized(),
      () => toplevel.setFullscreen(null),
      () => toplevel.unsetFullscreen(),
    ]) {
      const before = configures;
      ask();
      await client.roundtrip();
      expect(configures).toBeGreaterThan(before);
      expect(size).toBe('1280×720');
    }
    // Nobody has to do anything about these.
    toplevel.setMinimized();
    toplevel.showWindowMenu(client.seat, 0, 10, 10);
    await client.roundtrip();
    expect(surfaceOf(surface).mapped).toBe(true);
  });

  it('has its popups where their offset says', async () => {
    const { xdgSurface } = await client.window();
    const shell = client.globals.bind(XdgWmBaseProxy, 3, { ping: (base, serial) => base.pong(serial) })!;
    const places: string[] = [];
    for (const [x, y] of [
      [0, 0],
      [7, -5],
    ] as const) {
      const positioner = shell.createPositioner();
      positioner.setSize(50, 40);
      positioner.setAnchorRect(100, 100, 10, 10);
      positioner.setAnchor(XdgPositionerAnchor.bottom_right);
      positioner.setGravity(XdgPositionerGravity.bottom_right);
      positioner.setOffset(x, y);
      positioner.setReactive();
      positioner.setParentSize(1280, 720);
      positioner.setParentConfigure(1);
      const surface = client.surface();
      const popup = shell.getXdgSurface(surface, {
        configure: (proxy, serial) => proxy.ackConfigure(serial),
      });
      popup.getPopup(xdgSurface, positioner, {
        ...{ popupDone() {}, repositioned() {} },
        configure: (_, left, top) => void places.push(`${left},${top}`),
      });
      surface.commit();
      await client.roundtrip();
    }
    expect(places).toEqual(['110,110', '117,105']);
  });

  it('that is no dialog any more does not take the keyboard from its parent', async () => {
    const dialogs = client.globals.bind(XdgWmDialogV1Proxy, 1)!;
    const { toplevel } = await client.window();
    const dialog = dialogs.getXdgDialog(toplevel);
    dialog.setModal();
    dialog.unsetModal();
    dialog.destroy();
    await client.roundtrip();
    dialogs.getXdgDialog(toplevel);
    await client.roundtrip();
  });
});

it('a constraint of the pointer takes another region with the next commit', async () => {
  const constraints = client.globals.bind(ZwpPointerConstraintsV1Proxy, 1)!;
  const { surface } = await client.window();
  const { pointer } = desk.compositor.seat;
  pointer.moveTo(100, 100, 1);
  await client.roundtrip();
  const events: string[] = [];
  const lifetime = ZwpPointerConstraintsV1Lifetime.persistent;
  const confined = constraints.confinePointer(surface, client.pointer, null, lifetime, {
    confined: () => void events.push('confined'),
    unconfined: () => void events.push('unconfined'),
  });
  await client.roundtrip();
  const region = client.compositor.createRegion();
  region.add(50, 50, 100, 100);
  confined.setRegion(region);
  surface.commit();
  await client.roundtrip();
  pointer.moveBy(400, 0, 2);
  await client.roundtrip();
  expect(events).toEqual(['confined']);
  expect(Math.ceil(pointer.x)).toBeLessThanOrEqual(150);
  confined.destroy();
  const locked = constraints.lockPointer(surface, client.pointer, null, lifetime, {
    locked() {},
    unlocked() {},
  });
  locked.setRegion(region);
  locked.setCursorPositionHint(60, 60);
  surface.commit();
  await client.roundtrip();
});

describe('who breaks the rules is told so in the protocol’s words:', () => {
  const toldOf = (error: string) => expect(client.roundtrip()).rejects.toThrow(error);
  const controlSource = () =>
    client.globals.bind(ZwlrDataControlManagerV1Proxy, 2)!.createDataSource({ send() {}, cancelled() {} });
  const controlDevice = () =>
    client.globals.bind(ZwlrDataControlManagerV1Proxy, 2)!.getDataDevice(client.seat, {
      ...{
        dataOffer: (_, offer) => void offer.implement({ offer() {} }),
        selection() {},
        primarySelection() {},
        finished() {},
      },
    });
  const virtualPointer = () =>
    client.globals.bind(ZwlrVirtualPointerManagerV1Proxy, 2)!.createVirtualPointer(client.seat);

  it('a source of the clipboard that is used twice', async () => {
    const source = controlSource();
    const device = controlDevice();
    device.setSelection(source);
    device.setPrimarySelection(source);
    await toldOf('used_source');
  });

  it('a type that is offered when others have the source already', async () => {
    const source = controlSource();
    controlDevice().setSelection(source);
    source.offer('text/plain');
    await toldOf('invalid_offer');
  });

  it('actions of a drag for what was copied', async () => {
    await client.window();
    const manager = client.globals.bind(WlDataDeviceManagerProxy, 3)!;
    const offers: WlDataOfferProxy[] = [];
    manager.getDataDevice(client.seat, {
      ...{ enter() {}, leave() {}, motion() {}, drop() {}, selection() {} },
      dataOffer: (_, offer) => {
        offers.push(offer);
        offer.implement({ offer() {}, sourceActions() {}, action() {} });
      },
    });
    const source = controlSource();
    source.offer('text/plain');
    controlDevice().setSelection(source);
    await client.roundtrip();
    await client.roundtrip();
    offers[0]!.setActions(1, 1);
    await toldOf('invalid_offer');
  });

  it('a key of a keyboard that has no keymap yet', async () => {
    const keyboards = client.globals.bind(ZwpVirtualKeyboardManagerV1Proxy, 1)!;
    keyboards.createVirtualKeyboard(client.seat).key(1, 30, 1);
    await toldOf('no_keymap');
  });

  it('an axis and a source of scrolling that there are not', async () => {
    virtualPointer().axis(1, 7 as WlPointerAxis, 10);
    await toldOf('invalid_axis');
  });

  it('a source of scrolling that there is not', async () => {
    virtualPointer().axisSource(9 as WlPointerAxisSource);
    await toldOf('invalid_axis_source');
  });

  it('a token that is asked for twice', async () => {
    const { surface } = await client.window();
    const token = client.globals.bind(XdgActivationV1Proxy, 1)!.getActivationToken({ done() {} });
    token.setSurface(surface);
    token.commit();
    token.setSurface(surface);
    await toldOf('already_used');
  });
});
