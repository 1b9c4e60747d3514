import { createMemfd, type Fd, pwrite } from '@switchyard/sys';
import {
  DisplayConnection,
  ProtocolError,
  type WlBufferProxy,
  WlCompositorProxy,
  type WlKeyboardProxy,
  WlOutputProxy,
  type WlPointerProxy,
  WlSeatProxy,
  WlShmFormat,
  type WlShmPoolProxy,
  WlShmProxy,
  WlSubcompositorProxy,
  type WlSurfaceProxy,
  WpViewporterProxy,
  type XdgPopupProxy,
  type XdgPositionerProxy,
  type XdgSurfaceProxy,
  type XdgToplevelProxy,
  XdgWmBaseProxy,
} from '@switchyard/wayland';

const patience = 60_000;

/** Something that happened, in words, with what it brought: `keyboard.key 30 1`. */
type Happening = string;

/** A Wayland client for tests of the compositor: binds everything, remembers every event. */
export class TestClient {
  readonly display: DisplayConnection;
  readonly compositor: WlCompositorProxy;
  readonly subcompositor: WlSubcompositorProxy;
  readonly shm: WlShmProxy;
  readonly wmBase: XdgWmBaseProxy;
  readonly viewporter: WpViewporterProxy;
  readonly seat: WlSeatProxy;
  readonly output: WlOutputProxy;
  readonly keyboard: WlKeyboardProxy;
  readonly pointer: WlPointerProxy;
  readonly happenings: Happening[] = [];
  readonly formats: number[] = [];
  readonly mode = { width: 0, height: 0, scale: 1 };
  /** false: pings are not answered. */
  pongs = true;
  /** Serials of the latest events, for requests that need one. */
  serial = 0;
  enterSerial = 0;
  #waiting: { test: () => boolean; resolve: () => void }[] = [];

  static async connect(path: string): Promise<TestClient> {
    const display = DisplayConnection.connect(path);
    const globals = await display.globals();
    const client = new TestClient(display, globals);
    await display.roundtrip();
    return client;
  }

  private constructor(
    display: DisplayConnection,
    globals: Awaited<ReturnType<DisplayConnection['globals']>>,
  ) {
    this.display = display;
    const any = (maximum: number) => ({ minimum: 1, maximum });
    const say = (text: string) => this.#say(text);
    this.compositor = globals.require(WlCompositorProxy, any(5));
    this.subcompositor = globals.require(WlSubcompositorProxy, any(1));
    this.shm = globals.require(WlShmProxy, any(1), { format: (_, format) => void this.formats.push(format) });
    this.wmBase = globals.require(XdgWmBaseProxy, any(5), {
      ping: (wmBase, serial) => {
        say('ping');
        if (this.pongs) wmBase.pong(serial);
      },
    });
    this.viewporter = globals.require(WpViewporterProxy, any(1));
    this.output = globals.require(WlOutputProxy, any(4), {
      geometry() {},
      mode: (_, __, width, height) => Object.assign(this.mode, { width, height }),
      scale: (_, scale) => Object.assign(this.mode, { scale }),
      done: () => say(`output.done ${this.mode.width}x${this.mode.height}@${this.mode.scale}`),
      name() {},
      description() {},
    });
    this.seat = globals.require(WlSeatProxy, any(8), {
      capabilities: (_, capabilities) => say(`seat.capabilities ${capabilities}`),
      name: (_, name) => say(`seat.name ${name}`),
    });
    this.keyboard = this.seat.getKeyboard({
      keymap: (_, format, fd, size) => {
        say(`keyboard.keymap ${format} ${size > 0}`);
        fd.close();
      },
      enter: (_, serial, surface, keys) => {
        this.serial = serial;
        say(
          `keyboard.enter ${surface.id} [${new Uint32Array(keys.buffer, keys.byteOffset, keys.length / 4)}]`,
        );
      },
      leave: (_, __, surface) => say(`keyboard.leave ${surface.id}`),
      key: (_, serial, __, key, state) => {
        this.serial = serial;
        say(`keyboard.key ${key} ${state}`);
      },
      modifiers: (_, __, depressed, latched, locked, group) =>
        say(`keyboard.modifiers ${depressed} ${latched} ${locked} ${group}`),
      repeatInfo: (_, rate, delay) => say(`keyboard.repeat_info ${rate} ${delay}`),
    });
    this.pointer = this.seat.getPointer({
      enter: (_, serial, surface, x, y) => {
        this.enterSerial = serial;
        say(`pointer.enter ${surface.id} ${Math.floor(x)} ${Math.floor(y)}`);
      },
      leave: (_, __, surface) => say(`pointer.leave ${surface.id}`),
      motion: (_, __, x, y) => say(`pointer.motion ${Math.floor(x)} ${Math.floor(y)}`),
      button: (_, serial, __, button, state) => {
        this.serial = serial;
        say(`pointer.button ${button} ${state}`);
      },
      axis: (_, __, axis, value) => say(`pointer.axis ${axis} ${value}`),
      frame: () => say('pointer.frame'),
      axisSource: (_, source) => say(`pointer.axis_source ${source}`),
      axisStop: (_, __, axis) => say(`pointer.axis_stop ${axis}`),
      axisDiscrete: (_, axis, discrete) => say(`pointer.axis_discrete ${axis} ${discrete}`),
      axisValue120: (_, axis, value) => say(`pointer.axis_value120 ${axis} ${value}`),
      axisRelativeDirection: (_, axis, direction) =>
        say(`pointer.axis_relative_direction ${axis} ${direction}`),
    });
  }

  surface(): TestSurface {
    return new TestSurface(this);
  }

  /** A pool and one buffer in it of one colour (0xAARRGGBB). */
  buffer(
    width: number,
    height: number,
    colour: number,
    format: WlShmFormat = WlShmFormat.xrgb8888,
  ): TestBuffer {
    const pixels = new Uint32Array(width * height).fill(colour >>> 0);
    return new TestBuffer(this, width, height, new Uint8Array(pixels.buffer), format);
  }

  /** A pool of another's memory. */
  pool(fd: Fd, size: number): WlShmPoolProxy {
    return this.shm.createPool(fd, size);
  }

  positioner(rules: {
    size: [number, number];
    anchor: [number, number, number, number];
    anchorEdge?: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
    gravity?: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
    adjustment?: number;
    reactive?: boolean;
  }): XdgPositionerProxy {
    const positioner = this.wmBase.createPositioner();
    positioner.setSize(...rules.size);
    positioner.setAnchorRect(...rules.anchor);
    positioner.setAnchor(rules.anchorEdge ?? 0);
    positioner.setGravity(rules.gravity ?? 0);
    positioner.setConstraintAdjustment(rules.adjustment ?? 0);
    if (rules.reactive) positioner.setReactive();
    return positioner;
  }

  roundtrip(): Promise<void> {
    return this.display.roundtrip();
  }

  /** Resolves when something has happened that begins like this, since `from` happenings ago. */
  async heard(beginning: string, from = 0): Promise<Happening> {
    const found = () => this.happenings.slice(from).find((happening) => happening.startsWith(beginning));
    await this.until(
      () => found() !== undefined,
      `"${beginning}"; heard: ${this.happenings.slice(-20).join(', ')}`,
    );
    return found()!;
  }

  /** Resolves as soon as the condition holds; it is asked at every event, and now and then for what comes by other ways. */
  async until(test: () => boolean, what = 'something to happen'): Promise<void> {
    if (test()) return;
    await new Promise<void>((resolve, reject) => {
      const elsewhere = setInterval(() => this.#look(), 50);
      const timer = setTimeout(() => {
        clearInterval(elsewhere);
        reject(new Error(`waited in vain for ${what}`));
      }, patience);
      this.#waiting.push({
        test,
        resolve: () => {
          clearTimeout(timer);
          clearInterval(elsewhere);
          resolve();
        },
      });
    });
  }

  /** What the server ends the connection with: `wl_surface.invalid_scale`. */
  async ending(): Promise<string> {
    const error = await this.display.closed;
    // These have no errors of their own: the code is wl_shm's.
    if (error instanceof ProtocolError && /^wl_(buffer|shm_pool)$/.test(error.interface ?? ''))
      return `${error.interface} ${error.code}`;
    if (error instanceof ProtocolError) return `${error.interface}.${error.codeName ?? error.code}`;
    return error?.message ?? 'no error';
  }

  close(): void {
    this.display.disconnect();
  }

  /** For this client's objects. */
  say(text: string): void {
    this.#say(text);
  }

  #say(text: string): void {
    this.happenings.push(text);
    this.#look();
  }

  #look(): void {
    const due = this.#waiting.filter(({ test }) => test());
    this.#waiting = this.#waiting.filter((waiter) => !due.includes(waiter));
    for (const { resolve } of due) resolve();
  }
}

export class TestBuffer {
  readonly proxy: WlBufferProxy;
  readonly pool: WlShmPoolProxy;
  readonly memory: Fd;
  readonly width: number;
  readonly height: number;
  releases = 0;

  constructor(client: TestClient, width: number, height: number, pixels: Uint8Array, format: WlShmFormat) {
    this.width = width;
    this.height = height;
    this.memory = createMemfd('test-buffer', { size: pixels.length });
    pwrite(this.memory, pixels, 0);
    this.pool = client.pool(this.memory.dup(), pixels.length);
    this.proxy = this.pool.createBuffer(0, width, height, width * 4, format, {
      release: () => {
        this.releases++;
        client.say('buffer.release');
      },
    });
  }

  /** Changes a rectangle's pixels in place. */
  fill(x: number, y: number, width: number, height: number, colour: number): void {
    const row = new Uint8Array(new Uint32Array(width).fill(colour >>> 0).buffer);
    for (let line = y; line < y + height; line++) pwrite(this.memory, row, (line * this.width + x) * 4);
  }
}

export class TestSurface {
  readonly client: TestClient;
  readonly proxy: WlSurfaceProxy;

  constructor(client: TestClient) {
    this.client = client;
    this.proxy = client.compositor.createSurface({
      enter: () => client.say(`surface.enter ${this.proxy.id}`),
      leave: () => client.say(`surface.leave ${this.proxy.id}`),
      preferredBufferScale: (_, scale) => client.say(`surface.preferred_scale ${this.proxy.id} ${scale}`),
      preferredBufferTransform: (_, transform) =>
        client.say(`surface.preferred_transform ${this.proxy.id} ${transform}`),
    });
  }

  get id(): number {
    return this.proxy.id;
  }

  /** Attaches, damages all and commits. */
  show(buffer: TestBuffer): void {
    this.proxy.attach(buffer.proxy, 0, 0);
    this.proxy.damageBuffer(0, 0, buffer.width, buffer.height);
    this.proxy.commit();
  }

  /** Commits with a frame callback; resolves with its time. */
  frame(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.proxy.frame({ done: (_, time) => resolve(time) });
      this.proxy.commit();
      void this.client.display.closed.then((error) => reject(error ?? new Error('disconnected')));
    });
  }
}

/** An xdg_toplevel that answers its configures. */
export class TestWindow extends TestSurface {
  readonly xdgSurface: XdgSurfaceProxy;
  readonly toplevel: XdgToplevelProxy;
  configured: { width: number; height: number; states: number[] } = { width: 0, height: 0, states: [] };
  configures = 0;
  closes = 0;
  /** false: configures are not acknowledged. */
  answers = true;
  configureSerial = 0;

  constructor(client: TestClient) {
    super(client);
    this.xdgSurface = client.wmBase.getXdgSurface(this.proxy, {
      configure: (xdgSurface, serial) => {
        this.configureSerial = serial;
        this.configures++;
        if (this.answers) xdgSurface.ackConfigure(serial);
        const { width, height, states } = this.configured;
        client.say(`window.configure ${this.id} ${width}x${height} [${states}]`);
      },
    });
    this.toplevel = this.xdgSurface.getToplevel({
      configure: (_, width, height, states) => {
        const values = new Uint32Array(states.buffer, states.byteOffset, states.length / 4);
        this.configured = { width, height, states: [...values] };
      },
      close: () => {
        this.closes++;
        client.say(`window.close ${this.id}`);
      },
      configureBounds: (_, width, height) => client.say(`window.bounds ${this.id} ${width}x${height}`),
      wmCapabilities() {},
    });
  }

  /** Opens a window that fills what it is given, in one colour, and resolves when its first frame is shown. */
  static async open(
    client: TestClient,
    options: { colour?: number; size?: [number, number]; parent?: TestWindow; title?: string } = {},
  ): Promise<TestWindow> {
    const window = new TestWindow(client);
    if (options.parent) window.toplevel.setParent(options.parent.toplevel);
    if (options.title) window.toplevel.setTitle(options.title);
    window.proxy.commit();
    await client.until(() => window.configures > 0, 'the first configure');
    const { width: wide, height: high } = window.configured;
    const [width, height] = options.size ?? [wide || 200, high || 100];
    const buffer = client.buffer(width, height, options.colour ?? 0xff336699);
    window.proxy.attach(buffer.proxy, 0, 0);
    window.proxy.damageBuffer(0, 0, width, height);
    await window.frame();
    return window;
  }
}

/** An xdg_popup that answers its configures. */
export class TestPopup extends TestSurface {
  readonly xdgSurface: XdgSurfaceProxy;
  readonly popup: XdgPopupProxy;
  placed = { x: 0, y: 0, width: 0, height: 0 };
  configures = 0;
  done = 0;

  constructor(parent: TestSurface & { xdgSurface: XdgSurfaceProxy }, positioner: XdgPositionerProxy) {
    const { client } = parent;
    super(client);
    this.xdgSurface = client.wmBase.getXdgSurface(this.proxy, {
      configure: (xdgSurface, serial) => {
        xdgSurface.ackConfigure(serial);
        this.configures++;
        const { x, y, width, height } = this.placed;
        client.say(`popup.configure ${this.id} ${x},${y} ${width}x${height}`);
      },
    });
    this.popup = this.xdgSurface.getPopup(parent.xdgSurface, positioner, {
      configure: (_, x, y, width, height) => {
        this.placed = { x, y, width, height };
      },
      popupDone: () => {
        this.done++;
        client.say(`popup.done ${this.id}`);
      },
      repositioned: (_, token) => client.say(`popup.repositioned ${this.id} ${token}`),
    });
  }

  async map(colour: number): Promise<void> {
    this.proxy.commit();
    await this.client.until(() => this.configures > 0, 'the first configure');
    const buffer = this.client.buffer(this.placed.width, this.placed.height, colour);
    this.proxy.attach(buffer.proxy, 0, 0);
    this.proxy.damageBuffer(0, 0, buffer.width, buffer.height);
    await this.frame();
  }

  destroy(): void {
    this.popup.destroy();
    this.xdgSurface.destroy();
    this.proxy.destroy();
  }
}
