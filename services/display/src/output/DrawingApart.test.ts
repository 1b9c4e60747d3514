import { expect, test } from 'vitest';
import type { Surface } from '../surface/Surface.js';
import { Desk } from '../testing/Desk.js';
import type { Output } from './Output.js';

const side = 2048;
const mode = { width: side, height: side, refresh: 60_000, scale: 120 };

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Until another thread is at it; one that was at once done is not seen. */
async function draws(output: Output): Promise<void> {
  while (!output.drawing) {
    output.damageAll();
    await turn();
  }
}

test('a client whose surface another thread draws waits for that, and nobody else does', async () => {
  using desk = new Desk([], { drawApartFrom: 1_000_000 });
  const session = desk.session();
  desk.activate(session);
  desk.monitor(session, mode);
  const output = desk.compositor.outputs.first;
  const client = await desk.connect(session);
  const bystander = await desk.connect(desk.session('other'));
  // One to see through, whose every pixel is worth sixteen.
  const { surface } = await client.window(side, side, 0x80800000);
  const content = client.client.resource(surface.id)!.handler as Surface;
  let applied = 0;
  let early = 0;
  content.onApplied(() => {
    applied++;
    if (output.drawing) early++;
  });
  let answered = 0;
  let frames = 0;
  // Who is answered in time depends on whose turn it is on the machine too.
  for (; frames < 5 || (answered === 0 && frames < 100); frames++) {
    while (output.drawing) await turn();
    const before = applied;
    await draws(output);
    surface.commit();
    client.connection.flush();
    const answer = bystander.roundtrip().then(() => {
      if (output.drawing) answered++;
    });
    while (output.drawing) await turn();
    await answer;
    while (applied === before) await turn();
  }
  expect([applied, early]).toEqual([frames, 0]);
  expect(answered).toBeGreaterThan(0);
});

test('a screen that is lost while another thread draws on it is drawn anew by whoever gets it', async () => {
  using desk = new Desk([], { drawApartFrom: 1_000_000 });
  const [session, other] = [desk.session(), desk.session('other')];
  desk.activate(session);
  const output = desk.compositor.outputs.first;
  let provider = desk.monitor(session, mode);
  const one = await desk.connect(session);
  await one.window(side, side, 0x80800000);
  const two = await desk.connect(other);
  await two.window(side, side, 0x80008000);
  for (let i = 0; i < 4; i++) {
    const [next, client] = i % 2 === 0 ? [other, one] : [session, two];
    await draws(output);
    // The channel goes, and what it had under way.
    provider[Symbol.dispose]();
    desk.activate(next);
    provider = desk.monitor(next, mode);
    await client.roundtrip();
    expect(output.shown).toBe(next.windows);
  }
  // A client goes whose pixels are being read.
  await draws(output);
  one.connection.disconnect();
  while (output.drawing) await turn();
  await two.roundtrip();
});
