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
