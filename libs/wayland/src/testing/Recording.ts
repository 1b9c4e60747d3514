import { type Fd, Socket, sealedMemfd } from '@switchyard/sys';
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
import { permissiveHandler } from './permissiveHandler.js';

/** What one valid client said: its setup as a whole, then its messages one by one. */
export type Recording = {
  setup: Buffer;
  /** How many fds go with the setup. */
  fds: number;
  messages: Buffer[];
  /** Those of the messages that hold nothing but numbers: changed, they still mean something. */
  plain: Buffer[];
  /** An id that is free after the setup, whose last sync had it. */
  nextId: number;
};

/** Listens in on a client of ours that uses a bit of everything on the server at `path`. */
export async function record(path: string): Promise<Recording> {
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
  const use = await setUp(display);
  const setup = Buffer.concat(said.splice(0));
  const nextId = use();
  await display.roundtrip();
  // Without the last one, the sync of the roundtrip: its new id could be used only once.
  const messages = split(Buffer.concat(said)).slice(0, -1);
  const plain = messages.filter((message) => {
    const requests = display.proxy(message.readUInt32LE(0))!.interface.requests;
    return /^[iuf]+$/.test(requests[message.readUInt16LE(4)]!.signature);
  });
  display.disconnect();
  return { setup, fds, messages, plain, nextId };
}

/** Makes one object of each kind; what it returns sends a request of each that makes no new one. */
async function setUp(display: DisplayConnection): Promise<() => number> {
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
  const pool = shm.createPool(sealedMemfd('pool', new Uint8Array(64)), 64);
  const buffer = pool.createBuffer(0, 2, 2, 8, WlShmFormat.argb8888, permissiveHandler);
  seat.getKeyboard(permissiveHandler);
  const pointer = seat.getPointer(permissiveHandler);
  const source = data.createDataSource(permissiveHandler);
  const device = data.getDataDevice(seat, permissiveHandler);
  const viewport = viewporter.getViewport(child);
  await display.roundtrip();
  return () => {
    toplevel.setTitle('a window with a title that is not short');
    toplevel.setAppId('org.switchyard.fuzz');
    toplevel.setMinSize(10, 20);
    toplevel.resize(seat, 1, 5);
    xdgSurface.setWindowGeometry(0, 0, 100, 100);
    // Several of those in which any number is right: they let a connection live on, to meet the others later.
    for (let i = 0; i < 8; i++) {
      region.add(i, 2, 3, 4);
      region.subtract(i, 2, 9, 9);
      child.damageBuffer(i, 0, 2, 2);
      child.damage(i, 0, 2, 2);
      subsurface.setPosition(4, i);
    }
    surface.setOpaqueRegion(region);
    surface.setInputRegion(region);
    child.setBufferTransform(1);
    child.attach(buffer, 0, 0);
    child.commit();
    subsurface.placeAbove(surface);
    viewport.setSource(0, 0, 1.5, 1.5);
    viewport.setDestination(10, 10);
    pointer.setCursor(3, null, 1, 1);
    source.offer('text/plain;charset=utf-8');
    device.setSelection(null, 4);
    device.startDrag(source, surface, null, 2);
    pool.resize(64);
    return device.id + 2;
  };
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

/** A stream of messages → messages. */
export function split(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt16LE(at + 6);
    messages.push(bytes.subarray(at, at + size));
    at += size;
  }
  return messages;
}
