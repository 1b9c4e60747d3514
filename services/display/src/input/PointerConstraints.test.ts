import {
  type WlSurfaceProxy,
  ZwpPointerConstraintsV1Lifetime,
  ZwpPointerConstraintsV1Proxy,
  ZwpRelativePointerManagerV1Proxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import { Desk, type DeskClient } from '../testing/Desk.js';
import type { Pointer } from './Pointer.js';

const { oneshot, persistent } = ZwpPointerConstraintsV1Lifetime;

let desk: Desk;
let session: DisplaySession;
let client: DeskClient;
let surface: WlSurfaceProxy;
let constraints: ZwpPointerConstraintsV1Proxy;
let pointer: Pointer;
let events: string[];

beforeEach(async () => {
  desk = new Desk();
  pointer = desk.compositor.seat.pointer;
  session = desk.session();
  desk.activate(session);
  client = await desk.connect(session);
  constraints = client.globals.bind(ZwpPointerConstraintsV1Proxy, 1)!;
  events = [];
  client.globals.bind(ZwpRelativePointerManagerV1Proxy, 1)!.getRelativePointer(client.pointer, {
    relativeMotion: (_, __, ___, dx, dy) => void events.push(`moved by ${dx},${dy}`),
  });
  surface = (await client.window()).surface;
  pointer.moveTo(100, 100, 1);
  await client.roundtrip();
  events.length = 0;
});

afterEach(() => {
  desk[Symbol.dispose]();
});

function lock(lifetime: 1 | 2 = persistent) {
  return constraints.lockPointer(surface, client.pointer, null, lifetime, {
    locked: () => void events.push('locked'),
    unlocked: () => void events.push('unlocked'),
  });
}

describe('a relative pointer', () => {
  it('hears the motions of relative and absolute devices, and only while its client has the pointer', async () => {
    pointer.moveBy(3, -4, 2);
    pointer.moveTo(110, 120, 3);
    await client.roundtrip();
    expect(events).toEqual(['moved by 3,-4', 'moved by 10,20']);
    desk.activate(undefined);
    pointer.moveBy(1, 1, 4);
    await client.roundtrip();
    expect(events.length).toBe(2);
  });
});

describe('a locked pointer', () => {
  it('stays where it is, while its motions are heard', async () => {
    lock();
    await client.roundtrip();
    pointer.moveBy(5, 6, 2);
    pointer.moveTo(400, 300, 3);
    pointer.moveTo(410, 305, 4);
    await client.roundtrip();
    expect([pointer.x, pointer.y]).toEqual([100, 100]);
    expect(events).toEqual(['locked', 'moved by 5,6', 'moved by 300,200', 'moved by 10,5']);
  });

  it('is free when the session is switched, and locked again with it: once or always, as asked', async () => {
    lock(persistent);
    await client.roundtrip();
    desk.activate(undefined);
    desk.activate(session);
    await client.roundtrip();
    expect(events).toEqual(['locked', 'unlocked', 'locked']);
  });

  it('is locked once only when asked so', async () => {
    lock(oneshot);
    await client.roundtrip();
    desk.activate(undefined);
    desk.activate(session);
    await client.roundtrip();
    expect(events).toEqual(['locked', 'unlocked']);
  });

  it('appears where the client has drawn its own when it is unlocked', async () => {
    const locked = lock();
    locked.setCursorPositionHint(30, 40);
    surface.commit();
    locked.destroy();
    await client.roundtrip();
    expect([pointer.x, pointer.y]).toEqual([30, 40]);
    pointer.moveBy(1, 1, 5);
    expect([pointer.x, pointer.y]).toEqual([31, 41]);
  });

  it('takes a second constraint of the surface for a mistake', async () => {
    lock();
    lock();
    await expect(client.roundtrip()).rejects.toThrow('already_constrained');
  });
});

describe('a confined pointer', () => {
  it('waits until it is in the region, and then does not leave it', async () => {
    const region = client.compositor.createRegion();
    region.add(200, 200, 100, 50);
    const confined = constraints.confinePointer(surface, client.pointer, region, persistent, {
      confined: () => void events.push('confined'),
      unconfined: () => void events.push('unconfined'),
    });
    await client.roundtrip();
    pointer.moveTo(150, 150, 2);
    expect([pointer.x, pointer.y]).toEqual([150, 150]);
    pointer.moveTo(250, 225, 3);
    pointer.moveTo(251, 225, 4);
    pointer.moveTo(1000, 0, 5);
    await client.roundtrip();
    expect([pointer.x, pointer.y]).toEqual([299, 200]);
    expect(events.filter((event) => !event.startsWith('moved'))).toEqual(['confined']);
    confined.destroy();
    await client.roundtrip();
    pointer.moveTo(1000, 0, 6);
    expect([pointer.x, pointer.y]).toEqual([1000, 0]);
  });
});
