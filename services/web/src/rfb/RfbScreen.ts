import { DirtyTiles } from '../DirtyTiles.js';
import type { OutputViewer } from '../Output.js';
import type { Scroll } from '../Picture.js';
import type { WebMonitor } from '../WebMonitor.js';

export interface RfbScreenEvents {
  /** The client waits for an update. */
  readonly watching: boolean;
  /** It has all of the framebuffer, exactly, and can be told that something moved. */
  readonly canScroll: boolean;
  changed(screen: RfbScreen, scroll: Scroll | undefined): void;
  cursorChanged(): void;
  /** It has another size. */
  resized(): void;
}

/** A monitor as a part of a client's framebuffer, and what of it the client has not seen. */
export class RfbScreen implements OutputViewer {
  readonly monitor: WebMonitor;
  /** Of its left edge in the framebuffer. */
  x = 0;
  unseen: DirtyTiles;
  readonly #on: RfbScreenEvents;

  constructor(monitor: WebMonitor, on: RfbScreenEvents) {
    this.monitor = monitor;
    this.#on = on;
    this.unseen = allOf(monitor);
    monitor.watch(this);
  }

  get width(): number {
    return this.unseen.width;
  }
  get height(): number {
    return this.unseen.height;
  }
  get watching(): boolean {
    return this.#on.watching;
  }
  get upToDate(): boolean {
    return this.unseen.dirty === 0;
  }
  get canScroll(): boolean {
    return this.#on.canScroll;
  }

  close(): void {
    this.monitor.unwatch(this);
  }

  show(changed: DirtyTiles, scroll?: Scroll): void {
    const moves = scroll !== undefined && this.canScroll;
    this.unseen.add(moves ? scroll.rest : changed);
    this.#on.changed(this, moves ? scroll : undefined);
  }

  showCursor(): void {
    this.#on.cursorChanged();
  }

  restart(): void {
    this.unseen = allOf(this.monitor);
    this.#on.resized();
  }

  /** Marks what of an area of the framebuffer is on it. */
  mark(x: number, y: number, width: number, height: number): void {
    const left = Math.max(0, x - this.x);
    const right = Math.min(this.width, x + width - this.x);
    const bottom = Math.min(this.height, y + height);
    if (right <= left || bottom <= y) return;
    const all = new Uint8Array(this.unseen.boxes.length).fill(1);
    this.unseen.markRectangle(left, y, right - left, bottom - y, all);
  }

  /** Marks tiles that are inexact and have stood still since `before`; false when there are none. */
  markLossy(before: number): boolean {
    const { lossySince, lossy } = this.unseen;
    let marked = false;
    for (let tile = 0; lossy > 0 && tile < lossySince.length; tile++)
      if (lossySince[tile] !== 0 && lossySince[tile]! <= before) {
        this.unseen.markTile(tile);
        marked = true;
      }
    return marked;
  }
}

function allOf({ picture: { width, height } }: WebMonitor): DirtyTiles {
  const tiles = new DirtyTiles(width, height);
  tiles.markAll();
  return tiles;
}
