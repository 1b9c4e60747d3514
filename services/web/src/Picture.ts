import { copyRectangle, findScroll, tileDiff } from '@switchyard/pixels';
import { type Area, DirtyTiles, TILE } from './DirtyTiles.js';

/** Less damage than this share of the picture is not worth a look whether it is a scroll. */
const SCROLL_SHARE = 1 / 8;
/** After so many looks for nothing only each eighth frame is looked at, until one was a scroll: a video costs little then. */
const LOOKS_IN_VAIN = 4;
const LOOK_EACH = 8;

const found = new Int32Array(3);
const part = new Int32Array(4);

/** What moved up or down, at its new place, and what else is new on the picture since then. */
export interface Scroll extends Area {
  /** Where it was: the same column, this row. */
  readonly fromY: number;
  readonly rest: DirtyTiles;
}

/**
 * The output's pixels as last presented, XRGB8888, kept by us: sessions reuse their buffers, and a viewer that comes
 * late or falls behind is served from here. One copy for all viewers.
 */
export class Picture {
  #width = 0;
  #height = 0;
  #pixels = new Uint8Array(0);
  #words = new Uint32Array(0);
  #changed = new DirtyTiles(0, 0);
  #flags = new Uint8Array(0);
  #rest = new DirtyTiles(0, 0);
  #scroll: Scroll | undefined;
  #inVain = 0;

  constructor(width: number, height: number) {
    this.resize(width, height);
  }

  get width(): number {
    return this.#width;
  }
  get height(): number {
    return this.#height;
  }
  /** Bytes. */
  get stride(): number {
    return this.#width * 4;
  }
  get pixels(): Uint8Array {
    return this.#pixels;
  }
  /** The same pixels as words 0x..RRGGBB. */
  get words(): Uint32Array {
    return this.#words;
  }
  /** What the last update or blank changed. */
  get changed(): DirtyTiles {
    return this.#changed;
  }

  /** The last update was a scroll for those who had seen all before it; for others it is in `changed` like any other. */
  get scroll(): Scroll | undefined {
    return this.#scroll;
  }

  /** Black, of another size; nothing counts as changed, as every viewer starts over. */
  resize(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    this.#words = new Uint32Array(width * height);
    this.#pixels = new Uint8Array(this.#words.buffer);
    this.#changed = new DirtyTiles(width, height);
    this.#rest = new DirtyTiles(width, height);
    this.#scroll = undefined;
    this.#flags = new Uint8Array(Math.ceil(width / TILE) * Math.ceil(height / TILE));
  }

  /**
   * Takes over a presented frame: within its damage, tiles are compared with what is here and copied when they differ.
   * A frame of another size than the output's (presented before its session learnt of the new mode) fills the upper
   * left corner. `lookForScroll`: somebody could use one. Returns the number of changed tiles. Hot.
   */
  update(
    frame: Uint8Array,
    stride: number,
    width: number,
    height: number,
    damage: Int32Array,
    count: number,
    lookForScroll = false,
  ): number {
    const changed = this.#changed;
    const flags = this.#flags;
    changed.clear();
    this.#scroll = undefined;
    if (width === this.#width && height === this.#height) {
      if (lookForScroll && this.#move(frame, stride, damage, count)) return changed.dirty;
      const tiles = tileDiff(this.#pixels, this.stride, frame, stride, width, height, damage, count, flags);
      if (tiles === 0) return 0;
    } else {
      const columns = Math.min(width, this.#width);
      const rows = Math.min(height, this.#height);
      copyRectangle(this.#pixels, this.stride, 0, 0, frame, stride, 0, 0, columns, rows);
      flags.fill(1);
    }
    this.#mark(changed, damage, count);
    flags.fill(0);
    return changed.dirty;
  }

  /** Marks the damage on tiles that have a flag. */
  #mark(tiles: DirtyTiles, damage: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const x = Math.max(0, damage[4 * i]!);
      const y = Math.max(0, damage[4 * i + 1]!);
      const right = Math.min(this.#width, damage[4 * i]! + damage[4 * i + 2]!);
      const bottom = Math.min(this.#height, damage[4 * i + 1]! + damage[4 * i + 3]!);
      if (right > x && bottom > y) tiles.markRectangle(x, y, right - x, bottom - y, this.#flags);
    }
  }

  /** Moves our pixels as the frame's have moved, and finds what else is new. False, and nothing done, when they have not. */
  #move(frame: Uint8Array, stride: number, damage: Int32Array, count: number): boolean {
    if (this.#inVain >= LOOKS_IN_VAIN && this.#inVain++ % LOOK_EACH !== 0) return false;
    let [left, top, right, bottom] = [this.#width, this.#height, 0, 0];
    for (let i = 0; i < count; i++) {
      left = Math.max(0, Math.min(left, damage[4 * i]!));
      top = Math.max(0, Math.min(top, damage[4 * i + 1]!));
      right = Math.min(this.#width, Math.max(right, damage[4 * i]! + damage[4 * i + 2]!));
      bottom = Math.min(this.#height, Math.max(bottom, damage[4 * i + 1]! + damage[4 * i + 3]!));
    }
    const [width, height] = [right - left, bottom - top];
    if (width <= 0 || height <= 0 || width * height < this.#words.length * SCROLL_SHARE) return false;
    const pixels = this.#pixels;
    if (!findScroll(pixels, this.stride, frame, stride, left, top, width, height, found)) {
      this.#inVain++;
      return false;
    }
    this.#inVain = 0;
    const y = top + found[1]!;
    const fromY = y - found[0]!;
    const rows = found[2]! - found[1]!;
    copyRectangle(pixels, this.stride, left, y, pixels, this.stride, left, fromY, width, rows);
    this.#rest.clear();
    // Also where there was no damage: between its rectangles pixels have moved that should not have.
    for (const [from, to] of [
      [top, y],
      [y, y + rows],
      [y + rows, bottom],
    ] as const) {
      if (from >= to) continue;
      part.set([left, from, width, to - from]);
      this.#changeWithin(this.#rest, frame, stride);
    }
    this.#scroll = { x: left, y, width, height: rows, fromY, rest: this.#rest };
    this.#flags.fill(1);
    this.#changed.markRectangle(left, y, width, rows, this.#flags);
    this.#flags.fill(0);
    this.#changed.add(this.#rest);
    return true;
  }

  /** Takes over what differs within `part`, and marks it. */
  #changeWithin(tiles: DirtyTiles, frame: Uint8Array, stride: number): void {
    const [width, height] = [this.#width, this.#height];
    if (tileDiff(this.#pixels, this.stride, frame, stride, width, height, part, 1, this.#flags) === 0) return;
    this.#mark(tiles, part, 1);
    this.#flags.fill(0);
  }

  /** Black: nobody draws on the seat any more, and the last picture was its session's. */
  blank(): void {
    this.#words.fill(0);
    this.#scroll = undefined;
    this.#changed.markAll();
  }
}
