#!/usr/bin/env node
/**
 * What a seat is like with many viewers and many sessions: the terminal's answer to a key as one viewer gets it, while others
 * watch and others wait in the background.
 *
 *   node bench/web/crowd.mjs [--viewers 20] [--sessions 50]
 *
 * Viewers are programs that acknowledge each frame when they have it, in a process of their own; background sessions are foot with `cat`.
 * key     from writing a key to the socket to the frame with its echo (ms)
 * switch  from asking for another session to its first frame (ms)
 * CPU     of the tree: idle, and while one types ten keys a second
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { KEY } from '@switchyard/uapi';
import { TestViewer } from '../../services/web/dist/testing/TestViewer.js';
import { key, MessageType } from '../../services/web/dist/wire/Wire.js';
import { Switchyard } from './stacks/Switchyard.mjs';

const keys = 80;
const switches = 10;
const idleSeconds = 5;

const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '20' },
    sessions: { type: 'string', default: '50' },
    watch: { type: 'string' },
  },
});

/** The process of the others: so many viewers that do nothing but watch. */
async function watch(url, count) {
  for (let i = 0; i < count; i++) {
    const viewer = await TestViewer.greet(url);
    // What came is not kept.
    viewer.socket.on('message', () => {
      viewer.frames.length = 0;
      viewer.messages.length = 0;
    });
  }
  process.send('watching');
}

function press(viewer, code) {
  for (const down of [1, 0]) {
    const message = new DataView(new ArrayBuffer(key.size));
    key.write(message, 0, { type: MessageType.key, down, code });
    viewer.send(new Uint8Array(message.buffer));
  }
}

/** Milliseconds until the next frame, at most a second. */
async function nextFrame(viewer, act) {
  viewer.frames.length = 0;
  const begun = performance.now();
  act();
  await Promise.race([viewer.until(() => viewer.frames.length > 0), pause(1000)]);
  return performance.now() - begun;
}

const quantile = (numbers, q) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * q)];

async function measure(stack, viewer) {
  const before = stack.cost();
  await pause(idleSeconds * 1000);
  const idle = stack.cost();
  const times = [];
  for (let i = 0; i < keys; i++) {
    times.push(await nextFrame(viewer, () => press(viewer, KEY.A)));
    await pause(100);
  }
  const typed = stack.cost();
  const seconds = (keys * 100 + times.reduce((sum, time) => sum + time, 0)) / 1000;
  return {
    'key p50': quantile(times, 0.5),
    'key p95': quantile(times, 0.95),
    'idle CPU, %': (idle.cpu - before.cpu) / idleSeconds / 10,
    'CPU typing, %': (typed.cpu - idle.cpu) / seconds / 10,
    'PSS, MB': typed.pss / 1e6,
  };
}

function report(what, figures) {
  const text = Object.entries(figures).map(([name, figure]) => `${name} ${figure.toFixed(1)}`);
  console.log(`${what.padEnd(28)} ${text.join(', ')} (load ${loadavg()[0].toFixed(1)})`);
}

async function main() {
  const [viewers, sessions] = [Number(values.viewers), Number(values.sessions)];
  const stack = new Switchyard();
  const url = await stack.start();
  const viewer = await TestViewer.greet(url);
  await pause(1500);
  report('one viewer, one session', await measure(stack, viewer));

  const others = fork(fileURLToPath(import.meta.url), ['--watch', url, '--viewers', String(viewers - 1)]);
  await once(others, 'message');
  report(`${viewers} viewers, one session`, await measure(stack, viewer));

  const begun = performance.now();
  for (let i = 1; i < sessions; i++) stack.run('--background', '--', 'foot', 'cat');
  report(`${sessions - 1} sessions more`, { 'seconds to start them': (performance.now() - begun) / 1000 });
  await pause(3000);
  report(`${viewers} viewers, ${sessions} sessions`, await measure(stack, viewer));

  const entries = viewer.messages.findLast(({ type }) => type === 'sessions').sessions;
  const times = [];
  for (const { id } of [...entries.slice(1, switches), entries[0]]) {
    times.push(await nextFrame(viewer, () => viewer.tell({ type: 'activate', session: id })));
    await pause(300);
  }
  report('a switch', { p50: quantile(times, 0.5), longest: Math.max(...times) });
  others.kill();
  await viewer.close();
  await stack.stop();
}

if (values.watch === undefined) await main();
else await watch(values.watch, Number(values.viewers));
