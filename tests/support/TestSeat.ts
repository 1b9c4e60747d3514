import { type Connection, Variant } from '@switchyard/dbus';
import {
  type CursorName,
  DeviceProvider,
  type InputProvider,
  type Mode,
  type MonitorProvider,
} from '@switchyard/seat';
import { type Fd, Mapping } from '@switchyard/sys';
import { BTN, EV } from '@switchyard/uapi';

export const testMode: Mode = { width: 640, height: 480, refresh: 60_000, scale: 120 };
const absoluteMax = 65_535;
const patience = 60_000;

/** A frame as the monitor saw it: damage as x, y, width, height in a row. */
export interface SeenFrame {
  readonly session: string | undefined;
  readonly damage: readonly number[];
}

/** Virtual hardware that a test holds in its hands: a monitor that remembers, a keyboard, a pointer. */
export class TestSeat {
  readonly provider = new DeviceProvider();
  readonly monitor: MonitorProvider;
  readonly keyboard: InputProvider;
  readonly pointer: InputProvider;
  /** What is on the monitor: 8888 pixels. */
  pixels: Uint8Array;
  frames: SeenFrame[] = [];
  cursor: { width: number; height: number; hotX: number; hotY: number; pixels: Uint8Array } | CursorName =
    'default';
  /** false: frames are taken but not answered, like a viewer that does not keep up. */
  flips = true;
  #waiting: { test: () => boolean; resolve: () => void }[] = [];

  constructor(mode: Mode = testMode) {
    this.pixels = new Uint8Array(mode.width * mode.height * 4);
    this.monitor = this.provider.attachMonitor('seat0', 'test monitor', mode, {
      present: (buffer, damage, count) => {
        if (this.pixels.length !== buffer.bytes.length) this.pixels = new Uint8Array(buffer.bytes.length);
        this.pixels.set(buffer.bytes);
        this.frames.push({ session: this.monitor.session, damage: [...damage.subarray(0, count * 4)] });
        if (this.flips) setTimeout(() => this.monitor.flipDone(), 2);
        this.#changed();
      },
      cursor: (image, hotX, hotY) => {
        this.cursor =
          typeof image === 'string'
            ? image
            : { width: image.width, height: image.height, hotX, hotY, pixels: image.bytes.slice() };
        this.#changed();
      },
      session: () => this.#changed(),
    });
    this.keyboard = this.provider.attachKeyboard('seat0', 'test keyboard');
    this.pointer = this.provider.attachPointer('seat0', 'test pointer', absoluteMax);
  }

  async attach(connection: Connection): Promise<void> {
    this.provider.connected(connection);
    const found = () => this.provider.settled();
    await found();
  }

  /** The 0xRRGGBB at a point of the monitor. */
  at(x: number, y: number): number {
    const offset = (y * this.monitor.mode.width + x) * 4;
    const [b, g, r] = this.pixels.subarray(offset, offset + 3);
    return (r! << 16) | (g! << 8) | b!;
  }

  /** Resolves as soon as the condition holds; it is asked at every frame and change, and now and then for what comes by other ways. */
  async until(test: () => boolean, what = 'the monitor to change'): Promise<void> {
    if (test()) return;
    await new Promise<void>((resolve, reject) => {
      const elsewhere = setInterval(() => this.#changed(), 50);
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

  press(...codes: number[]): void {
    for (const code of codes) this.key(code, 1);
    for (const code of codes.reverse()) this.key(code, 0);
  }

  key(code: number, value: number): void {
    this.keyboard.event(EV.KEY, code, value);
    this.keyboard.sync();
  }

  /** Moves to the middle of a pixel. */
  moveTo(x: number, y: number): void {
    const { width, height } = this.monitor.mode;
    this.pointer.event(EV.ABS, 0, Math.round(((x + 0.5) * absoluteMax) / width));
    this.pointer.event(EV.ABS, 1, Math.round(((y + 0.5) * absoluteMax) / height));
    this.pointer.sync();
  }

  button(down: boolean, code: number = BTN.LEFT): void {
    this.pointer.event(EV.KEY, code, down ? 1 : 0);
    this.pointer.sync();
  }

  click(code: number = BTN.LEFT): void {
    this.button(true, code);
    this.button(false, code);
  }

  close(): void {
    this.provider[Symbol.dispose]();
  }

  #changed(): void {
    const due = this.#waiting.filter(({ test }) => test());
    this.#waiting = this.#waiting.filter((waiter) => !due.includes(waiter));
    for (const { resolve } of due) resolve();
  }
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 8888, rows without gaps. */
  readonly pixels: Uint8Array;
}

/** Display1.Screenshot. */
export async function screenshot(bus: Connection, kind: 'seat' | 'session', id: string): Promise<Picture> {
  const [fd, width, height] = (await bus.call({
    destination: 'org.switchyard.Display',
    path: '/org/switchyard/Display1',
    interface: 'org.switchyard.Display1',
    member: 'Screenshot',
    signature: 'ss',
    body: [kind, id],
  })) as [Fd, number, number, number];
  using file = fd;
  using mapping = Mapping.map(file, width * height * 4);
  return { width, height, pixels: mapping.bytes.slice() };
}

/** Display1.CreateSession. */
export async function createSession(
  bus: Connection,
  options: Record<string, Variant> = {},
): Promise<{ id: string; waylandDisplay: string }> {
  const [id, waylandDisplay] = (await bus.call({
    destination: 'org.switchyard.Display',
    path: '/org/switchyard/Display1',
    interface: 'org.switchyard.Display1',
    member: 'CreateSession',
    signature: 'a{sv}',
    body: [new Map(Object.entries(options))],
  })) as [string, string];
  return { id, waylandDisplay };
}

/** Resolves when somebody owns the name. */
export async function owned(bus: Connection, name: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const watch = bus.watchName(name, {
      appeared: () => {
        resolve();
        queueMicrotask(() => watch[Symbol.dispose]());
      },
    });
  });
}

/** ids and titles of login1's sessions, in their order. */
export async function listSessions(bus: Connection): Promise<string[]> {
  const [sessions] = (await bus.call({
    destination: 'org.freedesktop.login1',
    path: '/org/freedesktop/login1',
    interface: 'org.freedesktop.login1.Manager',
    member: 'ListSessions',
  })) as [[string, number, string, string, string][]];
  return sessions.map(([id]) => id);
}

export async function activate(bus: Connection, id: string): Promise<void> {
  await bus.call({
    destination: 'org.freedesktop.login1',
    path: '/org/freedesktop/login1',
    interface: 'org.freedesktop.login1.Manager',
    member: 'ActivateSession',
    signature: 's',
    body: [id],
  });
}

export const text = (value: string): Variant => new Variant('s', value);
export const number = (value: number): Variant => new Variant('u', value);
export const flag = (value: boolean): Variant => new Variant('b', value);
