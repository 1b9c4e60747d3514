import { WlSubcompositorProxy, type WlSurfaceProxy } from '@switchyard/wayland';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Desk, type DeskClient } from '../testing/Desk.js';

let desk: Desk;
let client: DeskClient;
let window: WlSurfaceProxy;
/** What the window's client hears of its pointer, in words. */
let events: string[];

beforeEach(async () => {
  desk = new Desk();
  const session = desk.session();
  desk.activate(session);
  client = await desk.connect(session);
  window = (await client.window()).surface;
  const nameOf = (surface: WlSurfaceProxy | null) => (surface === window ? 'window' : 'part');
  events = [];
  client.seat.getPointer({
    ...{ axis() {}, axisSource() {}, axisStop() {}, axisDiscrete() {}, axisValue120() {} },
    ...{ axisRelativeDirection() {}, button() {}, frame() {} },
    enter: (_, __, surface, x, y) => void events.push(`enters ${nameOf(surface)} at ${x},${y}`),
    leave: (_, __, surface) => void events.push(`leaves ${nameOf(surface)}`),
    motion: (_, __, x, y) => void events.push(`moves to ${x},${y}`),
  });
  desk.compositor.seat.pointer.moveTo(100, 100, 1);
  await client.roundtrip();
  events.length = 0;
});

afterEach(() => desk[Symbol.dispose]());

/** A part of the window, 50×50, not yet committed. */
function part(x: number, y: number) {
  const surface = client.surface();
  const subcompositor = client.globals.bind(WlSubcompositorProxy, 1)!;
  const subsurface = subcompositor.getSubsurface(surface, window);
  subsurface.setPosition(x, y);
  client.attach(surface, 50, 50);
  surface.commit();
  return { surface, subsurface };
}

it('a roundtrip finds the pointer on what came under it, was moved, and went', async () => {
  const { surface, subsurface } = part(80, 80);
  window.commit();
  await client.roundtrip();
  expect(events.splice(0)).toEqual(['leaves window', 'enters part at 20,20']);
  subsurface.setPosition(90, 95);
  window.commit();
  await client.roundtrip();
  expect(events.splice(0)).toEqual(['moves to 10,5']);
  surface.attach(null, 0, 0);
  surface.commit();
  window.commit();
  await client.roundtrip();
  expect(events.splice(0)).toEqual(['leaves part', 'enters window at 100,100']);
});

it('a surface that moves with a button held on it is told nothing', async () => {
  const { subsurface } = part(80, 80);
  window.commit();
  await client.roundtrip();
  const { pointer } = desk.compositor.seat;
  pointer.button(0x110, true, 2);
  pointer.frame();
  events.length = 0;
  subsurface.setPosition(0, 0);
  window.commit();
  await client.roundtrip();
  expect(events).toEqual([]);
  pointer.button(0x110, false, 3);
  pointer.frame();
  await client.roundtrip();
  expect(events).toEqual(['leaves part', 'enters window at 100,100']);
});

it('the fingers on a surface are up when it is destroyed', async () => {
  const { seat } = desk.compositor;
  seat.setTouch(true);
  await client.roundtrip();
  const touched: string[] = [];
  client.seat.getTouch({
    ...{ motion() {}, cancel() {}, shape() {}, orientation() {} },
    down: (_, __, ___, ____, id) => void touched.push(`down ${id}`),
    up: (_, __, ___, id) => void touched.push(`up ${id}`),
    frame: () => void touched.push('frame'),
  });
  const { surface } = part(80, 80);
  window.commit();
  await client.roundtrip();
  seat.touch.down(3, 90, 90, 1);
  seat.touch.frame();
  surface.destroy();
  await client.roundtrip();
  expect(touched).toEqual(['down 3', 'frame', 'up 3', 'frame']);
  seat.touch.up(3, 2);
  seat.touch.frame();
  await client.roundtrip();
  expect(touched.length).toBe(4);
});
