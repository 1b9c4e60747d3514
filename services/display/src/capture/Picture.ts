import { blendRectangle, Region } from '@switchyard/pixels';
import { arrowCursor, type CursorImage } from '@switchyard/seat';
import { WlShmFormat } from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Compositor } from '../Compositor.js';

interface PaintedCursor {
  readonly image: CursorImage;
  readonly x: number;
  readonly y: number;
}

/**
 * A picture for one client, of the screen or a part of it: our own copy, which is brought up to date when the client asks
 * for it, and where it differs from what the client got last.
 */
export abstract class Picture {
  readonly format: WlShmFormat = WlShmFormat.xrgb8888;
  width = 0;
  height = 0;
  bytes = new Uint8Array(0);
  /** Since it was taken last, in its pixels. Whoever takes it clears it. */
  readonly damage = new Region();
  /** There may be something new in it. Called at most once a turn. */
  onNews: (() => void) | undefined;
  protected readonly compositor: Compositor;
  protected readonly client: ClientState;
  /** Where `bytes` is older than what it shows. */
  protected readonly stale = new Region();
  readonly #watches: (() => void)[] = [];
  #painted: PaintedCursor | undefined;
  #news: NodeJS.Immediate | undefined;
  #holders = 1;

  protected constructor(compositor: Compositor, client: ClientState, cursor: boolean) {
    this.compositor = compositor;
    this.client = client;
    if (!cursor) return;
    this.watch(compositor.seat.pointer.onMoved(() => this.news()));
    this.watch(compositor.seat.pointer.cursor.onChanged(() => this.news()));
  }

  get stride(): number {
    return this.width * 4;
  }
  /** There is nothing to be seen any more. */
  get stopped(): boolean {
    return false;
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  drop(): void {
    if (--this.#holders > 0) return;
    for (const stop of this.#watches) stop();
    clearImmediate(this.#news);
    this.client.quota.copy(-this.bytes.length);
    this.bytes = new Uint8Array(0);
  }

  /** Brings it up to date. False when there is no memory for it. */
  update(): boolean {
    const size = this.size();
    if (size.width !== this.width || size.height !== this.height) {
      const bytes = size.width * size.height * 4;
      if (!this.client.quota.copy(bytes - this.bytes.length)) return false;
      this.bytes = new Uint8Array(bytes);
      this.width = size.width;
      this.height = size.height;
      this.damage.clear();
      this.stale.set(0, 0, size.width, size.height);
    }
    this.refresh();
    const cursor = this.#cursor();
    const before = this.#painted;
    if (before?.image !== cursor?.image || before?.x !== cursor?.x || before?.y !== cursor?.y) {
      if (before) this.stale.add(before.x, before.y, before.image.width, before.image.height);
      if (cursor) this.stale.add(cursor.x, cursor.y, cursor.image.width, cursor.image.height);
      this.#painted = cursor;
    } else if (cursor && !this.stale.isEmpty) {
      // Painted over, in part at least.
      this.stale.add(cursor.x, cursor.y, cursor.image.width, cursor.image.height);
    }
    this.stale.intersect(0, 0, this.width, this.height);
    if (this.stale.isEmpty) return true;
    this.draw(this.stale);
    if (cursor) {
      const { image, x, y } = cursor;
      // biome-ignore format: two images, one line each
      blendRectangle(this.bytes, this.stride, x, y,
        image.pixels, image.width * 4, 0, 0, image.width, image.height);
    }
    this.damage.addRegion(this.stale);
    this.stale.clear();
    return true;
  }

  /** Its size as of now, in output pixels; at least 1×1. */
  protected abstract size(): { width: number; height: number };
  /** Adds to `stale` what is not known from elsewhere to have changed. */
  protected abstract refresh(): void;
  protected abstract draw(area: Region): void;
  /** Where the pointer is in the picture; undefined when it is not to be painted. */
  protected pointerPlace(): { x: number; y: number } | undefined {
    return undefined;
  }

  /** Where the pointer is in it as of now; undefined when it is elsewhere, or not the client's to know. */
  cursorPlace(): { x: number; y: number } | undefined {
    this.refresh();
    return this.pointerPlace();
  }

  /** Something may have changed. */
  protected news(): void {
    this.#news ??= setImmediate(() => {
      this.#news = undefined;
      this.onNews?.();
    });
  }

  protected watch(stop: () => void): void {
    this.#watches.push(stop);
  }

  #cursor(): PaintedCursor | undefined {
    const place = this.pointerPlace();
    const image = imageOf(this.compositor);
    if (!place || !image) return undefined;
    return { image, x: Math.round(place.x) - image.hotX, y: Math.round(place.y) - image.hotY };
  }
}

/** The pointer's picture as monitors show it; undefined while it is hidden. */
export function imageOf(compositor: Compositor): CursorImage | undefined {
  const { image: cursor } = compositor.seat.pointer.cursor;
  if (cursor === 'hidden') return undefined;
  // A shape is drawn by whoever shows the monitor: here it is an arrow.
  return typeof cursor === 'string' ? arrowCursor : cursor;
}
