import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Listener, pread, Socket, SystemError, sealedMemfd } from '@switchyard/sys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  WlCompositorProxy,
  WlCompositorResource,
  WlDataDeviceManagerProxy,
  WlDataDeviceManagerResource,
  type WlDataDeviceResource,
  WlDataOfferProxy,
  WlDataOfferResource,
  WlKeyboardKeymapFormat,
  type WlKeyboardResource,
  WlOutputProxy,
  WlOutputResource,
  WlSeatProxy,
  WlSeatResource,
  WlShmFormat,
  WlSurfaceError,
  type WlSurfaceResource,
} from '../generated/index.js';
import { Display } from '../server/Display.js';
import { permissiveHandler } from '../testing/permissiveHandler.js';
import { isEntry } from '../wire/Interface.js';
import { DisplayConnection } from './DisplayConnection.js';
import { DisconnectedError, ProtocolError } from './ProtocolError.js';

let folder: string;
let display: Display;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayland-'));
  path = join(folder, 'wayland-5');
  display = new Display();
});

afterEach(() => {
  display.destroy();
  rmSync(folder, { recursive: true, maxRetries: 10 });
});

function connect(): DisplayConnection {
  const [ours, theirs] = Socket.pair('stream');
  display.addClient(theirs);
  return new DisplayConnection(ours);
}

const ignored = { enter() {}, leave() {}, preferredBufferScale() {}, preferredBufferTransform() {} };

describe('a client', () => {
  it('finds the globals of a server that listens at a path, and those that come and go later', async () => {
    display.addGlobal(WlCompositorResource, 4, (compositor) => compositor.implement(permissiveHandler));
    const socket = display.listen(path);
    const connection = DisplayConnection.connect(path);
    const globals = await connection.globals();
    expect([...globals]).toEqual([{ name: 1, interface: 'wl_compositor', version: 4 }]);
    const seat = display.addGlobal(WlSeatResource, 5, (resource) => resource.implement(permissiveHandler));
    await connection.roundtrip();
    expect(globals.find('wl_seat')).toEqual({ name: 2, interface: 'wl_seat', version: 5 });
    const { name } = globals.find('wl_seat')!;
    seat.remove();
    // The bind crosses the removal: it is no error, as the client could not know.
    globals.registry.bind(name, WlSeatProxy, 5, { capabilities() {}, name() {} });
    await connection.roundtrip();
    expect(globals.find('wl_seat')).toBeUndefined();
    connection.disconnect();
    expect(await connection.closed).toBeUndefined();
    socket.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is found by WAYLAND_DISPLAY in XDG_RUNTIME_DIR, or by the fd in WAYLAND_SOCKET', async () => {
    const saved = { ...process.env };
    try {
      display.listen(path);
      process.env['XDG_RUNTIME_DIR'] = folder;
      process.env['WAYLAND_DISPLAY'] = 'wayland-5';
      const named = DisplayConnection.connect();
      await named.roundtrip();
      process.env['WAYLAND_SOCKET'] = String(Socket.connect(path).fd.take());
      const inherited = DisplayConnection.connect();
      await inherited.roundtrip();
      expect(process.env['WAYLAND_SOCKET']).toBeUndefined();
      named.disconnect();
      inherited.disconnect();
    } finally {
      process.env = saved;
    }
  });

  it('is told by a SystemError that nobody listens', () => {
    expect(() => DisplayConnection.connect(path)).toThrow(SystemError);
  });

  it('binds at most what the server has, and gets no event that its version does not know', async () => {
    display.addGlobal(WlOutputResource, 3, (output) => {
      output.implement({ release() {} });
      output.sendScale(2);
      output.sendName('X');
      output.sendDone();
    });
    const connection = connect();
    const globals = await connection.globals();
    const events = (version: number): string[] => {
      const seen: string[] = [];
      const note = (name: string) => (): void => void seen.push(name);
      const output = globals.bind(WlOutputProxy, version, {
        geometry: note('geometry'),
        mode: note('mode'),
        done: note('done'),
        scale: note('scale'),
        name: note('name'),
        description: note('description'),
      });
      seen.push(`v${output!.version}`);
      return seen;
    };
    const seen = [events(1), events(2), events(4)];
    await connection.roundtrip();
    expect(seen).toEqual([['v1'], ['v2', 'scale', 'done'], ['v3', 'scale', 'done']]);
    const old = globals.bind(WlOutputProxy, 2, permissiveHandler)!;
    expect(() => old.release()).toThrow('release needs version 3, bound is 2');
    expect(() => globals.require(WlOutputProxy, { minimum: 4, maximum: 4 }, permissiveHandler)).toThrow(
      'offers wl_output 3, at least 4 is needed',
    );
    connection.disconnect();
  });

  it('learns a protocol error by its name, in every promise that waits', async () => {
    let surface: WlSurfaceResource | undefined;
    display.addGlobal(WlCompositorResource, 4, (compositor) =>
      compositor.implement({
        createSurface: (_, created) => {
          surface = created.implement(permissiveHandler);
        },
        createRegion: permissiveHandler,
      }),
    );
    const connection = connect();
    const compositor = (await connection.globals()).bind(WlCompositorProxy, 4)!;
    const proxy = compositor.createSurface(ignored);
    await connection.roundtrip();
    surface!.postError(WlSurfaceError.invalid_scale, 'scale 0');
    const error = await connection.roundtrip().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({
      interface: 'wl_surface',
      object: proxy.id,
      code: 0,
      codeName: 'invalid_scale',
      message: `wl_surface@${proxy.id}: invalid_scale: scale 0`,
    });
    expect(await connection.closed).toBe(error);
    // Requests after the end do nothing; promises say why.
    proxy.commit();
    await expect(connection.roundtrip()).rejects.toBe(error);
  });

  it('learns that the server went', async () => {
    const connection = connect();
    await connection.roundtrip();
    display.destroy();
    expect(await connection.closed).toBeInstanceOf(DisconnectedError);
  });

  it('cannot use what it destroyed', async () => {
    display.addGlobal(WlCompositorResource, 4, (compositor) => compositor.implement(permissiveHandler));
    const connection = connect();
    const compositor = (await connection.globals()).bind(WlCompositorProxy, 4)!;
    const surface = compositor.createSurface(ignored);
    const region = compositor.createRegion();
    region.destroy();
    expect(() => region.add(0, 0, 1, 1)).toThrow(`${region} is destroyed: add cannot be sent`);
    expect(() => surface.setOpaqueRegion(region)).toThrow(`a request names ${region}, which is destroyed`);
    await connection.roundtrip();
    expect(compositor.createRegion().id, 'ids are used again').toBeLessThanOrEqual(region.id + 1);
    await connection.roundtrip();
    connection.disconnect();
  });
});

describe('file descriptors', () => {
  it('arrive in order with their messages, however many there are', async () => {
    const seats: WlKeyboardResource[] = [];
    display.addGlobal(WlSeatResource, 5, (seat) =>
      seat.implement({
        getPointer: permissiveHandler,
        getKeyboard: (_, keyboard) => void seats.push(keyboard.implement(permissiveHandler)),
        getTouch: permissiveHandler,
        release() {},
      }),
    );
    const connection = connect();
    const seat = (await connection.globals()).bind(WlSeatProxy, 5, { capabilities() {}, name() {} })!;
    const texts: string[] = [];
    seat.getKeyboard({
      ...{ enter() {}, leave() {}, key() {}, modifiers() {}, repeatInfo() {} },
      keymap: (_, _format, fd, size) => {
        using owned = fd;
        const bytes = new Uint8Array(size);
        pread(owned, bytes, 0);
        texts.push(Buffer.from(bytes).toString());
      },
    });
    await connection.roundtrip();
    const expected = Array.from({ length: 100 }, (_, index) => `keymap ${index}`);
    for (const text of expected) {
      const fd = sealedMemfd('keymap', Buffer.from(text));
      seats[0]!.sendKeymap(WlKeyboardKeymapFormat.xkb_v1, fd, text.length);
      expect(fd.closed).toBe(true);
      // A client that is slow to read could be ended for the fds; a server sends 100 keymaps over time.
      if (texts.length % 20 === 0) await connection.roundtrip();
    }
    await connection.roundtrip();
    expect(texts).toEqual(expected);
    connection.disconnect();
  });

  it('of events that are not sent, or not wanted any more, are closed', async () => {
    let keyboard: WlKeyboardResource | undefined;
    display.addGlobal(WlSeatResource, 5, (seat) =>
      seat.implement({
        getPointer: permissiveHandler,
        getKeyboard: (_, created) => {
          keyboard = created.implement(permissiveHandler);
        },
        getTouch: permissiveHandler,
        release() {},
      }),
    );
    const connection = connect();
    const seat = (await connection.globals()).bind(WlSeatProxy, 5, { capabilities() {}, name() {} })!;
    const proxy = seat.getKeyboard(permissiveHandler);
    await connection.roundtrip();
    const open = readdirSync('/proc/self/fd').length;
    keyboard!.sendKeymap(WlKeyboardKeymapFormat.xkb_v1, sealedMemfd('keymap', new Uint8Array(4)), 4);
    proxy.forget();
    await connection.roundtrip();
    expect(readdirSync('/proc/self/fd').length).toBe(open);
    connection.disconnect();
    await expect.poll(() => keyboard!.alive).toBe(false);
    const late = sealedMemfd('keymap', new Uint8Array(4));
    keyboard!.sendKeymap(WlKeyboardKeymapFormat.xkb_v1, late, 4);
    expect(late.closed).toBe(true);
  });
});

describe('objects that the server makes', () => {
  it('are implemented by the event’s handler, dropped with an object that is gone, and their ids come again', async () => {
    const devices: WlDataDeviceResource[] = [];
    display.addGlobal(WlSeatResource, 5, (seat) => seat.implement(permissiveHandler));
    display.addGlobal(WlDataDeviceManagerResource, 3, (manager) =>
      manager.implement({
        createDataSource: permissiveHandler,
        getDataDevice: (_, device) => void devices.push(device.implement(permissiveHandler)),
      }),
    );
    const connection = connect();
    const globals = await connection.globals();
    const seat = globals.bind(WlSeatProxy, 5, { capabilities() {}, name() {} })!;
    const manager = globals.bind(WlDataDeviceManagerProxy, 3)!;
    const offered: string[] = [];
    const device = manager.getDataDevice(seat, {
      ...{ enter() {}, leave() {}, motion() {}, drop() {}, selection() {} },
      dataOffer: (_, offer) => {
        offer.implement({
          ...{ sourceActions() {}, action() {} },
          offer: (_, mimeType) => {
            offered.push(`${offer.id.toString(16)} ${mimeType}`);
            offer.destroy();
          },
        });
      },
    });
    await connection.roundtrip();
    const sendOffer = (): void => {
      const offer = devices[0]!.client.create(WlDataOfferResource, 3).implement(permissiveHandler);
      devices[0]!.sendDataOffer(offer);
      offer.sendOffer('text/plain');
    };
    sendOffer();
    sendOffer();
    await connection.roundtrip();
    await connection.roundtrip();
    sendOffer();
    await connection.roundtrip();
    expect(offered).toEqual(['ff000000 text/plain', 'ff000001 text/plain', 'ff000001 text/plain']);
    sendOffer();
    device.release();
    await connection.roundtrip();
    expect(offered.length, 'an event that crosses the release is dropped with all that it brings').toBe(3);
    expect(connection.open).toBe(true);
    connection.disconnect();
  });

  it('that no handler takes are the program’s own error', () => {
    expect(new WlDataOfferProxy(connect(), 0xff00_0000, 1).implemented).toBe(false);
  });
});

describe('a server', () => {
  it('does not take a name that a running one holds', () => {
    const socket = display.listen(path);
    expect(() => new Display().listen(path)).toThrow(`${path} belongs to a running Wayland server`);
    socket.close();
    display.listen(path).close();
    expect(existsSync(path)).toBe(false);
  });

  it('serves a socket that somebody else has opened', async () => {
    // The opener listens at a name of its own and hands the socket on before anybody connects.
    const opener = Listener.listen(path, { onConnection: () => {} });
    const handedOn = opener.fd.dup();
    const clients: number[] = [];
    renameSync(path, `${path}.kept`);
    opener.close();
    using _listener = display.adoptListener(handedOn, { onClient: ({ pid }) => void clients.push(pid) });
    const connection = DisplayConnection.connect(`${path}.kept`);
    await connection.roundtrip();
    expect(clients).toEqual([process.pid]);
    connection.disconnect();
  });

  it('refuses to name a destroyed resource or another client’s in an event', async () => {
    const resources: WlSurfaceResource[] = [];
    display.addGlobal(WlCompositorResource, 4, (compositor) =>
      compositor.implement({
        createSurface: (_, surface) => void resources.push(surface.implement(permissiveHandler)),
        createRegion: permissiveHandler,
      }),
    );
    const outputs: WlOutputResource[] = [];
    display.addGlobal(WlOutputResource, 1, (output) => void outputs.push(output.implement({ release() {} })));
    for (const connection of [connect(), connect()]) {
      const globals = await connection.globals();
      globals.bind(WlCompositorProxy, 4)!.createSurface(ignored);
      globals.bind(WlOutputProxy, 1, permissiveHandler);
      await connection.roundtrip();
    }
    expect(() => resources[0]!.sendEnter(outputs[1]!)).toThrow('names another client');
    outputs[0]!.destroy();
    expect(() => resources[0]!.sendEnter(outputs[0]!)).toThrow('which is destroyed');
  });

  it('knows who its client is', () => {
    const [ours, theirs] = Socket.pair('stream');
    using _ours = ours;
    expect(display.addClient(theirs)).toMatchObject({ pid: process.pid, uid: process.getuid!() });
  });

  it('keeps a global from clients that are not to see it', async () => {
    display.addGlobal(WlCompositorResource, 4, () => {}, { visibleTo: ({ pid }) => pid !== process.pid });
    const connection = connect();
    const globals = await connection.globals();
    expect([...globals]).toEqual([]);
    globals.registry.bind(1, WlCompositorProxy, 4);
    await expect(connection.roundtrip()).rejects.toThrow('invalid global wl_compositor (1)');
  });
});

describe('an enum', () => {
  it('tells whether a number that a peer sent is one of its entries', () => {
    expect(isEntry(WlShmFormat, 0x34325241)).toBe(false);
    expect(isEntry(WlShmFormat, WlShmFormat.xrgb8888)).toBe(true);
  });
});
