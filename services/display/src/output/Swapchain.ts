import { copyRectangle, Region } from '@switchyard/pixels';
import { MonitorBuffer, type MonitorImage, type MonitorSession } from '@switchyard/seat';
import type { ClientBuffer } from '../surface/ClientBuffer.js';
import type { SurfacePixels } from '../surface/SurfacePixels.js';

/** One buffer of the monitor's. */
export interface Frame {
  readonly pixels: MonitorImage;
  /** Whose memory it is when it is a client's; held. */
  readonly lender?: ClientBuffer;
  /** The lender waits for its release. */
  owed?: boolean;
  /** Another thread writes it. */
  drawing?: boolean;
  /** Its id on the current channel; 0 when that does not know it. */
  id: number;
  /** Where it is older than the newest frame. */
  readonly stale: Region;
}

/** The one that is shown and the one that comes next: enough for whoever draws once the frame before is shown. */
const usualFrames = 2;
/** With one more, there is one to be written while a frame is on its way. */
const mostFrames = 3;
/** The newest, the one that is shown and the one on its way; fewer leave room for some that may come again. */
const mostLent = 3;

/**
 * The buffers that an output's frames are in. What was presented is read by the monitor until a later frame is shown:
 *
 *   free ──drawn──▶ next ──present──▶ in flight ──flip_done──▶ shown ──flip_done of another──▶ free
 *   lent ───────────▲                                                            released ◀──┘ (lent)
 *
 * The pixels of a surface that is all there is to be seen may live in here, in the newest frame, and nowhere else: it is
 * the *tenant*. Its commits are copied to where they are shown, and whatever else reads its pixels reads them here. A buffer
 * that its client cannot change any more is *lent*: it is a frame itself, until it is neither the newest nor read. It may come
 * again, so the monitor keeps a few that were released.
 *
 *   nobody ──commit of the covering surface──▶ tenant ──evict: something else is to be drawn──▶ nobody
 *                                                └─ its own commit that is none of these, its end ─▶ nobody
 */
export class Swapchain implements Disposable {
  /** The output's, which every frame misses until the next one is presented. */
  readonly #damage: Region;
  readonly #missed = new Region();
  #channel: MonitorSession | undefined;
  #frames: Frame[] = [];
  #lent: Frame[] = [];
  /** The last that was presented. */
  #front: Frame | undefined;
  #inFlight: Frame | undefined;
  #shown: Frame | undefined;
  /** In flight, of the mode before. */
  #retired: Frame | undefined;
  #tenant: SurfacePixels | undefined;
  #home: Frame | undefined;

  constructor(damage: Region) {
    this.#damage = damage;
  }

  get inFlight(): boolean {
    return this.#inFlight !== undefined;
  }
  get ready(): boolean {
    return this.#channel !== undefined && this.#frames.length > 0;
  }
  /** Whose pixels are all in the newest frame. */
  get tenant(): SurfacePixels | undefined {
    return this.#tenant;
  }
  /** Where the tenant lives: the newest frame, which is whole. */
  get home(): Frame | undefined {
    return this.#home;
  }

  /** Makes buffers of that size known to the channel. They live on across channels. */
  attach(channel: MonitorSession, width: number, height: number): void {
    this.#channel = channel;
    const size = this.#frames[0]?.pixels;
    if (size?.width !== width || size.height !== height) {
      this.evict();
      this.#retireAll();
      for (let i = 0; i < usualFrames; i++) this.#add(width, height);
    }
    for (const frame of this.#frames) {
      if (frame.id === 0) frame.id = channel.attach(frame.pixels);
      frame.stale.set(0, 0, width, height);
    }
  }

  /** The channel is over, and with it whatever was under way. */
  detach(): void {
    this.evict();
    this.#channel = undefined;
    this.#inFlight = undefined;
    this.#shown = undefined;
    for (const frame of [...this.#frames, ...this.#lent]) frame.id = 0;
    this.#giveBack(0);
    this.#retired?.pixels[Symbol.dispose]();
    this.#retired = undefined;
  }

  [Symbol.dispose](): void {
    this.detach();
    for (const { pixels } of this.#frames.splice(0)) pixels[Symbol.dispose]();
    this.#front = undefined;
  }

  /** Of the buffers that nobody reads, the one that misses least; there is one unless a frame is in flight or drawn by another thread. */
  free(): Frame | undefined {
    let best: Frame | undefined;
    for (const frame of this.#frames) {
      if (frame === this.#inFlight || frame === this.#shown || frame === this.#home || frame.drawing)
        continue;
      if (!best || frame.stale.area < best.stale.area) best = frame;
    }
    return best;
  }

  /** The next frame differs there from the last. */
  damaged(damage: Region): void {
    for (const frame of this.#frames) frame.stale.addRegion(damage);
    this.#home?.stale.clear();
  }

  /** Shows a frame; by default the one before once more. */
  present(damage: Int32Array, count: number, frame = this.#front ?? this.#frames[0]!): void {
    this.#front = frame;
    this.#inFlight = frame;
    if (frame.id === 0) frame.id = this.#channel!.attach(frame.pixels);
    this.#channel!.present(frame.id, damage, count);
  }

  flipped(): void {
    this.#shown = this.#inFlight;
    this.#inFlight = undefined;
    if (this.#retired) {
      this.#drop(this.#retired);
      this.#retired = undefined;
    }
    this.#giveBack();
    if (!this.#tenant && this.#frames.length > usualFrames) this.#shrink();
  }

  /**
   * A buffer in which everything is as the surface's pixels are, but for `changed`, which is to be copied there; undefined
   * when there is none. Hot.
   */
  begin(pixels: SurfacePixels, changed: Region): Frame | undefined {
    if (this.#tenant && this.#tenant !== pixels && !this.evict()) return undefined;
    const home = this.#home;
    if (home && !home.lender && home !== this.#inFlight && home !== this.#shown) return home;
    const frame = this.free() ?? this.#third();
    if (!frame) return undefined;
    const { width, height } = frame.pixels;
    const missed = this.#missed.copyFrom(frame.stale).addRegion(this.#damage);
    missed.intersect(0, 0, width, height).subtractRegion(changed);
    const r = missed.rectangles;
    for (let i = 0; i < missed.count * 4; i += 4) {
      const x = r[i]!;
      const y = r[i + 1]!;
      // biome-ignore format: two images, one line each
      copyRectangle(frame.pixels.bytes, frame.pixels.stride, x, y,
        pixels.bytes, pixels.stride, x, y, r[i + 2]!, r[i + 3]!);
    }
    return frame;
  }

  /** The buffer itself as the next frame, if it can be one. */
  lend(pixels: SurfacePixels, buffer: ClientBuffer): Frame | undefined {
    const known = this.#lent.findIndex(({ lender }) => lender === buffer);
    const image = known < 0 ? buffer.image() : undefined;
    if (known < 0 && !image) return undefined;
    if (this.#tenant && this.#tenant !== pixels && !this.evict()) {
      image?.[Symbol.dispose]();
      return undefined;
    }
    const frame = image
      ? { pixels: image, lender: buffer.hold(), id: 0, stale: new Region() }
      : this.#lent.splice(known, 1)[0]!;
    this.#lent.push(frame);
    return frame;
  }

  /** What was to be copied there is there: the surface's pixels are in this frame from now on. */
  moveIn(pixels: SurfacePixels, frame: Frame): void {
    this.#tenant = pixels;
    this.#home = frame;
    if (frame.lender) frame.owed = true;
    this.#giveBack();
  }

  /** What was to be copied there is not, or in part. */
  spoilt(frame: Frame): void {
    frame.stale.set(0, 0, frame.pixels.width, frame.pixels.height);
  }

  /** The surface's pixels are not needed here any more. */
  moveOut(pixels: SurfacePixels): void {
    if (this.#tenant !== pixels) return;
    this.#tenant = undefined;
    this.#home = undefined;
    this.#giveBack();
  }

  /** Has the tenant take its pixels with it. False when there is no memory for them; its client has been ended. */
  evict(): boolean {
    return this.#tenant?.keep() ?? true;
  }

  /** Lent buffers that are not shown any more go back to their clients; all but the newest few are forgotten. */
  #giveBack(most = mostLent): void {
    if (this.#lent.length === 0) return;
    let spare = this.#lent.length - most;
    this.#lent = this.#lent.filter((frame) => {
      const lender = frame.lender!;
      if (frame === this.#home || frame === this.#inFlight || frame === this.#shown) return true;
      if (frame.owed) lender.release();
      frame.owed = false;
      if (spare-- <= 0 && lender.resource.alive) return true;
      if (frame === this.#front) this.#front = undefined;
      this.#drop(frame);
      lender.drop();
      return false;
    });
  }

  #add(width: number, height: number): Frame {
    const frame = { pixels: MonitorBuffer.create(width, height), id: 0, stale: new Region() };
    frame.stale.set(0, 0, width, height);
    this.#frames.push(frame);
    return frame;
  }

  #third(): Frame | undefined {
    if (this.#frames.length >= mostFrames || !this.#channel) return undefined;
    const { width, height } = this.#frames[0]!.pixels;
    const frame = this.#add(width, height);
    frame.id = this.#channel.attach(frame.pixels);
    return frame;
  }

  /** Lets the one go that misses most. */
  #shrink(): void {
    const best = this.free();
    const worst = this.#frames.find((frame) => frame !== best && frame !== this.#shown);
    if (!worst || worst === this.#front) return;
    this.#frames.splice(this.#frames.indexOf(worst), 1);
    this.#drop(worst);
  }

  /** Lets the buffers of the old size go; the one that the monitor may still be reading goes with its flip. */
  #retireAll(): void {
    for (const frame of this.#frames.splice(0)) {
      if (frame === this.#inFlight) this.#retired = frame;
      else this.#drop(frame);
    }
    this.#front = undefined;
    this.#shown = undefined;
  }

  #drop(frame: Frame): void {
    if (frame.id !== 0) this.#channel?.detach(frame.id);
    frame.pixels[Symbol.dispose]();
  }
}
