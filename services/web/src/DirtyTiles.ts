/** Pixels in each direction: 64 × 64 × 4 bytes = 16 kB, which the tile comparison of libs/pixels also works in. */
export const TILE = 64;

/** A part of an output, in pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Which parts of an output somebody has not seen yet: for each tile the box of changed pixels within it.
 *
 *   boxes[tile]      left | top << 8 | right << 16 | bottom << 24, each 0 … 64 and right, bottom exclusive; 0 = clean
 *   lossySince[tile] when the tile was last sent as JPEG (ms), 0 = what the viewer has is exact
 */
export class DirtyTiles {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
  readonly boxes: Uint32Array;
  readonly lossySince: Float64Array;
  #dirty = 0;
  #lossy = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / TILE);
    this.rows = Math.ceil(height / TILE);
    this.boxes = new Uint32Array(this.columns * this.rows);
    this.lossySince = new Float64Array(this.columns * this.rows);
  }

  /** Tiles that hold anything unseen. */
  get dirty(): number {
    return this.#dirty;
  }
  /** Tiles that were seen inexactly. */
  get lossy(): number {
    return this.#lossy;
  }

  /** The box of the whole tile, which is smaller at the right and lower edge. */
  fullBox(tile: number): number {
    const column = tile % this.columns;
    const row = (tile - column) / this.columns;
    return pack(0, 0, Math.min(TILE, this.width - column * TILE), Math.min(TILE, this.height - row * TILE));
  }

  markAll(): void {
    for (let tile = 0; tile < this.boxes.length; tile++) this.boxes[tile] = this.fullBox(tile);
    this.#dirty = this.boxes.length;
  }

  markTile(tile: number): void {
    this.#union(tile, this.fullBox(tile));
  }

  /** Marks the part of a rectangle (which must lie on the output) that falls on tiles whose byte in `changed` is set. */
  markRectangle(x: number, y: number, width: number, height: number, changed: Uint8Array): void {
    const right = x + width;
    const bottom = y + height;
    for (let row = Math.floor(y / TILE); row * TILE < bottom; row++) {
      const top = row * TILE;
      for (let column = Math.floor(x / TILE); column * TILE < right; column++) {
        const tile = row * this.columns + column;
        if (changed[tile] === 0) continue;
        const left = column * TILE;
        const box = pack(
          Math.max(0, x - left),
          Math.max(0, y - top),
          Math.min(TILE, right - left),
          Math.min(TILE, bottom - top),
        );
        this.#union(tile, box);
      }
    }
  }

  /** Adds what is dirty in `other`, which must be of the same size. */
  add(other: DirtyTiles): void {
    if (other.#dirty === 0) return;
    const { boxes } = other;
    for (let tile = 0; tile < boxes.length; tile++) if (boxes[tile] !== 0) this.#union(tile, boxes[tile]!);
  }

  /** The tile's dirty part was sent, exactly or (`lossyAt`, ms) as JPEG. */
  sent(tile: number, lossyAt = 0): void {
    const box = this.boxes[tile]!;
    if (box !== 0) this.#dirty--;
    this.boxes[tile] = 0;
    const before = this.lossySince[tile]!;
    if (lossyAt !== 0) {
      if (before === 0) this.#lossy++;
      this.lossySince[tile] = lossyAt;
    } else if (before !== 0 && box === this.fullBox(tile)) {
      this.#lossy--;
      this.lossySince[tile] = 0;
    }
  }

  /** Whether any tile of an area, which is of whole tiles, is dirty. */
  isDirtyIn(area: Area): boolean {
    return this.#someTile(area, (tile) => this.boxes[tile] !== 0);
  }

  /** All of an area, which is of whole tiles, was sent inexactly at `now`. */
  areaSent(area: Area, now: number): void {
    this.#someTile(area, (tile) => {
      this.sent(tile, now);
      return false;
    });
  }

  markArea(area: Area): void {
    this.#someTile(area, (tile) => {
      this.markTile(tile);
      return false;
    });
  }

  #someTile({ x, y, width, height }: Area, isIt: (tile: number) => boolean): boolean {
    for (let row = y / TILE; row * TILE < y + height; row++)
      for (let column = x / TILE; column * TILE < x + width; column++)
        if (isIt(row * this.columns + column)) return true;
    return false;
  }

  /** Forgets what is dirty. */
  clear(): void {
    if (this.#dirty === 0) return;
    this.boxes.fill(0);
    this.#dirty = 0;
  }

  #union(tile: number, box: number): void {
    const before = this.boxes[tile]!;
    if (before === 0) {
      this.#dirty++;
      this.boxes[tile] = box;
      return;
    }
    this.boxes[tile] = pack(
      Math.min(boxLeft(before), boxLeft(box)),
      Math.min(boxTop(before), boxTop(box)),
      Math.max(boxRight(before), boxRight(box)),
      Math.max(boxBottom(before), boxBottom(box)),
    );
  }
}

const pack = (left: number, top: number, right: number, bottom: number): number =>
  (left | (top << 8) | (right << 16) | (bottom << 24)) >>> 0;
export const boxLeft = (box: number): number => box & 0xff;
export const boxTop = (box: number): number => (box >>> 8) & 0xff;
export const boxRight = (box: number): number => (box >>> 16) & 0xff;
export const boxBottom = (box: number): number => box >>> 24;
