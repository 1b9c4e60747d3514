import {
  type Globals,
  WlCompositorProxy,
  WlShmProxy,
  type WlSurfaceProxy,
  type XdgSurfaceProxy,
  type XdgToplevelProxy,
  XdgToplevelState,
  XdgWmBaseProxy,
} from '@switchyard/wayland';
import type { Canvas, Picture } from './Front.js';
import { Outputs } from './Outputs.js';
import { ShmBuffer } from './ShmBuffer.js';
import { SurfaceScale } from './SurfaceScale.js';

const APP_ID = 'org.switchyard.Console';
/** The surface's size until the display says one (surface coordinates). */
const FIRST_SIZE = { width: 960, height: 600 };
/** A display that asks for more than this is not obeyed (pixels a side). */
const SIDE_LIMIT = 16_384;

export interface WindowEvents {
  /** The window has a size now, or another one: it must be drawn anew. Sizes are in pixels of the buffer. */
  resized(width: number, height: number, scale: number): void;
  /** There is room for a frame again. */
  frameDone(): void;
  closed(): void;
}

/**
 * A toplevel and its frames: at most one frame is committed for each frame callback, and a buffer is written only while the display
 * does not hold it.
 *
 *   unconfigured ──configure──▶ ready ──commit──▶ waiting ──frame callback, and a buffer free──▶ ready
 */
export class Window implements Canvas {
  readonly surface: WlSurfaceProxy;
  readonly #shm: WlShmProxy;
  readonly #xdgSurface: XdgSurfaceProxy;
  readonly #toplevel: XdgToplevelProxy;
  readonly #scale: SurfaceScale;
  readonly #events: WindowEvents;
  #buffers: ShmBuffer[] = [];
  #last: ShmBuffer | undefined;
  #configured = false;
  #waiting = false;
  #suggested = FIRST_SIZE;
  #size = { width: 0, height: 0, scale: 0 };
  #focused = false;

  constructor(globals: Globals, events: WindowEvents) {
    this.#events = events;
    const compositor = globals.require(WlCompositorProxy, { minimum: 4, maximum: 4 });
    this.#shm = globals.require(WlShmProxy, { minimum: 1, maximum: 1 }, { format() {} });
    const shell = globals.require(
      XdgWmBaseProxy,
      { minimum: 1, maximum: 3 },
      { ping: (base, serial) => base.pong(serial) },
    );
    const outputs = new Outputs(globals, () => this.#rescale());
    this.surface = compositor.createSurface({
      enter: (_, output) => outputs.enter(output),
      leave: (_, output) => outputs.leave(output),
      preferredBufferScale() {},
      preferredBufferTransform() {},
    });
    this.#scale = new SurfaceScale(globals, this.surface, outputs, () => this.#rescale());
    this.#xdgSurface = shell.getXdgSurface(this.surface, {
      configure: (surface, serial) => {
        surface.ackConfigure(serial);
        this.#configured = true;
        this.#apply();
      },
    });
    this.#toplevel = this.#xdgSurface.getToplevel({
      configure: (_, width, height, states) => this.#suggest(width, height, states),
      close: () => events.closed(),
      configureBounds() {},
      wmCapabilities() {},
    });
    this.#toplevel.setAppId(APP_ID);
    this.surface.commit();
  }

  set title(title: string) {
    this.#toplevel.setTitle(title);
  }

  /** The display calls this window the active one. */
  get activated(): boolean {
    return this.#focused;
  }

  /** Whether a frame may be committed now. Resizing needs no frame callback. */
  get ready(): boolean {
    return this.#configured && !this.#waiting && this.#freeBuffer() !== undefined;
  }

  /** The buffer to draw into; preferably the one that was shown last, since it needs the fewest cells. Undefined unless `ready`. */
  takeBuffer(columns: number, rows: number): ShmBuffer | undefined {
    const free = this.#freeBuffer();
    if (!this.#configured || this.#waiting || free === undefined) return undefined;
    if (free !== 'new') return free;
    const { width, height } = this.#size;
    const buffer = new ShmBuffer(this.#shm, width, height, columns, rows, () => {
      if (!this.#waiting) this.#events.frameDone();
    });
    this.#buffers.push(buffer);
    return buffer;
  }

  /** Shows a buffer. `damage`: x, y, width, height in pixels, `count` times. */
  commit(picture: Picture, damage: Int32Array, count: number): void {
    const buffer = this.#buffers.find((one) => one === picture);
    if (!buffer) throw new Error('commit: takeBuffer did not give this buffer, or it is forgotten');
    this.surface.attach(buffer.buffer, 0, 0);
    for (let at = 0; at < 4 * count; at += 4) {
      this.surface.damageBuffer(damage[at]!, damage[at + 1]!, damage[at + 2]!, damage[at + 3]!);
    }
    buffer.busy = true;
    this.#last = buffer;
    this.#waiting = true;
    this.surface.frame({
      done: () => {
        this.#waiting = false;
        this.#events.frameDone();
      },
    });
    this.surface.commit();
  }

  /** Nothing more is drawn; the connection's end takes the objects away. */
  dispose(): void {
    this.#configured = false;
    for (const buffer of this.#buffers.splice(0)) buffer.destroy();
    this.#last = undefined;
  }

  #freeBuffer(): ShmBuffer | 'new' | undefined {
    if (this.#last && !this.#last.busy) return this.#last;
    const free = this.#buffers.find((buffer) => !buffer.busy);
    if (free) return free;
    return this.#buffers.length < 2 ? 'new' : undefined;
  }

  #suggest(width: number, height: number, states: Uint8Array): void {
    if (width > 0 && height > 0) {
      this.#suggested = { width: Math.min(width, SIDE_LIMIT), height: Math.min(height, SIDE_LIMIT) };
    }
    const words = new Uint32Array(states.slice().buffer);
    this.#focused = words.includes(XdgToplevelState.activated);
  }

  #rescale(): void {
    if (this.#configured && this.#scale.factor !== this.#size.scale) this.#apply();
  }

  #apply(): void {
    const suggested = this.#suggested;
    const scale = this.#scale.factor;
    const width = this.#scale.pixels(suggested.width);
    const height = this.#scale.pixels(suggested.height);
    if (width === this.#size.width && height === this.#size.height && scale === this.#size.scale) {
      this.surface.commit();
      return;
    }
    this.#size = { width, height, scale };
    this.renew();
    this.#scale.apply(suggested.width, suggested.height);
    this.#events.resized(width, height, scale);
  }

  /** Forgets the buffers: the size of the window or of its cells is another now. The next frame need not wait. */
  renew(): void {
    for (const buffer of this.#buffers.splice(0)) buffer.destroy();
    this.#last = undefined;
    this.#waiting = false;
  }
}
