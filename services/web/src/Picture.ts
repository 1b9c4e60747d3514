import { copyRectangle, tileDiff } from '@switchyard/pixels';
import { DirtyTiles, TILE } from './DirtyTiles.js';

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

  /** Black, of another size; nothing counts as changed, as every viewer starts over. */
  resize(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    this.#words = new Uint32Array(width * height);
    this.#pixels = new Uint8Array(this.#words.buffer);
    this.#changed = new DirtyTiles(width, height);
    this.#flags = new Uint8Array(Math.ceil(width / TILE) * Math.ceil(height / TILE));
  }

  /**
   * Takes over a presented frame: within its damage, tiles are compared with what is here and copied when they differ.
   * A frame of another size than the output's (presented before its session learnt of the new mode) fills the upper
   * left corner. Returns the number of changed tiles. Hot.
   */
  update(
    frame: Uint8Array,
    stride: number,
    width: number,
    height: number,
    damage: Int32Array,
    count: number,
  ): number {
    const changed = this.#changed;
    const flags = this.#flags;
    changed.clear();
    if (width === this.#width && height === this.#height) {
      const tiles = tileDiff(this.#pixels, this.stride, frame, stride, width, height, damage, count, flags);
      if (tiles === 0) return 0;
    } else {
      const columns = Math.min(width, this.#width);
      const rows = Math.min(height, this.#height);
      copyRectangle(this.#pixels, this.stride, 0, 0, frame, stride, 0, 0, columns, rows);
      flags.fill(1);
    }
    for (let i = 0; i < count; i++) {
      const x = Math.max(0, damage[4 * i]!);
      const y = Math.max(0, damage[4 * i + 1]!);
      const right = Math.min(this.#width, damage[4 * i]! + damage[4 * i + 2]!);
      const bottom = Math.min(this.#height, damage[4 * i + 1]! + damage[4 * i + 3]!);
      if (right > x && bottom > y) changed.markRectangle(x, y, right - x, bottom - y, flags);
    }
    flags.fill(0);
    return changed.dirty;
  }

  /** Black: nobody draws on the seat any more, and the last picture was its session's. */
  blank(): void {
    this.#words.fill(0);
    this.#changed.markAll();
  }
}
