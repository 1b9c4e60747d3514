import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection, type DBusError } from '@switchyard/dbus';
import { ReferenceBus } from '@switchyard/dbus/testing';
import {
  addSeals,
  createMemfd,
  createPipe,
  Fd,
  fileStat,
  getSeals,
  pread,
  read,
  sealedMemfd,
} from '@switchyard/sys';
import {
  WlDataDeviceManagerProxy,
  type WlDataDeviceProxy,
  type WlDataOfferProxy,
  ZwpPrimarySelectionDeviceManagerV1Proxy,
  type ZwpPrimarySelectionOfferV1Proxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk, type DeskClient } from '../testing/Desk.js';
import { pipeText } from '../testing/pipeText.js';
import { clipboard1 } from './Clipboard.js';

const run = promisify(execFile);

let bus: ReferenceBus;
let desk: Desk;
let display: Connection;
let page: Connection;
let client: DeskClient;
let device: WlDataDeviceProxy;
let offer: WlDataOfferProxy | undefined;
let manager: WlDataDeviceManagerProxy;

beforeEach(async () => {
  bus = await ReferenceBus.start();
  desk = new Desk();
  display = await Connection.connect(bus.address);
  page = await Connection.connect(bus.address);
  desk.compositor.extensions.clipboard.serve(display);
  const session = desk.session();
  desk.activate(session);
  client = await desk.connect(session);
  manager = client.globals.bind(WlDataDeviceManagerProxy, 3)!;
  offer = undefined;
  device = manager.getDataDevice(client.seat, {
    ...{ enter() {}, leave() {}, motion() {}, drop() {} },
    dataOffer: (_, created) => void created.implement({ offer() {}, sourceActions() {}, action() {} }),
    selection: (_, selected) => {
      offer = selected ?? undefined;
    },
  });
  await client.window();
});

afterEach(async () => {
  desk[Symbol.dispose]();
  page.close();
  display.close();
  await bus.stop();
});

function call(member: string, signature: string, ...body: unknown[]): Promise<unknown[]> {
  const { path, interface: name } = clipboard1;
  return page.call({ destination: display.uniqueName, path, interface: name, member, signature, body });
}

async function errorOf(promise: Promise<unknown>): Promise<DBusError> {
  return (await promise.then(
    () => undefined,
    (error: unknown) => error,
  )) as DBusError;
}

/** Becomes the clipboard, and answers each request with `send`. */
function copy(send: (fd: Fd) => void): void {
  const source = manager.createDataSource({
    ...{ target() {}, cancelled() {}, dndDropPerformed() {}, dndFinished() {}, action() {} },
    send: (_, __, fd) => send(fd),
  });
  source.offer('text/plain');
  device.setSelection(source, desk.compositor.display.serial);
}

/** A program that writes as much as it is told to, as programs write: waiting while the pipe is full. */
function writeFrom(fd: Fd, command: string): void {
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', fd.number, 'ignore'] });
  child.once('spawn', () => fd.close());
}

describe('org.switchyard.Clipboard1', () => {
  it('gives the page what a client copied, sealed, and says so when it changes', async () => {
    const changed = new Promise<unknown[]>((resolve) => {
      page.match(
        { type: 'signal', interface: clipboard1.interface, member: 'SelectionChanged' },
        (message) => {
          // The end of another test's selection may still be on its way.
          if ((message.body[1] as string[]).length > 0) resolve(message.body);
        },
      );
    });
    await page.call({
      ...{
        destination: 'org.freedesktop.DBus',
        path: '/',
        interface: 'org.freedesktop.DBus',
        member: 'GetId',
      },
    });
    copy((fd) => writeFrom(fd, 'printf "copied by a client"'));
    expect(await changed).toEqual(['seat0', ['text/plain']]);
    using memfd = (await call('GetSelection', 'ss', 'seat0', 'text/plain'))[0] as Fd;
    expect(textOf(memfd)).toBe('copied by a client');
    expect([...getSeals(memfd)].sort()).toEqual(['grow', 'seal', 'shrink', 'write']);
  });

  it('puts what the page has into the clipboard, for clients to paste, however slow they read', async () => {
    const text = 'from the page '.repeat(50_000);
    await call(
      'SetSelection',
      'sa{sh}',
      'seat0',
      new Map([['text/plain', sealedMemfd('page', Buffer.from(text))]]),
    );
    await client.roundtrip();
    // One asks and never reads: it must not be in the other's way.
    const { reading: idle, writing: idleWriting } = createPipe();
    offer!.receive('text/plain', idleWriting);
    const { reading, writing } = createPipe();
    offer!.receive('text/plain', writing);
    expect((await pipeText(reading)) === text).toBe(true);
    expect(read(idle, Buffer.alloc(16))).toBe(16);
    idle.close();
    using again = (await call('GetSelection', 'ss', 'seat0', 'text/plain'))[0] as Fd;
    expect(fileStat(again).size).toBe(text.length);
  });

  it('puts what the page has into the primary selection, and leaves the clipboard as it is', async () => {
    let marked: ZwpPrimarySelectionOfferV1Proxy | null = null;
    client.globals.bind(ZwpPrimarySelectionDeviceManagerV1Proxy, 1)!.getDevice(client.seat, {
      dataOffer: (_, created) => void created.implement({ offer() {} }),
      selection: (_, selected) => {
        marked = selected;
      },
    });
    const data = new Map([['text/plain', sealedMemfd('page', Buffer.from('marked'))]]);
    await call('SetPrimarySelection', 'sa{sh}', 'seat0', data);
    await client.roundtrip();
    const { reading, writing } = createPipe();
    marked!.receive('text/plain', writing);
    expect(await pipeText(reading)).toBe('marked');
    expect(offer).toBeUndefined();
  });

  it('empties the clipboard, and keeps no memfd of it', async () => {
    const open = readdirSync('/proc/self/fd').length;
    await call(
      'SetSelection',
      'sa{sh}',
      'seat0',
      new Map([['text/plain', sealedMemfd('page', Buffer.from('x'))]]),
    );
    await client.roundtrip();
    expect(offer).toBeDefined();
    await call('SetSelection', 'sa{sh}', 'seat0', new Map());
    await client.roundtrip();
    expect(offer).toBeUndefined();
    const error = await errorOf(call('GetSelection', 'ss', 'seat0', 'text/plain'));
    expect(error.message).toContain('nothing as text/plain');
    await expect.poll(() => readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(open);
  });

  it('takes no memfd that could change or shrink, no file that is none, and none that is too large', async () => {
    const set = (fd: Fd): Promise<DBusError> =>
      errorOf(call('SetSelection', 'sa{sh}', 'seat0', new Map([['text/plain', fd]])));
    expect((await set(createMemfd('open', { size: 1 }))).message).toContain('must be sealed');
    expect((await set(Fd.open('/etc/hostname', 0))).name).toBe('org.freedesktop.DBus.Error.InvalidArgs');
    const large = createMemfd('large', { size: 64 * 2 ** 20 + 1 });
    addSeals(large, ['shrink', 'grow', 'write', 'seal']);
    expect((await set(large)).message).toContain('at most 67108864');
    expect((await errorOf(call('GetSelection', 'ss', 'seat9', 'text/plain'))).name).toBe(
      'org.freedesktop.login1.NoSuchSeat',
    );
  });

  it('gives up on a source that writes without end, and on one that writes nothing', async () => {
    const open = readdirSync('/proc/self/fd').length;
    copy((fd) => writeFrom(fd, 'exec cat /dev/zero'));
    await client.roundtrip();
    expect((await errorOf(call('GetSelection', 'ss', 'seat0', 'text/plain'))).message).toContain(
      'more than 64 MiB',
    );
    const held: Fd[] = [];
    copy((fd) => void held.push(fd));
    await client.roundtrip();
    // Others are served meanwhile.
    const slow = errorOf(call('GetSelection', 'ss', 'seat0', 'text/plain'));
    await client.roundtrip();
    expect((await slow).message).toContain('did not come within 5 s');
    for (const fd of held) fd.close();
    await expect.poll(() => readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(open);
  });
});

describe('programs that others wrote', () => {
  it('copy in one session with wl-copy and paste in another with wl-paste', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clipboard-'));
    const [first, second] = [desk.session('first'), desk.session('second')];
    desk.listen(join(folder, 'first'), first);
    desk.listen(join(folder, 'second'), second);
    const env = { ...process.env, XDG_RUNTIME_DIR: folder };
    desk.activate(first);
    const copying = spawn('wl-copy', ['--foreground', '--type', 'text/plain', 'between sessions'], {
      env: { ...env, WAYLAND_DISPLAY: 'first' },
      stdio: 'ignore',
    });
    try {
      const pasted = async (): Promise<string> => {
        const { stdout } = await run('wl-paste', ['--no-newline', '--type', 'text/plain'], {
          env: { ...env, WAYLAND_DISPLAY: 'second' },
        }).catch(() => ({ stdout: '' }));
        return stdout;
      };
      await expect
        .poll(() =>
          call('GetSelection', 'ss', 'seat0', 'text/plain').then(
            ([fd]) => (fd as Fd).close(),
            () => 'not yet',
          ),
        )
        .toBeUndefined();
      desk.activate(second);
      expect(await pasted()).toBe('between sessions');
    } finally {
      copying.kill();
      await once(copying, 'exit');
      rmSync(folder, { recursive: true });
    }
  });
});

function textOf(memfd: Fd): string {
  const bytes = Buffer.alloc(fileStat(memfd).size);
  pread(memfd, bytes, 0);
  return bytes.toString();
}
