import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Variant } from '@switchyard/dbus';
import { afterAll, expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { type TestClient, TestWindow } from '../support/TestClient.js';

const run = promisify(execFile);
const fixture = displayFixture();
const directory = mkdtempSync(join(tmpdir(), 'yard-privileged-'));
afterAll(() => rmSync(directory, { recursive: true, maxRetries: 10 }));

/** The environment of a program in a session of its own. */
async function inSession(...privileges: string[]): Promise<NodeJS.ProcessEnv> {
  const { waylandDisplay } = await fixture.session({ privileges: new Variant('as', privileges) });
  return { ...process.env, XDG_RUNTIME_DIR: fixture.tree.directory, WAYLAND_DISPLAY: waylandDisplay };
}

async function window(colour = 0xff00ff00): Promise<{ client: TestClient; window: TestWindow }> {
  const client = await fixture.connect();
  const opened = await TestWindow.open(client, { colour });
  await client.heard(`keyboard.enter ${opened.id}`);
  return { client, window: opened };
}

/** wl-copy serves its selection from a child that lives on with its files. */
async function copy(env: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
  await once(spawn('wl-copy', args, { env, stdio: 'ignore' }), 'exit');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

test('wtype types into the program in front, in its own keymap', async () => {
  const [file, script] = [join(directory, 'typed'), join(directory, 'read.sh')];
  writeFileSync(script, `#!/bin/sh\nread -r line; printf %s "$line" > ${file}; sleep 9\n`, { mode: 0o755 });
  const foot = fixture.tree.run('foot', ['--config=/dev/null', script]);
  const { seat } = fixture;
  await seat.until(() => seat.frames.length > 0 && seat.monitor.session !== undefined, 'foot');
  const env = await inSession('virtual-input');
  await expect
    .poll(
      async () => {
        await run('wtype', ['Größe ', '-k', 'Return'], { env });
        return readText(file);
      },
      { interval: 1000 },
    )
    .toContain('Größe');
  foot.kill('SIGKILL');
});

test('wtype has nothing to type on, without', async () => {
  const env = await inSession('capture');
  await expect(run('wtype', ['a'], { env })).rejects.toThrow(
    'does not support the virtual keyboard protocol',
  );
});

test('wl-paste --watch follows the clipboard without a window, and wl-copy sets it', async () => {
  const env = await inSession('clipboard');
  const file = join(directory, 'copied');
  const watcher = fixture.tree.run(
    'wl-paste',
    ['--watch', 'sh', '-c', `cat >> ${file}; echo >> ${file}`],
    env,
  );
  await copy(env, 'one');
  await expect.poll(() => readText(file)).toContain('one\n');
  await copy(env, 'two');
  await expect.poll(() => readText(file)).toMatch(/one\n+two\n/);
  const pasted = async (...args: string[]) => (await run('wl-paste', ['-n', ...args], { env })).stdout;
  expect(await pasted()).toBe('two');
  await copy(env, '--primary', 'marked');
  await expect.poll(() => pasted('--primary')).toBe('marked');
  watcher.kill();
});

test('wayvnc shows the seat, and passes keys and the pointer on', async () => {
  const { client } = await window(0xff336699);
  const env = await inSession('capture', 'virtual-input', 'clipboard');
  const port = await freePort();
  const server = fixture.tree.run('wayvnc', ['-C', '/dev/null', '127.0.0.1', String(port)], env);
  const viewer = await VncViewer.connect(port, () => fixture.tree.output);
  expect([viewer.width, viewer.height]).toEqual([640, 480]);
  await expect.poll(() => viewer.pixel(0, 0)).toBe(0x336699);
  const from = client.happenings.length;
  viewer.key(0x61, true);
  viewer.key(0x61, false);
  await client.heard('keyboard.key 30 0', from);
  viewer.point(320, 240, 1);
  await client.heard('pointer.button 272 1', from);
  const moved = (text: string) => /^pointer\.(motion|enter .*) 320 240$/.test(text);
  await client.until(() => client.happenings.slice(from).some(moved), 'the pointer in the middle');
  viewer.close();
  server.kill('SIGKILL');
});

test('what a program types and points at reaches no lock screen', async () => {
  const { waylandDisplay } = await fixture.session({ class: new Variant('s', 'lock-screen') });
  const client = await fixture.connect(waylandDisplay);
  const locked = await TestWindow.open(client, { colour: 0xffff0000 });
  await client.heard(`keyboard.enter ${locked.id}`);
  await run('wtype', ['abc'], { env: await inSession('virtual-input') });
  fixture.seat.press(30);
  await client.heard('keyboard.key 30 0');
  expect(client.happenings.filter((text) => text.startsWith('keyboard.key '))).toEqual([
    'keyboard.key 30 1',
    'keyboard.key 30 0',
  ]);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** As much of RFC 6143 as it takes to look at a screen and work on it. */
class VncViewer {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #wake = (): void => {};
  width = 0;
  height = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('error', () => {});
  }

  static async connect(port: number, why: () => string): Promise<VncViewer> {
    for (let attempt = 0; ; attempt++) {
      const socket = connect(port, '127.0.0.1');
      const connected = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]).catch(() => false);
      if (connected) {
        const viewer = new VncViewer(socket);
        await viewer.#greet();
        return viewer;
      }
      if (attempt > 600) throw new Error(`wayvnc does not listen: ${why()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #greet(): Promise<void> {
    await this.#read(12);
    this.#socket.write('RFB 003.008\n');
    const [count] = await this.#read(1);
    await this.#read(count!);
    this.#socket.write(Buffer.from([1]));
    await this.#read(4);
    this.#socket.write(Buffer.from([1]));
    const init = await this.#read(24);
    this.width = init.readUInt16BE(0);
    this.height = init.readUInt16BE(2);
    await this.#read(init.readUInt32BE(20));
    // 32 bits, true colour, blue lowest; raw pixels only.
    this.#socket.write(Buffer.from([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]));
    this.#socket.write(Buffer.from([2, 0, 0, 1, 0, 0, 0, 0]));
  }

  /** Asks for the whole screen and looks at one pixel of it. */
  async pixel(x: number, y: number): Promise<number> {
    const request = Buffer.alloc(10);
    request[0] = 3;
    request.writeUInt16BE(this.width, 6);
    request.writeUInt16BE(this.height, 8);
    this.#socket.write(request);
    const header = await this.#read(4);
    expect(header[0]).toBe(0);
    let found = -1;
    for (let i = 0; i < header.readUInt16BE(2); i++) {
      const box = await this.#read(12);
      const [left, top, width, height] = [0, 2, 4, 6].map((at) => box.readUInt16BE(at)) as [
        ...[number, number, number, number],
      ];
      const pixels = await this.#read(width * height * 4);
      if (x < left || y < top || x >= left + width || y >= top + height) continue;
      found = pixels.readUInt32LE(((y - top) * width + x - left) * 4) & 0xffffff;
    }
    return found;
  }

  key(keysym: number, down: boolean): void {
    const message = Buffer.from([4, down ? 1 : 0, 0, 0, 0, 0, 0, 0]);
    message.writeUInt32BE(keysym, 4);
    this.#socket.write(message);
  }

  point(x: number, y: number, buttons: number): void {
    const message = Buffer.from([5, buttons, 0, 0, 0, 0]);
    message.writeUInt16BE(x, 2);
    message.writeUInt16BE(y, 4);
    this.#socket.write(message);
  }

  close(): void {
    this.#socket.destroy();
  }

  async #read(count: number): Promise<Buffer> {
    while (this.#received.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const bytes = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return bytes;
  }
}
