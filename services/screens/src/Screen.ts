import type { Log } from '@switchyard/runtime';
import {
  type AttachedBuffer,
  arrowCursor,
  type CursorImage,
  type CursorName,
  type DeviceProvider,
  type InputProvider,
  type MonitorProvider,
} from '@switchyard/seat';
import { SystemError } from '@switchyard/sys';
import { ABS, EV } from '@switchyard/uapi';
import type { CursorPlane } from './CursorPlane.js';
import type { Scanout } from './Scanout.js';

/** ABS_X and ABS_Y of its pointer, over the whole screen. */
const pointerMax = 65_535;
/** A frame that nobody can see is taken as seen after this time (ms): its session goes on, at little cost. */
const unseenPeriod = 200;
/** A session that took the seat and draws nothing for so long (ms) leaves the screen black, not with another's picture. */
const firstFramePatience = 250;
/** A flip that comes a little early is one of the next blank (ms). */
const jitter = 2;
/** The hardware does something else for a screen at the moment (ms). */
const busyPause = 4;

export interface ScreenPlace {
  readonly provider: DeviceProvider;
  readonly seat: string;
  readonly log: Log;
}

/**
 * A screen of the machine as a monitor of the tree's seat, with the pointer that is on it.
 *
 *   dark ──light──▶ lit ──present──▶ flipping ──flipped, no sooner than a period after the last──▶ lit
 *     ◀──── darken ──── any: frames are taken as seen, five a second
 */
export class Screen {
  /** The connector's: HDMI-A-1. */
  readonly name: string;
  /** From the left, beginning with 1. */
  readonly number: number;
  readonly pointer: InputProvider;
  readonly #monitor: MonitorProvider;
  readonly #provider: DeviceProvider;
  readonly #log: Log;
  readonly #cursorMoved: () => void;
  #scanout: Scanout | undefined;
  #plane: CursorPlane | undefined;
  /** The newest, whose pixels stand still until a later one was seen. */
  #frame: AttachedBuffer | undefined;
  #cursor: CursorImage | undefined = arrowCursor;
  /** There is something newer than what was flipped to last. */
  #owed = false;
  #lastFlip = 0;
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #firstFrame: NodeJS.Timeout | undefined;

  /** `cursorMoved`: its picture is another, and must be put where it is. */
  constructor(
    { provider, seat, log }: ScreenPlace,
    name: string,
    number: number,
    mode: { width: number; height: number; refresh: number },
    cursorMoved: () => void,
  ) {
    this.name = name;
    this.number = number;
    this.#provider = provider;
    this.#log = log;
    this.#cursorMoved = cursorMoved;
    const { width, height, refresh } = mode;
    this.#monitor = provider.attachMonitor(
      seat,
      name,
      { width, height, refresh, scale: 120 },
      {
        present: (frame, damage, count) => this.#present(frame, damage, count),
        cursor: (image, hotX, hotY) => this.#setCursor(image, hotX, hotY),
        session: () => this.#sessionChanged(),
      },
      number,
    );
    // As the page has it: what has no number means the first.
    const own = number === 1 ? undefined : number;
    this.pointer = provider.attachPointer(seat, `Pointer of ${name}`, pointerMax, own);
  }

  get width(): number {
    return this.#monitor.mode.width;
  }
  get height(): number {
    return this.#monitor.mode.height;
  }
  /** The CRTC that shows it. */
  get crtc(): number | undefined {
    return this.#scanout?.crtc.id;
  }

  /** The card is ours: `scanout` shows it, which stays the caller's. */
  light(scanout: Scanout, plane: CursorPlane): void {
    this.#scanout = scanout;
    this.#plane = plane;
    const { width, height, refresh } = scanout.mode;
    const { mode } = this.#monitor;
    if (mode.width !== width || mode.height !== height)
      this.#monitor.setMode({ ...mode, width, height, refresh });
    this.#owed = false;
    this.#guarded(() => scanout.start(this.#usable));
    plane.show(this.#cursor);
    this.#cursorMoved();
    this.#seen();
  }

  /** The card is another's. */
  darken(): void {
    this.#scanout = undefined;
    this.#plane = undefined;
    if (this.#monitor.presented) this.#later(unseenPeriod);
  }

  /** Its CRTC says so. */
  flipped(): void {
    this.#scanout?.flipped();
    if (this.#owed) this.#flip();
    else this.#seen();
  }

  /** The pointer is there, in pixels; part of a report. */
  pointAt(x: number, y: number): void {
    this.pointer.event(EV.ABS, ABS.X, Math.round((x * pointerMax) / this.width));
    this.pointer.event(EV.ABS, ABS.Y, Math.round((y * pointerMax) / this.height));
    this.#plane?.moveTo(x, y);
  }

  /** Only the picture of the pointer: nobody has moved it. */
  putCursor(x: number, y: number): void {
    this.#plane?.moveTo(x, y);
  }

  /** Unplugs it. */
  close(): void {
    for (const timer of [this.#timer, this.#retry, this.#firstFrame]) clearTimeout(timer);
    this.#provider.detach(this.#monitor);
    this.#provider.detach(this.pointer);
  }

  /** A frame whose session still has it. */
  get #usable(): AttachedBuffer | undefined {
    return this.#frame && this.#frame.bytes.length > 0 ? this.#frame : undefined;
  }

  /** Hot. */
  #present(frame: AttachedBuffer, damage: Int32Array, count: number): void {
    clearTimeout(this.#firstFrame);
    this.#frame = frame;
    const scanout = this.#scanout;
    if (!scanout) {
      this.#later(unseenPeriod);
      return;
    }
    if (count === 0) scanout.damage(0, 0, this.width, this.height);
    for (let i = 0; i < count * 4; i += 4)
      scanout.damage(damage[i]!, damage[i + 1]!, damage[i + 2]!, damage[i + 3]!);
    this.#flip();
  }

  #flip(): void {
    const scanout = this.#scanout;
    this.#owed = scanout?.flipping === true;
    if (!scanout || this.#owed) return;
    this.#guarded(() => scanout.flip(this.#usable));
  }

  /** What the kernel refuses since the card is being taken away is not shown; we are told of that. */
  #guarded(show: () => void): void {
    try {
      show();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if (error.code === 'EBUSY') {
        // Its pointer is on its way to another place or picture: a matter of milliseconds.
        this.#owed = true;
        clearTimeout(this.#retry);
        this.#retry = setTimeout(() => this.#flip(), busyPause);
        return;
      }
      this.#log.info({ screen: this.name, error: error.message }, 'a screen is dark');
      this.darken();
    }
  }

  /** The frame is on the screen: its session may go on, but not faster than the screen. */
  #seen(): void {
    if (!this.#monitor.presented || this.#scanout?.flipping) return;
    const period = 1_000_000 / (this.#monitor.mode.refresh || 60_000);
    this.#later(this.#lastFlip + period - jitter - performance.now());
  }

  #later(delay: number): void {
    clearTimeout(this.#timer);
    const done = () => {
      this.#lastFlip = performance.now();
      this.#monitor.flipDone();
    };
    if (delay <= 0) done();
    else this.#timer = setTimeout(done, delay);
  }

  #sessionChanged(): void {
    clearTimeout(this.#firstFrame);
    this.#firstFrame = setTimeout(() => {
      this.#frame = undefined;
      this.#scanout?.damage(0, 0, this.width, this.height);
      this.#flip();
    }, firstFramePatience);
    this.#show(arrowCursor);
  }

  #setCursor(image: AttachedBuffer | CursorName, hotX: number, hotY: number): void {
    if (image === 'hidden') this.#show(undefined);
    else this.#show(typeof image === 'string' ? arrowCursor : copyOf(image, hotX, hotY));
  }

  #show(cursor: CursorImage | undefined): void {
    this.#cursor = cursor;
    this.#plane?.show(cursor);
    this.#cursorMoved();
  }
}

function copyOf({ width, height, stride, bytes }: AttachedBuffer, hotX: number, hotY: number): CursorImage {
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    pixels.set(bytes.subarray(y * stride, y * stride + width * 4), y * width * 4);
  return { width, height, hotX, hotY, pixels };
}
