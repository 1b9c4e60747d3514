import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fd, Listener, Socket } from '@switchyard/sys';
import type { Recording } from '@switchyard/wayland/testing';
import { Monkey } from './Monkey.js';

/** What a monkey does before its requests are kept for changing, and what is kept. */
const setupSteps = 80;
const keptSteps = 120;

/**
 * What a monkey has said to the server at `path`, without a mistake: a setup that makes objects of all kinds, and requests
 * on them that make no more. undefined when it made a mistake too early; another seed does better.
 */
export async function recordMonkey(path: string, random: () => number): Promise<Recording | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'yard-monkey-'));
  const said: Buffer[] = [];
  let fds = 0;
  const listener = Listener.listen(join(directory, 'proxy'), {
    onConnection: (client) => {
      const upstream = Socket.connect(path);
      pump(client, upstream, (bytes, count) => {
        said.push(Buffer.from(bytes));
        fds += count;
      });
      pump(upstream, client, () => {});
    },
  });
  const monkey = new Monkey(join(directory, 'proxy'), random, false);
  try {
    await monkey.start();
    for (let i = 0; i < setupSteps; i += 10) {
      monkey.steps(10);
      await monkey.connection.roundtrip();
    }
    const setup = Buffer.concat(said.splice(0));
    const setupFds = fds;
    monkey.steps(keptSteps);
    // What is kept need not be without a mistake: it will have some anyway.
    await monkey.connection.roundtrip().catch(() => {});
    const messages = split(Buffer.concat(said)).filter(
      (message) => signatureOf(monkey, message) !== undefined,
    );
    const plain = messages.filter((message) => /^[iuf]+$/.test(signatureOf(monkey, message)!));
    if (plain.length === 0) return undefined;
    return { setup, fds: setupFds, messages, plain, nextId: firstFree(setup) };
  } catch {
    return undefined;
  } finally {
    monkey.connection.disconnect();
    listener.close();
    rmSync(directory, { recursive: true, maxRetries: 10 });
  }
}

/** Of a request that makes nothing and brings no fd. */
function signatureOf(monkey: Monkey, message: Buffer): string | undefined {
  const requests = monkey.connection.proxy(message.readUInt32LE(0))?.interface.requests;
  const request = requests?.[message.readUInt16LE(4)];
  return request && !request.destructor && !/[nh]/.test(request.signature) ? request.signature : undefined;
}

/** Ids are handed out without gaps: the setup's last sync had the highest, or a lower one that was free again. */
function firstFree(setup: Buffer): number {
  let last = 0;
  for (const message of split(setup)) {
    if (message.readUInt32LE(0) === 1 && message.readUInt16LE(4) === 0) last = message.readUInt32LE(8);
  }
  return last;
}

function split(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt16LE(at + 6);
    messages.push(bytes.subarray(at, at + size));
    at += size;
  }
  return messages;
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
    failed: () => {},
  });
}
