import { readFileSync } from 'node:fs';
import type { WlSurfaceProxy } from '@switchyard/wayland';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import { Desk, type DeskClient } from '../testing/Desk.js';
import type { Surface } from './Surface.js';

/** Of a buffer of 2048×2048, half of what is copied for one client in one turn. */
const side = 2048;
const bytes = side * side * 4;

let desk: Desk;
let session: DisplaySession;
let client: DeskClient;

beforeEach(async () => {
  desk = new Desk();
  session = desk.session();
  desk.activate(session);
  client = await desk.connect(session);
});

afterEach(() => desk[Symbol.dispose]());

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Anonymous memory and the like that this process has, without files. */
function residentBytes(): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/^RssAnon:\s+(\d+)/m.exec(status)![1]) * 1024;
}

it('a client that commits large buffers one after the other leaves every turn to others too', async () => {
  const { surface } = await client.window(side, side);
  const commits = 12;
  let applied = 0;
  const resource = client.client.resource(surface.id)!;
  (resource.handler as Surface).onApplied(() => applied++);
  for (let i = 0; i < commits; i++) {
    client.attach(surface, side, side);
    surface.commit();
  }
  let mostInATurn = 0;
  for (let before = 0; applied < commits; before = applied) {
    await turn();
    mostInATurn = Math.max(mostInATurn, applied - before);
  }
  expect(mostInATurn).toBe(2);
});

it('what a surface shows is given back to the system with the surface', async () => {
  const surfaces: WlSurfaceProxy[] = [];
  for (let i = 0; i < 8; i++) surfaces.push((await client.window(side, side)).surface);
  const before = residentBytes();
  client.connection.disconnect();
  while (desk.compositor.display.clients.size > 0) await turn();
  expect(surfaces.length).toBe(8);
  expect(before - residentBytes()).toBeGreaterThan(7 * bytes);
});

it('pixels that another thread reads stay as they are, and what is committed meanwhile goes elsewhere', async () => {
  const { surface } = await client.window(64, 64, 0xff0000ff);
  const { pixels } = client.client.resource(surface.id)!.handler as Surface;
  for (const side of [64, 32]) {
    const before = pixels!.bytes;
    const copy = before.slice();
    pixels!.beginReading();
    for (const colour of [0xff00ff00, 0xffff0000]) {
      client.attach(surface, side, 64 * (64 / side), colour, [0, 0, 8, 8]);
      surface.commit();
      await client.roundtrip();
    }
    pixels!.endReading();
    expect(Buffer.compare(before, copy)).toBe(0);
    expect(pixels!.bytes).not.toBe(before);
    expect([...pixels!.bytes.subarray(0, 4)]).toEqual([0, 0, 0xff, 0xff]);
    // Where there was no damage it is as before, unless all is new.
    if (side === 64) expect([...pixels!.bytes.subarray(-4)]).toEqual([...copy.subarray(-4)]);
  }
});
