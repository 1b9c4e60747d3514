/**
 * What a frame costs the display, from a client's commit to the monitor's buffer: an opaque window that fills 1280×720,
 * damaged whole and in part, in one process with its client; from a buffer that is sealed, and one that is not. Beside it
 * the bare copies of the same pixels. What a whole frame costs client and display together when the client writes it into its one
 * buffer, and when it writes it into new memory and seals that (what is sealed is never written again). And what windows cost that are blended or scaled, drawn in the event loop's thread and by
 * another one: the median time of a frame, and how much of it the event loop's thread worked.
 * Run after a build: node bench/composition.mjs [--json] [--size 3840x2160]
 */
import { readFileSync } from 'node:fs';
import { copyRectangle, guardedCopy } from '@switchyard/pixels';
import { addSeals, createMemfd, Mapping, pwrite } from '@switchyard/sys';
import { WlShmFormat, WlShmProxy } from '@switchyard/wayland';
import { Desk } from '../services/display/dist/testing/Desk.js';

const given = process.argv.indexOf('--size');
const [width, height] = (given < 0 ? '1280x720' : process.argv[given + 1]).split('x').map(Number);
const stride = width * 4;
const size = stride * height;
const frames = width > 2000 ? 50 : 200;

const desk = new Desk();
const session = desk.session();
desk.activate(session);
desk.monitor(session, { width, height, refresh: 60_000, scale: 120 });
const client = await desk.connect(session);
const { surface } = await client.window(width, height);
const shm = client.globals.bind(WlShmProxy, 1, { format() {} });
const memory = createMemfd('frames', { size });
const written = Mapping.map(memory, size, { write: true });
const pool = shm.createPool(memory, size);
const buffer = pool.createBuffer(0, width, height, stride, WlShmFormat.xrgb8888, { release() {} });

/** Nobody can write it any more. */
function sealedBuffer(picture = new Uint8Array(size), release = () => {}) {
  const memory = createMemfd('sealed', { size });
  pwrite(memory, picture, 0);
  addSeals(memory, ['shrink', 'write']);
  const pool = shm.createPool(memory, size);
  const buffer = pool.createBuffer(0, width, height, stride, WlShmFormat.xrgb8888, { release });
  pool.destroy();
  return buffer;
}
const sealed = [sealedBuffer(), sealedBuffer()];

/** Median time of a frame in ms, from the commit until its frame callback is here. */
async function frameTime(damage, buffers = [buffer]) {
  const times = [];
  for (let i = 0; i < frames; i++) {
    const start = performance.now();
    await new Promise((resolve) => {
      surface.attach(buffers[i % buffers.length], 0, 0);
      for (const rectangle of damage(i)) surface.damageBuffer(...rectangle);
      surface.frame({ done: resolve });
      surface.commit();
    });
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Of whole frames that `draw` makes a buffer of, client and display together: [median ms, ms of CPU time]. */
async function drawnFrameTime(draw) {
  const times = [];
  const before = process.cpuUsage();
  for (let i = 0; i < frames; i++) {
    const start = performance.now();
    await new Promise((resolve) => {
      surface.attach(draw(), 0, 0);
      surface.damageBuffer(0, 0, width, height);
      surface.frame({ done: resolve });
      surface.commit();
    });
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  return [median(times), (user + system) / 1000 / frames];
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
  'the same, sealed': await frameTime(() => [[0, 0, width, height]], sealed),
  'a frame with 64×64 damaged': await frameTime((i) => [[(i * 64) % (width - 64), 128, 64, 64]]),
  'a frame with nothing damaged': await frameTime(() => []),
  'the copy from the client, whole': copyTime(() =>
    guardedCopy(to, stride, 0, 0, from, stride, 0, 0, width, height),
  ),
  'the copy to the monitor, whole': copyTime(() =>
    copyRectangle(to, stride, 0, 0, from, stride, 0, 0, width, height),
  ),
};
const rewritten = {
  'written into the one buffer': await drawnFrameTime(() => {
    written.bytes.set(from);
    return buffer;
  }),
  'written into new memory and sealed': await drawnFrameTime(() => {
    const once = sealedBuffer(from, () => once.destroy());
    return once;
  }),
};
desk[Symbol.dispose]();
const drawn = {
  'blended, here': await drawingTime(120, Infinity),
  'blended, by another thread': await drawingTime(120, 0),
  'scaled, here': await drawingTime(180, Infinity),
  'scaled, by another thread': await drawingTime(180, 0),
};

/** Of frames of a window to see through, or of one that is scaled: [median ms, ms of this thread's CPU time]. */
async function drawingTime(scale, drawApartFrom) {
  const desk = new Desk([], { drawApartFrom });
  const session = desk.session();
  desk.activate(session);
  desk.monitor(session, { width, height, refresh: 60_000, scale });
  const client = await desk.connect(session);
  const { surface } = await client.window((width * 120) / scale, (height * 120) / scale, 0x80402010);
  const times = [];
  const cpu = () =>
    Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  const before = cpu();
  for (let i = 0; i < frames; i++) {
    const start = performance.now();
    await new Promise((resolve) => {
      surface.frame({ done: resolve });
      surface.commit();
      desk.compositor.outputs.first.damageAll();
    });
    times.push(performance.now() - start);
  }
  const spent = (cpu() - before) / frames;
  desk[Symbol.dispose]();
  return [median(times), spent];
}

if (process.argv.includes('--json')) console.log(JSON.stringify({ ...results, ...rewritten, ...drawn }));
else {
  for (const [what, time] of Object.entries(results)) console.log(`${what.padEnd(36)} ${time.toFixed(3)} ms`);
  for (const [what, [time, cpu]] of Object.entries(rewritten))
    console.log(`${what.padEnd(36)} ${time.toFixed(3)} ms, CPU time ${cpu.toFixed(3)} ms`);
  for (const [what, [time, cpu]] of Object.entries(drawn))
    console.log(`${what.padEnd(36)} ${time.toFixed(3)} ms, of this thread ${cpu.toFixed(3)} ms`);
}
