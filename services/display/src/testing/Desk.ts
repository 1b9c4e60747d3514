import { Keymap } from '@switchyard/input';
import { createLog, type Log } from '@switchyard/runtime';
import { type Mode, MonitorProvider, MonitorSession, SeatClient } from '@switchyard/seat';
import { addSeals, createMemfd, Fd, pwrite, Socket, truncate } from '@switchyard/sys';
import {
  type Client,
  DisplayConnection,
  type Globals,
  type WlBufferProxy,
  WlCompositorProxy,
  type WlKeyboardProxy,
  type WlOutputProxy,
  type WlPointerProxy,
  WlSeatProxy,
  WlShmFormat,
  WlShmProxy,
  type WlSurfaceProxy,
  XdgPositionerAnchor,
  XdgPositionerConstraintAdjustment,
  XdgPositionerGravity,
  type XdgSurfaceProxy,
  type XdgToplevelProxy,
  XdgToplevelState,
  XdgWmBaseProxy,
} from '@switchyard/wayland';
import { Compositor } from '../Compositor.js';
import { type PrivilegeRule, Privileges } from '../Privileges.js';
import type { DisplaySession, DisplaySessionOptions } from '../session/DisplaySession.js';
import { FullscreenPolicy } from '../shell/FullscreenPolicy.js';
import type { ShellPolicy } from '../shell/ShellPolicy.js';

const silent = createLog('test');
silent.level = 'silent';
/** Compiled once for all. */
const keymap = Keymap.fromNames();

export interface DeskOptions {
  readonly policy?: ShellPolicy;
  readonly log?: Log;
  readonly drawApartFrom?: number;
}

/** A compositor without a bus and without devices, and clients of ours on it: what a protocol test needs. */
export class Desk implements Disposable {
  readonly compositor: Compositor;
  readonly #clients: DeskClient[] = [];
  readonly #monitors: Disposable[] = [];

  /** `rules`: as of privileges.json. */
  constructor(rules: readonly PrivilegeRule[] = [], options: DeskOptions = {}) {
    const { policy = new FullscreenPolicy(), log = silent, drawApartFrom } = options;
    this.compositor = new Compositor({
      seat: 'seat0',
      sealing: 'auto',
      policy,
      keymap,
      seatClient: new SeatClient(),
      privileges: new Privileges(rules),
      ...(drawApartFrom === undefined ? {} : { drawApartFrom }),
      log,
    });
  }

  session(title = 'session', options: Partial<DisplaySessionOptions> = {}): DisplaySession {
    return this.compositor.createSession({
      ...{ title, fallbackTitle: title, seat: 'seat0', uid: process.getuid!(), leader: process.pid },
      ...{ type: 'wayland', class: 'user', background: false, lazy: false, sealing: 'auto' },
      ...{ privileges: [], ...options },
    });
  }

  /** What services/seat does by handing the devices over. */
  activate(session: DisplaySession | undefined): void {
    this.compositor.seat.setWindows(session?.windows);
  }

  async connect(session: DisplaySession): Promise<DeskClient> {
    const [ours, theirs] = Socket.pair('stream');
    const client = this.serve(session, theirs);
    const connection = new DisplayConnection(ours);
    const deskClient = new DeskClient(client, connection, await connection.globals());
    this.#clients.push(deskClient);
    return deskClient;
  }

  /** Takes the server's end of a connection. */
  serve(session: DisplaySession, socket: Socket): Client {
    const client = this.compositor.display.addClient(socket);
    session.addClient(this.compositor.stateOf(client));
    return client;
  }

  /** Gives a session a virtual monitor to show itself on, the seat's first or a further one; `provider`: one that does not take every frame at once. */
  monitor(
    session: DisplaySession,
    mode: Mode = { width: 1280, height: 720, refresh: 60_000, scale: 120 },
    number = 1,
    provider: MonitorProvider = new MonitorProvider(mode, {
      present: () => provider.flipDone(),
      cursor() {},
    }),
  ): MonitorProvider {
    const output = this.compositor.outputs.attach({ key: `monitor ${number}`, number, mode })!;
    const [ours, theirs] = Socket.pair('seqpacket');
    provider.openChannel('session', Fd.adopt(theirs.fd.take()));
    const channel = new MonitorSession(Fd.adopt(ours.fd.take()), {
      mode: (changed) => output.modeChanged(channel, changed),
      flipDone: (sequence, time) => output.flipDone(channel, sequence, time),
      closed() {},
    });
    output.open(channel, session.windows);
    this.#monitors.push(provider, channel);
    return provider;
  }

  unplug(number: number): void {
    this.compositor.outputs.detach(`monitor ${number}`);
  }

  /** A socket for programs that are not ours; whoever connects is in that session. */
  listen(path: string, session: DisplaySession): void {
    this.compositor.display.listen(path, {
      onClient: (client) => session.addClient(this.compositor.stateOf(client)),
    });
  }

  [Symbol.dispose](): void {
    for (const { connection } of this.#clients) connection.disconnect();
    for (const monitor of this.#monitors) monitor[Symbol.dispose]();
    this.compositor[Symbol.dispose]();
  }
}

/** One client: its connection, and what every program begins with. */
export class DeskClient {
  /** The server's side. */
  readonly client: Client;
  readonly connection: DisplayConnection;
  readonly globals: Globals;
  readonly compositor: WlCompositorProxy;
  readonly seat: WlSeatProxy;
  readonly keyboard: WlKeyboardProxy;
  readonly pointer: WlPointerProxy;
  /** Of the last wl_pointer.enter. */
  enterSerial = 0;
  /** What happened, in words, in its order. */
  readonly events: string[] = [];
  /** The outputs that each surface is on, as it was told. */
  readonly entered = new Map<WlSurfaceProxy, ReadonlySet<WlOutputProxy>>();
  readonly #shm: WlShmProxy;
  readonly #shell: XdgWmBaseProxy;

  constructor(client: Client, connection: DisplayConnection, globals: Globals) {
    this.client = client;
    this.connection = connection;
    this.globals = globals;
    this.compositor = globals.bind(WlCompositorProxy, 6)!;
    this.#shm = globals.bind(WlShmProxy, 1, { format() {} })!;
    this.#shell = globals.bind(XdgWmBaseProxy, 5, { ping: (base, serial) => base.pong(serial) })!;
    this.seat = globals.bind(WlSeatProxy, 7, { capabilities() {}, name() {} })!;
    const note = (text: string): void => void this.events.push(text);
    this.keyboard = this.seat.getKeyboard({
      ...{ key() {}, modifiers() {}, repeatInfo() {} },
      keymap: (_, __, fd) => fd.close(),
      enter: () => note('keyboard enter'),
      leave: () => note('keyboard leave'),
    });
    this.pointer = this.seat.getPointer({
      ...{
        motion() {},
        axis() {},
        frame() {},
        axisSource() {},
        axisStop() {},
        axisDiscrete() {},
        axisValue120() {},
        axisRelativeDirection() {},
      },
      enter: (_, serial) => {
        this.enterSerial = serial;
        note('pointer enter');
      },
      leave: () => note('pointer leave'),
      button: (_, __, ___, button, state) => note(`button ${button} ${state === 1 ? 'down' : 'up'}`),
    });
  }

  roundtrip(): Promise<void> {
    return this.connection.roundtrip();
  }

  /** The events so far; the list begins anew. */
  taken(): string[] {
    return this.events.splice(0);
  }

  surface(): WlSurfaceProxy {
    const on = new Set<WlOutputProxy>();
    const surface = this.compositor.createSurface({
      enter: (_, output) => void (output && on.add(output)),
      leave: (_, output) => void (output && on.delete(output)),
      preferredBufferScale() {},
      preferredBufferTransform() {},
    });
    this.entered.set(surface, on);
    return surface;
  }

  /** Shared memory with one colour in it (0xAARRGGBB). */
  buffer(width: number, height: number, colour: number, options: BufferOptions = {}): SharedBuffer {
    const { alpha = false, sealed = true, truncated = false } = options;
    const size = width * height * 4;
    const memory = createMemfd('buffer', { size });
    if (sealed) addSeals(memory, ['shrink']);
    else addSeals(memory, ['seal']);
    if (colour !== 0) pwrite(memory, new Uint8Array(new Uint32Array(width * height).fill(colour).buffer), 0);
    const pool = this.#shm.createPool(memory.dup(), size);
    const format = alpha ? WlShmFormat.argb8888 : WlShmFormat.xrgb8888;
    const proxy = pool.createBuffer(0, width, height, width * 4, format, { release() {} });
    pool.destroy();
    if (truncated) truncate(memory, 0);
    return { proxy, memory, width, height };
  }

  /** Gives the surface a one-coloured buffer, not yet committed. */
  attach(
    surface: WlSurfaceProxy,
    width: number,
    height: number,
    colour = 0,
    damage: readonly [number, number, number, number] = [0, 0, width, height],
    alpha = true,
  ): void {
    const { proxy, memory } = this.buffer(width, height, colour, { alpha });
    memory.close();
    surface.attach(proxy, 0, 0);
    surface.damageBuffer(...damage);
    proxy.destroy();
  }

  /** A toplevel before its first commit. */
  toplevel(): Window {
    const surface = this.surface();
    const xdgSurface = this.#shell.getXdgSurface(surface, {
      configure: (proxy, serial) => proxy.ackConfigure(serial),
    });
    const told = { size: '', activated: false };
    const toplevel = xdgSurface.getToplevel({
      ...{ close() {}, configureBounds() {}, wmCapabilities() {} },
      configure: (_, width, height, states) => {
        told.size = `${width}×${height}`;
        told.activated = states.includes(XdgToplevelState.activated);
      },
    });
    return { surface, xdgSurface, toplevel, told };
  }

  /** Where a popup comes that would like to be right below a rectangle of a window, and may slide. */
  async popup(
    window: Window,
    rules: { anchor: [x: number, y: number, width: number, height: number]; size: [number, number] },
  ): Promise<{ x: number; y: number } | undefined> {
    const positioner = this.#shell.createPositioner();
    positioner.setAnchorRect(...rules.anchor);
    positioner.setSize(...rules.size);
    positioner.setAnchor(XdgPositionerAnchor.bottom_right);
    positioner.setGravity(XdgPositionerGravity.bottom_right);
    const { slide_x, slide_y } = XdgPositionerConstraintAdjustment;
    positioner.setConstraintAdjustment(slide_x | slide_y);
    const surface = this.surface();
    const xdgSurface = this.#shell.getXdgSurface(surface, {
      configure: (proxy, serial) => proxy.ackConfigure(serial),
    });
    let place: { x: number; y: number } | undefined;
    xdgSurface.getPopup(window.xdgSurface, positioner, {
      ...{ popupDone() {}, repositioned() {} },
      configure: (_, x, y) => {
        place = { x, y };
      },
    });
    surface.commit();
    await this.roundtrip();
    return place;
  }

  /** A mapped toplevel of that size (the output's is 1280×720). */
  async window(width = 1280, height = 720, colour = 0): Promise<Window> {
    const window = this.toplevel();
    window.surface.commit();
    await this.roundtrip();
    this.attach(window.surface, width, height, colour);
    window.surface.commit();
    await this.roundtrip();
    return window;
  }
}

export interface BufferOptions {
  readonly alpha?: boolean;
  readonly sealed?: boolean;
  /** The memory is gone again. */
  readonly truncated?: boolean;
}

export interface SharedBuffer {
  readonly proxy: WlBufferProxy;
  readonly memory: Fd;
  readonly width: number;
  readonly height: number;
}

export type Window = {
  surface: WlSurfaceProxy;
  xdgSurface: XdgSurfaceProxy;
  toplevel: XdgToplevelProxy;
  /** By the last configure. */
  told: { readonly size: string; readonly activated: boolean };
};
