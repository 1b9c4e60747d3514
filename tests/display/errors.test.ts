import { createMemfd, Socket } from '@switchyard/sys';
import { WlShmFormat, type XdgPopupProxy } from '@switchyard/wayland';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { type TestClient, TestPopup, TestWindow } from '../support/TestClient.js';

const fixture = displayFixture();
const nothing = { configure() {}, close() {}, configureBounds() {}, wmCapabilities() {} };
const noPopup = { configure() {}, popupDone() {}, repositioned() {} };
const noRelease = { release() {} };
// Numbers that the enums do not have, as a wrong client may send them.
const unknown = 99 as 1;

const plainRules = { size: [20, 20], anchor: [0, 0, 10, 10] } as const;
const positioner = (client: TestClient) =>
  client.positioner({ size: [...plainRules.size], anchor: [...plainRules.anchor] });

function poolOf(client: TestClient, size = 4096) {
  return client.pool(createMemfd('test', { size }), size);
}

/** A surface with an xdg_surface that swallows its configures. */
function xdg(client: TestClient) {
  const surface = client.surface();
  return { surface, xdgSurface: client.wmBase.getXdgSurface(surface.proxy, { configure() {} }) };
}

const cases: [error: string, what: string, wrong: (client: TestClient) => unknown][] = [
  // wl_shm
  ['wl_shm.invalid_stride', 'a pool of no size', (c) => c.pool(createMemfd('test', { size: 16 }), 0)],
  ['wl_shm.invalid_stride', 'a pool of negative size', (c) => c.pool(createMemfd('test', { size: 16 }), -1)],
  [
    'wl_shm.invalid_fd',
    'a pool of a socket',
    (c) => {
      const [mine, theirs] = Socket.pair('stream');
      c.pool(mine.fd.dup(), 4096);
      mine.close();
      theirs.close();
    },
  ],
  [
    'wl_shm_pool 0',
    'an unknown format',
    (c) => poolOf(c).createBuffer(0, 4, 4, 16, WlShmFormat.rgb565, noRelease),
  ],
  [
    'wl_shm_pool 1',
    'a stride shorter than a row',
    (c) => poolOf(c).createBuffer(0, 4, 4, 15, WlShmFormat.xrgb8888, noRelease),
  ],
  [
    'wl_shm_pool 1',
    'a buffer behind the end of its pool',
    (c) => poolOf(c).createBuffer(4096 - 63, 4, 4, 16, WlShmFormat.xrgb8888, noRelease),
  ],
  [
    'wl_shm_pool 1',
    'a buffer whose size overflows',
    (c) => poolOf(c).createBuffer(0, 4, 0x7fffffff, 0x7fffffff, WlShmFormat.xrgb8888, noRelease),
  ],
  [
    'wl_shm_pool 1',
    'a buffer before its pool',
    (c) => poolOf(c).createBuffer(-4, 4, 4, 16, WlShmFormat.xrgb8888, noRelease),
  ],
  [
    'wl_shm_pool 1',
    'an empty buffer',
    (c) => poolOf(c).createBuffer(0, 0, 4, 16, WlShmFormat.xrgb8888, noRelease),
  ],
  ['wl_shm_pool 2', 'a pool that is made smaller', (c) => poolOf(c).resize(4095)],

  // wl_surface
  ['wl_surface.invalid_scale', 'a buffer scale of 0', (c) => c.surface().proxy.setBufferScale(0)],
  [
    'wl_surface.invalid_transform',
    'an unknown transform',
    (c) => c.surface().proxy.setBufferTransform(8 as 7),
  ],
  ['wl_surface.invalid_offset', 'an attach with an offset', (c) => c.surface().proxy.attach(null, 1, 0)],
  [
    'wl_surface.invalid_size',
    'a buffer that is no multiple of its scale',
    (c) => {
      const surface = c.surface();
      surface.proxy.setBufferScale(2);
      surface.show(c.buffer(3, 4, 0));
    },
  ],

  // wl_subcompositor
  [
    'wl_subcompositor.bad_surface',
    'a sub-surface of itself',
    (c) => {
      const { proxy } = c.surface();
      c.subcompositor.getSubsurface(proxy, proxy);
    },
  ],
  [
    'wl_subcompositor.bad_surface',
    'a sub-surface of its own child',
    (c) => {
      const [a, b] = [c.surface(), c.surface()];
      c.subcompositor.getSubsurface(a.proxy, b.proxy);
      c.subcompositor.getSubsurface(b.proxy, a.proxy);
    },
  ],
  [
    'wl_subcompositor.bad_surface',
    'a window as a sub-surface',
    (c) => c.subcompositor.getSubsurface(new TestWindow(c).proxy, c.surface().proxy),
  ],
  [
    'wl_subcompositor.bad_surface',
    'a second sub-surface of one surface',
    (c) => {
      const [a, b] = [c.surface(), c.surface()];
      c.subcompositor.getSubsurface(a.proxy, b.proxy);
      c.subcompositor.getSubsurface(a.proxy, b.proxy);
    },
  ],
  [
    'wl_subcompositor.bad_surface',
    'sub-surfaces nested beyond measure',
    (c) => {
      let parent = c.surface();
      for (let i = 0; i < 100; i++) {
        const child = c.surface();
        c.subcompositor.getSubsurface(child.proxy, parent.proxy);
        parent = child;
      }
    },
  ],
  [
    'wl_subsurface.bad_surface',
    'a place above a stranger',
    (c) => {
      const [child, parent, stranger] = [c.surface(), c.surface(), c.surface()];
      c.subcompositor.getSubsurface(child.proxy, parent.proxy).placeAbove(stranger.proxy);
    },
  ],
  [
    'wl_subsurface.bad_surface',
    'a place below itself',
    (c) => {
      const [child, parent] = [c.surface(), c.surface()];
      c.subcompositor.getSubsurface(child.proxy, parent.proxy).placeBelow(child.proxy);
    },
  ],

  // wp_viewporter
  [
    'wp_viewporter.viewport_exists',
    'a second viewport',
    (c) => {
      const { proxy } = c.surface();
      c.viewporter.getViewport(proxy);
      c.viewporter.getViewport(proxy);
    },
  ],
  [
    'wp_viewport.bad_value',
    'a source with a negative corner',
    (c) => c.viewporter.getViewport(c.surface().proxy).setSource(-1, 0, 4, 4),
  ],
  [
    'wp_viewport.bad_value',
    'a destination of no width',
    (c) => c.viewporter.getViewport(c.surface().proxy).setDestination(0, 4),
  ],
  [
    'wp_viewport.bad_size',
    'a fractional source without destination',
    (c) => {
      const surface = c.surface();
      c.viewporter.getViewport(surface.proxy).setSource(0, 0, 1.5, 1);
      surface.show(c.buffer(4, 4, 0));
    },
  ],
  [
    'wp_viewport.out_of_buffer',
    'a source beyond its buffer',
    (c) => {
      const surface = c.surface();
      c.viewporter.getViewport(surface.proxy).setSource(2, 0, 3, 4);
      surface.show(c.buffer(4, 4, 0));
    },
  ],
  [
    'wp_viewport.no_surface',
    'a viewport without its surface',
    (c) => {
      const { proxy } = c.surface();
      const viewport = c.viewporter.getViewport(proxy);
      proxy.destroy();
      viewport.setDestination(4, 4);
    },
  ],

  // wl_seat, wl_pointer
  ['wl_pointer.role', 'a window as a cursor', (c) => c.pointer.setCursor(0, new TestWindow(c).proxy, 0, 0)],
  [
    'wl_seat.missing_capability',
    'touch on a seat that never had it',
    (c) =>
      c.seat.getTouch({
        down() {},
        up() {},
        motion() {},
        frame() {},
        cancel() {},
        shape() {},
        orientation() {},
      }),
  ],

  // xdg_wm_base
  [
    'xdg_wm_base.role',
    'an xdg_surface for a sub-surface',
    (c) => {
      const child = c.surface();
      c.subcompositor.getSubsurface(child.proxy, c.surface().proxy);
      c.wmBase.getXdgSurface(child.proxy, { configure() {} });
    },
  ],
  [
    'xdg_wm_base.role',
    'a second xdg_surface',
    (c) => {
      const { surface } = xdg(c);
      c.wmBase.getXdgSurface(surface.proxy, { configure() {} });
    },
  ],
  [
    'xdg_wm_base.invalid_surface_state',
    'an xdg_surface for a surface with a buffer',
    (c) => {
      const surface = c.surface();
      surface.show(c.buffer(4, 4, 0));
      c.wmBase.getXdgSurface(surface.proxy, { configure() {} });
    },
  ],
  [
    'xdg_wm_base.defunct_surfaces',
    'a wm_base that goes before its surfaces',
    (c) => {
      xdg(c);
      c.wmBase.destroy();
    },
  ],
  [
    'xdg_wm_base.invalid_positioner',
    'a popup without a size',
    (c) => {
      const window = new TestWindow(c);
      const empty = c.wmBase.createPositioner();
      empty.setAnchorRect(0, 0, 1, 1);
      xdg(c).xdgSurface.getPopup(window.xdgSurface, empty, noPopup);
    },
  ],
  [
    'xdg_wm_base.invalid_popup_parent',
    'a popup that is committed without a parent',
    (c) => {
      const { surface, xdgSurface } = xdg(c);
      xdgSurface.getPopup(null, positioner(c), noPopup);
      surface.proxy.commit();
    },
  ],
  [
    'xdg_wm_base.invalid_popup_parent',
    'a popup of a surface without a role',
    (c) => xdg(c).xdgSurface.getPopup(xdg(c).xdgSurface, positioner(c), noPopup),
  ],

  // xdg_positioner
  ['xdg_positioner.invalid_input', 'a size of 0', (c) => c.wmBase.createPositioner().setSize(0, 1)],
  [
    'xdg_positioner.invalid_input',
    'a negative anchor rectangle',
    (c) => c.wmBase.createPositioner().setAnchorRect(0, 0, -1, 1),
  ],
  [
    'xdg_positioner.invalid_input',
    'an unknown anchor',
    (c) => c.wmBase.createPositioner().setAnchor(unknown),
  ],
  [
    'xdg_positioner.invalid_input',
    'an unknown gravity',
    (c) => c.wmBase.createPositioner().setGravity(unknown),
  ],

  // xdg_surface
  [
    'xdg_surface.not_constructed',
    'a window geometry without a role',
    (c) => xdg(c).xdgSurface.setWindowGeometry(0, 0, 1, 1),
  ],
  ['xdg_surface.not_constructed', 'an ack without a role', (c) => xdg(c).xdgSurface.ackConfigure(1)],
  ['xdg_surface.not_constructed', 'a commit without a role', (c) => xdg(c).surface.proxy.commit()],
  [
    'xdg_surface.already_constructed',
    'a second role',
    (c) => {
      const { xdgSurface } = xdg(c);
      xdgSurface.getToplevel(nothing);
      xdgSurface.getToplevel(nothing);
    },
  ],
  [
    'xdg_surface.already_constructed',
    'a popup that is a toplevel',
    (c) => {
      const { xdgSurface } = xdg(c);
      xdgSurface.getToplevel(nothing);
      xdgSurface.getPopup(null, positioner(c), noPopup);
    },
  ],
  [
    'xdg_surface.unconfigured_buffer',
    'a buffer before the first commit',
    (c) => {
      const { surface, xdgSurface } = xdg(c);
      xdgSurface.getToplevel(nothing);
      surface.show(c.buffer(4, 4, 0));
    },
  ],
  [
    'xdg_surface.unconfigured_buffer',
    'a buffer before the first ack',
    async (c) => {
      const { surface, xdgSurface } = xdg(c);
      xdgSurface.getToplevel(nothing);
      surface.proxy.commit();
      await c.roundtrip();
      surface.show(c.buffer(4, 4, 0));
    },
  ],
  [
    'xdg_surface.invalid_serial',
    'an ack of what was never sent',
    (c) => new TestWindow(c).xdgSurface.ackConfigure(12345),
  ],
  [
    'xdg_surface.invalid_serial',
    'an ack that comes twice',
    async (c) => {
      const window = await TestWindow.open(c);
      window.xdgSurface.ackConfigure(window.configureSerial);
    },
  ],
  [
    'xdg_surface.invalid_size',
    'a window geometry of no height',
    (c) => new TestWindow(c).xdgSurface.setWindowGeometry(0, 0, 1, 0),
  ],
  [
    'xdg_surface.defunct_role_object',
    'an xdg_surface that goes before its toplevel',
    (c) => new TestWindow(c).xdgSurface.destroy(),
  ],

  // xdg_toplevel
  [
    'xdg_toplevel.invalid_resize_edge',
    'a resize by an unknown edge',
    (c) => new TestWindow(c).toplevel.resize(c.seat, 0, 3 as 1),
  ],
  ['xdg_toplevel.invalid_size', 'a negative minimum', (c) => new TestWindow(c).toplevel.setMinSize(-1, 0)],
  ['xdg_toplevel.invalid_size', 'a negative maximum', (c) => new TestWindow(c).toplevel.setMaxSize(0, -1)],
  [
    'xdg_toplevel.invalid_size',
    'a maximum below the minimum',
    (c) => {
      const window = new TestWindow(c);
      window.toplevel.setMinSize(100, 100);
      window.toplevel.setMaxSize(99, 200);
      window.proxy.commit();
    },
  ],
  [
    'xdg_toplevel.invalid_parent',
    'a window that is its own parent',
    (c) => {
      const window = new TestWindow(c);
      window.toplevel.setParent(window.toplevel);
    },
  ],
  [
    'xdg_toplevel.invalid_parent',
    'a window whose parent is its child',
    async (c) => {
      const parent = await TestWindow.open(c);
      const child = await TestWindow.open(c, { parent });
      parent.toplevel.setParent(child.toplevel);
    },
  ],

  // xdg_popup
  [
    'xdg_popup.invalid_grab',
    'a grab by a mapped popup',
    async (c) => {
      const popup = new TestPopup(await TestWindow.open(c), positioner(c));
      await popup.map(0);
      popup.popup.grab(c.seat, 0);
    },
  ],
  [
    'xdg_popup.invalid_grab',
    'a grab by the popup of a popup without one',
    async (c) => {
      const popup = new TestPopup(await TestWindow.open(c), positioner(c));
      await popup.map(0);
      new TestPopup(popup, positioner(c)).popup.grab(c.seat, 0);
    },
  ],
  [
    'xdg_wm_base.not_the_topmost_popup',
    'a popup that is destroyed before the one above it',
    async (c) => {
      const popup = new TestPopup(await TestWindow.open(c), positioner(c));
      await popup.map(0);
      await new TestPopup(popup, positioner(c)).map(0);
      popup.destroy();
    },
  ],
  [
    'xdg_wm_base.not_the_topmost_popup',
    'a grab beside another one',
    async (c) => {
      const window = await TestWindow.open(c);
      const first = new TestPopup(window, positioner(c));
      first.popup.grab(c.seat, c.serial);
      await first.map(0);
      const second = new TestPopup(window, positioner(c));
      second.popup.grab(c.seat, c.serial);
      await second.map(0).catch(() => {});
    },
  ],
  [
    'xdg_wm_base.invalid_positioner',
    'a popup that is placed anew without an anchor',
    async (c) => {
      const popup: XdgPopupProxy = new TestPopup(await TestWindow.open(c), positioner(c)).popup;
      const empty = c.wmBase.createPositioner();
      empty.setSize(1, 1);
      popup.reposition(empty, 1);
    },
  ],
];

test.each(cases)('%s answers %s', async (error, _, wrong) => {
  const client = await fixture.connect();
  await wrong(client);
  expect(await client.ending()).toBe(error);
});

test('after all of that the display shows windows as before', async () => {
  const client = await fixture.connect();
  await TestWindow.open(client, { colour: 0xff00ff00 });
  expect(fixture.seat.at(1, 1)).toBe(0x00ff00);
  expect(fixture.tree.output).not.toContain('internal error');
});
