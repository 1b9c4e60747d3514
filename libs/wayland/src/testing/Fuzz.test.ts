import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fd, Socket, SystemError, sealedMemfd } from '@switchyard/sys';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DisplayConnection } from '../client/DisplayConnection.js';
import {
  WlCompositorProxy,
  WlDataDeviceManagerProxy,
  WlSeatProxy,
  WlShmFormat,
  WlShmProxy,
  WlSubcompositorProxy,
  WpViewporterProxy,
  XdgWmBaseProxy,
} from '../generated/index.js';
import type { FuzzReport } from './FuzzServer.js';
import { permissiveHandler } from './permissiveHandler.js';

const MUTATED_MESSAGES = 100_000;
const PARALLEL_CLIENTS = 8;
/** Most connections end earlier, by the first mutation that hits a header, an object or a length. */
const MESSAGES_A_CLIENT = 400;

/** What one valid client says: the setup as a whole, then its messages one by one. */
type Recording = { setup: Buffer; fds: number; messages: Buffer[] };

let folder: string;
let path: string;
let server: ChildProcess;
let recording: Recording;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wayland-fuzz-'));
  path = join(folder, 'socket');
  const program = fileURLToPath(new URL('../../dist/testing/FuzzServer.js', import.meta.url));
  server = fork(program, [path], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(server, 'message');
  recording = await record();
});

afterAll(async () => {
  server.disconnect();
  await once(server, 'exit');
  rmSync(folder, { recursive: true });
});

it('100,000 mutated messages end no server, leak no fd, and delay nobody else', async () => {
  const bystander = DisplayConnection.connect(path);
  await bystander.roundtrip();
  const open = openFds();
  const before = await report();
  const random = xorshift(Number(process.env['FUZZ_SEED'] ?? 0x5eed));
  let connections = 0;
  let mutated = 0;
  const worker = async (): Promise<void> => {
    while (mutated < MUTATED_MESSAGES) {
      await attack(random);
      connections++;
      if (connections % 250 !== 0) continue;
      await bystander.roundtrip();
      const now = await report();
      mutated = now.requests + now.errors - before.requests - connections * setupMessages();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_CLIENTS }, worker));
  await bystander.roundtrip();
  await expect.poll(async () => (await report()).clients).toBe(1);
  expect(server.exitCode).toBeNull();
  expect((await report()).internalErrors).toEqual([]);
  expect((await report()).errors).toBeGreaterThan(100);
  expect(openFds()).toBe(open);
  bystander.disconnect();
});

it('neither do messages made up from nothing', async () => {
  const word = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 0xffffffff }), fc.constant(0xff000000));
  const message = fc.record({
    object: fc.nat({ max: 30 }),
    opcode: fc.nat({ max: 12 }),
    words: fc.array(word, { maxLength: 8 }),
  });
  const bystander = DisplayConnection.connect(path);
  await bystander.roundtrip();
  const open = openFds();
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 10 }), async (messages) => {
      const bytes = messages.map(({ object, opcode, words }) =>
        Buffer.from(new Uint32Array([object, ((words.length * 4 + 8) << 16) | opcode, ...words]).buffer),
      );
      await speak(Buffer.concat([recording.setup, ...bytes]));
    }),
    { numRuns: 500 },
  );
  await bystander.roundtrip();
  await expect.poll(async () => (await report()).clients).toBe(1);
  expect((await report()).internalErrors).toEqual([]);
  expect(openFds()).toBe(open);
  bystander.disconnect();
});

/** One connection: the valid setup, then mutated messages until the server ends it or it has said all. */
async function attack(random: () => number): Promise<void> {
  const parts = [recording.setup];
  for (let i = 0; i < MESSAGES_A_CLIENT; i++) {
    const original = recording.messages[random() % recording.messages.length]!;
    parts.push(mutate(original, random));
  }
  await speak(Buffer.concat(parts));
}

/** Mostly the arguments, so that the message is still understood and goes deep; sometimes anything. */
function mutate(original: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(original);
  const anywhere = random() % 16 === 0;
  const from = anywhere || bytes.length <= 8 ? 0 : 8;
  if (from === 0 && !anywhere) return bytes;
  const flips = 1 + (random() % 3);
  for (let i = 0; i < flips; i++) {
    const at = from + (random() % (bytes.length - from));
    bytes[at] = random() % 4 === 0 ? random() & 0xff : bytes[at]! ^ (1 << (random() & 7));
  }
  return bytes;
}

function speak(bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = Socket.connect(path);
    const scrap = Buffer.alloc(65_536);
    const end = (): void => {
      socket.close();
      resolve();
    };
    socket.watch({
      readable: () => {
        const fds: Fd[] = [];
        try {
          if (socket.receive(scrap, fds) === 0) end();
        } catch (error) {
          if (!(error instanceof SystemError)) throw error;
          end();
        }
        for (const fd of fds) fd.close();
      },
      drained: () => socket.shutdown('write'),
      failed: () => {},
    });
    socket.write(
      bytes,
      Array.from({ length: recording.fds }, () => sealedMemfd('pool', new Uint8Array(16))),
    );
  });
}

/** Listens in on a client of ours that uses a bit of everything. */
async function record(): Promise<Recording> {
  const [client, middle] = Socket.pair('stream');
  const upstream = Socket.connect(path);
  const said: Buffer[] = [];
  let fds = 0;
  pump(middle, upstream, (bytes, count) => {
    said.push(Buffer.from(bytes));
    fds += count;
  });
  pump(upstream, middle, () => {});
  const display = new DisplayConnection(client);
  const globals = await display.globals();
  const compositor = globals.bind(WlCompositorProxy, 4)!;
  const shm = globals.bind(WlShmProxy, 1, permissiveHandler)!;
  const shell = globals.bind(XdgWmBaseProxy, 3, permissiveHandler)!;
  const seat = globals.bind(WlSeatProxy, 5, permissiveHandler)!;
  const data = globals.bind(WlDataDeviceManagerProxy, 3)!;
  const viewporter = globals.bind(WpViewporterProxy, 1)!;
  const subcompositor = globals.bind(WlSubcompositorProxy, 1)!;
  const surface = compositor.createSurface(permissiveHandler);
  const child = compositor.createSurface(permissiveHandler);
  const subsurface = subcompositor.getSubsurface(child, surface);
  const region = compositor.createRegion();
  const xdgSurface = shell.getXdgSurface(surface, permissiveHandler);
  const toplevel = xdgSurface.getToplevel(permissiveHandler);
  const pool = shm.createPool(sealedMemfd('pool', new Uint8Array(16)), 16);
  const buffer = pool.createBuffer(0, 2, 2, 8, WlShmFormat.argb8888, permissiveHandler);
  seat.getKeyboard(permissiveHandler);
  const pointer = seat.getPointer(permissiveHandler);
  const source = data.createDataSource(permissiveHandler);
  const device = data.getDataDevice(seat, permissiveHandler);
  const viewport = viewporter.getViewport(surface);
  await display.roundtrip();
  const setup = Buffer.concat(said.splice(0));

  toplevel.setTitle('a window with a title that is not short');
  toplevel.setAppId('org.switchyard.fuzz');
  toplevel.setMinSize(10, 20);
  toplevel.resize(seat, 1, 5);
  xdgSurface.setWindowGeometry(0, 0, 100, 100);
  region.add(1, 2, 3, 4);
  surface.setOpaqueRegion(region);
  surface.setBufferScale(2);
  surface.setBufferTransform(1);
  surface.attach(buffer, 0, 0);
  surface.damageBuffer(0, 0, 2, 2);
  surface.commit();
  subsurface.setPosition(4, 5);
  subsurface.placeAbove(surface);
  viewport.setSource(0, 0, 1.5, 1.5);
  viewport.setDestination(10, 10);
  pointer.setCursor(3, surface, 1, 1);
  source.offer('text/plain;charset=utf-8');
  source.setActions(3);
  device.setSelection(source, 4);
  device.startDrag(source, surface, null, 2);
  pool.resize(32);
  await display.roundtrip();
  const messages = split(Buffer.concat(said));
  display.disconnect();
  // Without the last one, the sync of the roundtrip: its new id could be used only once.
  return { setup, fds, messages: messages.slice(0, -1) };
}

function pump(from: Socket, to: Socket, heard: (bytes: Uint8Array, fds: number) => void): void {
  const chunk = Buffer.alloc(65_536);
  from.watch({
    readable: () => {
      const fds: Fd[] = [];
      const count = from.receive(chunk, fds);
      if (count > 0) {
        heard(chunk.subarray(0, count), fds.length);
        to.write(chunk.subarray(0, count), fds);
      } else if (count === 0) {
        from.close();
        to.close();
      }
    },
  });
}

function split(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt16LE(at + 6);
    messages.push(bytes.subarray(at, at + size));
    at += size;
  }
  return messages;
}

/** Requests of the setup that reach a handler: all but those of the display and the registry, which are the library's. */
function setupMessages(): number {
  return split(recording.setup).filter((message) => message.readUInt32LE(0) > 2).length;
}

async function report(): Promise<FuzzReport> {
  const answer = once(server, 'message');
  server.send('report');
  return (await answer)[0] as FuzzReport;
}

function openFds(): number {
  return readdirSync(`/proc/${server.pid}/fd`).length;
}

/** Marsaglia's xorshift32: the same messages for the same seed. */
function xorshift(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
