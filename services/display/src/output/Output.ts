import { type DrawList, Region } from '@switchyard/pixels';
import type { Log } from '@switchyard/runtime';
import type { CursorImage, CursorName, Mode, MonitorSession } from '@switchyard/seat';
import type { Surface } from '../surface/Surface.js';
import { Composer } from './Composer.js';
import { DrawingApart } from './DrawingApart.js';
import { Scene } from './Scene.js';
import type { Shown } from './Shown.js';
import { type Frame, Swapchain } from './Swapchain.js';

/** Above this a frame's damage is better said by fewer, larger rectangles (a monitor takes 64). */
const maxDamageRectangles = 32;

/** Screen sizes that `yard up --size` allows. */
const minSide = 64;
const maxSide = 8192;

/**
 * What costs more than so many copied pixels, a millisecond and more, is drawn by another thread: a scaled window on 1280×720,
 * one to see through on 1920×1080. What a key changes is far below.
 */
const apartFrom = 16 * 2 ** 20;

/** The damage of a frame in which nothing is new; none at all would mean everything. */
const onePixel = new Int32Array([0, 0, 1, 1]);

export const defaultMode: Mode = { width: 1280, height: 720, refresh: 60_000, scale: 120 };

/** `damage` in output pixels; valid during the call. */
export type FrameWatcher = (damage: Region) => void;

/**
 * A monitor of the seat as the active session sees it: frames in turn (Swapchain), one on its way at most.
 *
 *   dark ──channel + mode──▶ idle ──damage──▶ scheduled ──end of the turn──▶ flipping ──flip_done──▶ idle
 *     ◀── channel closed ── any state                                          └─ damage meanwhile ─▶ scheduled
 *
 * A frame that takes long is drawn by another thread (DrawingApart) before it flips.
 *
 * Damage is exact: a buffer is brought up to date where it is stale, and the monitor is told what differs from the frame before.
 * While nothing is damaged and nobody waits for a frame, nothing happens at all.
 */
export class Output implements Disposable {
  /** Among the seat's, from the left. */
  readonly number: number;
  /** Its left edge in the space of all outputs, in pixels and in units; `Outputs` sets them. */
  x = 0;
  left = 0;
  /** Itself, as a list: where nearly every surface is. */
  readonly alone: readonly Output[] = [this];
  /** In its own pixels. */
  readonly damage = new Region();
  readonly #composer = new Composer();
  readonly #log: Log;
  readonly #onMode: (mode: Mode) => void;
  #mode: Mode = defaultMode;
  #channel: MonitorSession | undefined;
  #shown: Shown | undefined;
  readonly #swapchain = new Swapchain(this.damage);
  #scheduled: NodeJS.Immediate | undefined;
  /** For a frame that is not composed yet, and for the one that is on its way. */
  readonly #waiting: (() => void)[] = [];
  readonly #composed: (() => void)[] = [];
  readonly #sizeWatchers = new Set<() => void>();
  readonly #watchers = new Set<FrameWatcher>();
  readonly #apartFrom: number;
  #apart: DrawingApart | undefined;
  /** What is different in the frame that is drawn apart. */
  readonly #drawn = new Region();
  #frameWanted = false;
  #sceneChanged = false;
  #cursorScheduled: NodeJS.Immediate | undefined;
  #cursor: CursorImage | CursorName = 'hidden';

  constructor(number: number, log: Log, onMode: (mode: Mode) => void, drawApartFrom = apartFrom) {
    this.#apartFrom = drawApartFrom;
    this.number = number;
    this.#log = log;
    this.#onMode = onMode;
  }

  get mode(): Mode {
    return this.#mode;
  }
  /** In output units: what surfaces are measured in. Rounded, so that a whole number of units in pixels comes back as it was. */
  get width(): number {
    return Math.max(1, Math.round((this.#mode.width * 120) / this.#mode.scale));
  }
  get height(): number {
    return Math.max(1, Math.round((this.#mode.height * 120) / this.#mode.scale));
  }
  /** Pixels a unit. */
  get scale(): number {
    return this.#mode.scale / 120;
  }
  /** Whole pixels a unit, for buffers: a larger one than the screen's is scaled down, which looks better than the contrary. */
  get bufferScale(): number {
    return Math.max(1, Math.ceil(this.scale));
  }
  get refreshNanoseconds(): number {
    return this.#mode.refresh > 0 ? Math.round(1e12 / this.#mode.refresh) : 0;
  }
  /** Called with what is different from the frame before, after each that is presented; and when the screen is lost. */
  onFrame(listener: FrameWatcher): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }
  /** Calls back once when what there is to be seen by now has replaced what was there before; at once while it is dark. */
  onceShown(callback: () => void): void {
    if (!this.#channel) {
      callback();
      return;
    }
    this.#waiting.push(callback);
    this.damageAll();
  }
  /** Called when the mode has changed; returns what takes the listener back. */
  onSize(listener: () => void): () => void {
    this.#sizeWatchers.add(listener);
    return () => void this.#sizeWatchers.delete(listener);
  }
  /** The pointer's picture on it. */
  get cursor(): CursorImage | CursorName {
    return this.#cursor;
  }
  /** A frame of it is being drawn by another thread. */
  get drawing(): boolean {
    return this.#apart !== undefined;
  }
  get shown(): Shown | undefined {
    return this.#shown;
  }

  /** A mode that is known from elsewhere (the device's properties), until a channel says its own. */
  expect(mode: Mode): void {
    if (!this.#channel) this.#setMode(mode);
  }

  /** A session got the monitor: `shown` is what to show on it, whole, from now on. */
  open(channel: MonitorSession, shown: Shown): void {
    this.#cancelDrawing();
    this.#swapchain.detach();
    this.#channel = channel;
    this.#shown = shown;
    if (channel.mode) this.modeChanged(channel, channel.mode);
  }

  /** The session gives it up or has lost it. */
  close(channel: MonitorSession): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    this.#shown = undefined;
    this.#cancelDrawing();
    this.#swapchain.detach();
    this.damage.clear();
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    for (const callback of [...this.#composed.splice(0), ...this.#waiting.splice(0)]) callback();
    if (this.#watchers.size === 0) return;
    const all = new Region().set(0, 0, this.#mode.width, this.#mode.height);
    for (const watcher of this.#watchers) watcher(all);
  }

  /** The channel said its mode: buffers of that size are attached, and the whole frame is presented. */
  modeChanged(channel: MonitorSession, mode: Mode): void {
    if (this.#channel !== channel) return;
    this.#setMode(mode);
    this.#cancelDrawing();
    this.#swapchain.attach(channel, this.#mode.width, this.#mode.height);
    channel.setCursor(this.#cursor);
    this.damageAll();
  }

  flipDone(channel: MonitorSession, sequence: number, time: bigint): void {
    if (this.#channel !== channel) return;
    this.#swapchain.flipped();
    this.#shown?.flipped(this, time, sequence);
    for (const callback of this.#composed.splice(0)) callback();
    if (!this.damage.isEmpty || this.#frameWanted || this.#sceneChanged) this.#schedule();
  }

  /** Of the pictures of one turn the monitor gets the last: a client may send them as fast as it can. */
  setCursor(cursor: CursorImage | CursorName): void {
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    this.#cursorScheduled ??= setImmediate(() => {
      this.#cursorScheduled = undefined;
      this.#channel?.setCursor(this.#cursor);
    });
  }

  /** After adding to `damage`, or when the scene has changed. */
  schedule(): void {
    if (this.#swapchain.inFlight || this.#apart) this.#sceneChanged = true;
    else this.#schedule();
  }

  /** Somebody waits for the next frame, even if nothing changes in it. */
  wantFrame(): void {
    this.#frameWanted = true;
    if (!this.#swapchain.inFlight && !this.#apart) this.#schedule();
  }

  damageAll(): void {
    this.damage.set(0, 0, this.#mode.width, this.#mode.height);
    this.schedule();
  }

  /** Where the surface's next pixels can be copied at once, while it is all that is to be seen of the scene. Hot. */
  directly(surface: Surface, scene: Scene): Swapchain | undefined {
    if (!this.#swapchain.ready || this.#channel?.closed !== false) return undefined;
    const view = scene.covering(this);
    return view?.surface === surface && view.mapping === surface.mapping ? this.#swapchain : undefined;
  }

  /** Lets the buffers go. The channel is its session's. */
  [Symbol.dispose](): void {
    if (this.#channel) this.close(this.#channel);
    clearImmediate(this.#cursorScheduled);
    this.#swapchain[Symbol.dispose]();
  }

  /** Pixels as they are now: for screenshots, of sessions in the background too. */
  compose(target: Uint8Array, stride: number, shown: Shown | undefined): void {
    shown?.refresh();
    const area = new Region().set(0, 0, this.#mode.width, this.#mode.height);
    new Composer().compose(target, stride, shown?.scene ?? new Scene(), area, this);
  }

  #setMode(mode: Mode): void {
    const bounded: Mode = {
      width: Math.min(maxSide, Math.max(minSide, mode.width)),
      height: Math.min(maxSide, Math.max(minSide, mode.height)),
      refresh: mode.refresh,
      scale: mode.scale > 0 ? Math.min(960, Math.max(30, mode.scale)) : 120,
    };
    const same =
      bounded.width === this.#mode.width &&
      bounded.height === this.#mode.height &&
      bounded.refresh === this.#mode.refresh &&
      bounded.scale === this.#mode.scale;
    if (same) return;
    this.#mode = bounded;
    this.#log.info(bounded, 'mode');
    this.#onMode(bounded);
    for (const watcher of this.#sizeWatchers) watcher();
  }

  /** All commits of this turn go into one frame. */
  #schedule(): void {
    if (!this.#channel?.mode) return;
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.#present();
    });
  }

  #present(): void {
    const channel = this.#channel;
    const shown = this.#shown;
    const swapchain = this.#swapchain;
    if (!channel || channel.closed || !shown || swapchain.inFlight || this.#apart || !swapchain.ready) return;
    const { width, height } = this.#mode;
    const damage = this.damage;
    this.#sceneChanged = false;
    shown.prepare(this);
    damage.intersect(0, 0, width, height);
    if (damage.isEmpty && !this.#frameWanted) return;
    if (!this.#isDirect(shown.scene) && !swapchain.evict()) {
      // Its client has just been ended; the next frame is without it.
      damage.set(0, 0, width, height);
      return;
    }
    const frame = swapchain.home ?? swapchain.free();
    // A drawing that was cancelled is not done yet; it schedules again.
    if (!frame) return;
    this.#frameWanted = false;
    shown.composed(this);
    this.#composed.push(...this.#waiting.splice(0));
    if (damage.isEmpty) {
      // Somebody waits for a frame in which nothing changed: the monitor paces it all the same.
      swapchain.present(onePixel, 1);
      return;
    }

    if (damage.count > maxDamageRectangles) damage.simplify(maxDamageRectangles);
    swapchain.damaged(damage);
    if (frame !== swapchain.home) {
      const list = this.#composer.plan(shown.scene, frame.stale, this);
      frame.stale.clear();
      if (list.cost >= this.#apartFrom) {
        this.#drawn.copyFrom(damage);
        damage.clear();
        this.#drawApart(frame, list, shown.scene);
        return;
      }
      list.draw(frame.pixels.bytes, frame.pixels.stride);
    }
    this.#show(frame, damage);
    damage.clear();
  }

  #show(frame: Frame, damage: Region): void {
    this.#swapchain.present(damage.rectangles, damage.count, frame);
    for (const watcher of this.#watchers) watcher(damage);
  }

  #drawApart(frame: Frame, list: DrawList, scene: Scene): void {
    const apart: DrawingApart = new DrawingApart(frame, list, scene, this, (good) => {
      if (this.#apart === apart) this.#apart = undefined;
      if (good) {
        this.#show(frame, this.#drawn);
      } else {
        this.#swapchain.spoilt(frame);
        if (!this.#swapchain.inFlight) this.#schedule();
      }
    });
    this.#apart = apart;
  }

  /** Its frame is not to be shown any more. */
  #cancelDrawing(): void {
    this.#apart?.cancel();
    this.#apart = undefined;
  }

  /** All that there is to be seen is in the newest frame already. */
  #isDirect(scene: Scene): boolean {
    const { tenant } = this.#swapchain;
    return tenant !== undefined && tenant === scene.covering(this)?.surface.pixels;
  }
}
