/**
 * What a frame costs the display, from a client's commit to the monitor's buffer: an opaque window that fills 1280×720,
 * damaged whole and in part, in one process with its client. Beside it the bare copies of the same pixels. Run after a build:
 * node bench/composition.mjs [--json]
 */
import { copyRectangle, guardedCopy } from '@switchyard/pixels';
import { createMemfd } from '@switchyard/sys';
import { WlShmFormat, WlShmProxy } from '@switchyard/wayland';
import { Desk } from '../services/display/dist/testing/Desk.js';

const width = 1280;
const height = 720;
const stride = width * 4;
const size = stride * height;
const frames = 200;

const desk = new Desk();
const session = desk.session();
desk.activate(session);
desk.monitor(session);
const client = await desk.connect(session);
const { surface } = await client.window(width, height);
const shm = client.globals.bind(WlShmProxy, 1, { format() {} });
const pool = shm.createPool(createMemfd('frames', { size }), size);
const buffer = pool.createBuffer(0, width, height, stride, WlShmFormat.xrgb8888, { release() {} });

/** Median time of a frame in ms, from the commit until its frame callback is here. */
async function frameTime(damage) {
  const times = [];
  for (let i = 0; i < frames; i++) {
    const start = performance.now();
    await new Promise((resolve) => {
      surface.attach(buffer, 0, 0);
      for (const rectangle of damage(i)) surface.damageBuffer(...rectangle);
      surface.frame({ done: resolve });
      surface.commit();
    });
    times.push(performance.now() - start);
  }
  return median(times);
}

function copyTime(copy) {
  const times = [];
  for (let i = 0; i < frames; i++) {
    const start = performance.now();
    copy();
    times.push(performance.now() - start);
  }
  return median(times);
}

function median(times) {
  return times.sort((a, b) => a - b)[times.length >> 1];
}

const from = new Uint8Array(size).fill(1);
const to = new Uint8Array(size).fill(2);
const results = {
  'a frame that is damaged whole': await frameTime(() => [[0, 0, width, height]]),
  'a frame with 64×64 damaged': await frameTime((i) => [[(i * 64) % (width - 64), 128, 64, 64]]),
  'a frame with nothing damaged': await frameTime(() => []),
  'the copy from the client, whole': copyTime(() =>
    guardedCopy(to, stride, 0, 0, from, stride, 0, 0, width, height),
  ),
  'the copy to the monitor, whole': copyTime(() =>
    copyRectangle(to, stride, 0, 0, from, stride, 0, 0, width, height),
  ),
};
desk[Symbol.dispose]();

if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else
  for (const [what, time] of Object.entries(results)) console.log(`${what.padEnd(36)} ${time.toFixed(3)} ms`);
