import { type Area, boxBottom, boxRight, type DirtyTiles, TILE } from '../DirtyTiles.js';

/** Frames that are looked back on. */
const FRAMES = 10;
/** So many of them must be photographic… */
const PHOTOGRAPHIC = 8;
/** …in at least this share of the output's tiles, */
const SHARE = 1 / 4;
/** and all have come within this time: a video, and not a slide show (ms). */
const WITHIN_MS = 1000;

/** What the last frames for one viewer were like: whether the output shows a video, where, and what that costs the wire. */
export class Motion {
  readonly #times = new Float64Array(FRAMES);
  readonly #bytes = new Float64Array(FRAMES);
  /** Left, top, right, bottom in tiles, of the photographic ones; four numbers a frame, all 0 when there were few. */
  readonly #boxes = new Uint16Array(4 * FRAMES);
  #next = 0;

  /** A frame of `bytes` was sent; of its tiles those are photographic that became inexact `now`. */
  note(dirty: DirtyTiles, now: number, bytes: number): void {
    const slot = this.#next++ % FRAMES;
    this.#times[slot] = now;
    this.#bytes[slot] = bytes;
    let [count, left, top, right, bottom] = [0, dirty.columns, dirty.rows, 0, 0];
    for (let tile = 0; tile < dirty.lossySince.length; tile++) {
      if (dirty.lossySince[tile] !== now) continue;
      const column = tile % dirty.columns;
      const row = (tile - column) / dirty.columns;
      count++;
      left = Math.min(left, column);
      top = Math.min(top, row);
      right = Math.max(right, column + 1);
      bottom = Math.max(bottom, row + 1);
    }
    if (count < SHARE * dirty.lossySince.length) [left, top, right, bottom] = [0, 0, 0, 0];
    this.#boxes.set([left, top, right, bottom], 4 * slot);
  }

  forget(): void {
    this.#next = 0;
    this.#times.fill(0);
    this.#boxes.fill(0);
  }

  /** Where the video is: whole tiles with even sides; undefined when there is none, or when it costs less than `rate` (bytes a second). */
  video(dirty: DirtyTiles, now: number, rate: number): Area | undefined {
    if (this.#next < FRAMES) return undefined;
    const oldest = this.#times[this.#next % FRAMES]!;
    if (now - oldest > WITHIN_MS) return undefined;
    const bytes = this.#bytes.reduce((sum, each) => sum + each, 0);
    if ((bytes * 1000) / Math.max(1, now - oldest) < rate) return undefined;
    let [count, left, top, right, bottom] = [0, dirty.columns, dirty.rows, 0, 0];
    for (let at = 0; at < this.#boxes.length; at += 4) {
      if (this.#boxes[at + 2] === 0) continue;
      count++;
      left = Math.min(left, this.#boxes[at]!);
      top = Math.min(top, this.#boxes[at + 1]!);
      right = Math.max(right, this.#boxes[at + 2]!);
      bottom = Math.max(bottom, this.#boxes[at + 3]!);
    }
    return count < PHOTOGRAPHIC ? undefined : evenArea(dirty, left, top, right, bottom);
  }
}

/** In pixels; a last column or row of tiles with an odd size stays outside. */
function evenArea(
  dirty: DirtyTiles,
  left: number,
  top: number,
  right: number,
  bottom: number,
): Area | undefined {
  const isOdd = (tile: number, side: (box: number) => number) => side(dirty.fullBox(tile)) % 2 === 1;
  const lastColumn = right - (isOdd(right - 1, boxRight) ? 1 : 0);
  const lastRow = bottom - (isOdd((bottom - 1) * dirty.columns, boxBottom) ? 1 : 0);
  const width = Math.min(dirty.width, lastColumn * TILE) - left * TILE;
  const height = Math.min(dirty.height, lastRow * TILE) - top * TILE;
  return width > 0 && height > 0 ? { x: left * TILE, y: top * TILE, width, height } : undefined;
}
