import type { XtermCore } from './XtermCore.js';
import { CELL_WORDS, content } from './XtermCore.js';

/**
 * Pictures among the text. One is cut into tiles of a cell, and a tile stands in the screen's cells as a code point that Unicode does
 * not have (from U+110000 on, which a decoder never makes of bytes). So pictures scroll, reflow, are overwritten and erased as text
 * is, and are drawn, compared and moved as glyphs are.
 */
export const FIRST_TILE = 0x110000;
const TILE_NUMBERS = content.codePoint + 1 - FIRST_TILE;

/** Pixels of the pictures that can be on the screen or in the scrollback. The oldest go first, and leave blanks. */
const PIXEL_BYTES = 64 << 20;
const PICTURE_LIMIT = 4096;
/** One picture: 16 megapixels, more than any screen shows. */
export const PICTURE_BYTES = 64 << 20;

/** Premultiplied 0xAARRGGBB. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly words: Uint32Array;
}

/** A bitmap as it was put on a screen. */
export interface Picture {
  readonly bitmap: Bitmap;
  readonly columns: number;
  readonly rows: number;
  /** Of a cell, at that time. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly firstTile: number;
  /** What the program calls it; 0: nothing. */
  readonly id: number;
  readonly placement: number;
}

/** All pictures of a console, whatever screen they are on. */
export class Pictures {
  #pictures: Picture[] = [];
  #bytes = 0;
  #next = 0;
  /** Grows when tiles' numbers are used again: what was drawn by number must be drawn anew. */
  generation = 0;

  add(
    bitmap: Bitmap,
    cell: readonly [number, number],
    size: readonly [columns: number, rows: number],
    id = 0,
    placement = 0,
  ): Picture {
    const [columns, rows] = size;
    if (this.#next + columns * rows > TILE_NUMBERS) {
      this.#next = 0;
      this.#pictures = [];
      this.#bytes = 0;
      this.generation++;
    }
    const [cellWidth, cellHeight] = cell;
    const picture = { bitmap, columns, rows, cellWidth, cellHeight, firstTile: this.#next, id, placement };
    this.#next += columns * rows;
    this.#pictures.push(picture);
    this.#bytes += bitmap.words.byteLength;
    while (this.#pictures.length > PICTURE_LIMIT || this.#bytes > PIXEL_BYTES) {
      this.#bytes -= this.#pictures.shift()!.bitmap.words.byteLength;
    }
    return picture;
  }

  /** The picture that a cell's code point shows a part of. */
  at(codePoint: number): Picture | undefined {
    const tile = codePoint - FIRST_TILE;
    if (tile < 0) return undefined;
    let low = 0;
    let high = this.#pictures.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pictures[middle]!.firstTile <= tile) low = middle + 1;
      else high = middle;
    }
    const picture = this.#pictures[low - 1];
    return picture && tile < picture.firstTile + picture.columns * picture.rows ? picture : undefined;
  }

  /** A tile's pixels for cells of this size; blank when the picture is gone. */
  tile(tile: number, width: number, height: number): Uint32Array {
    const words = new Uint32Array(width * height);
    const picture = this.at(FIRST_TILE + tile);
    if (!picture) return words;
    const { bitmap, columns, cellWidth, cellHeight } = picture;
    const left = ((tile - picture.firstTile) % columns) * width;
    const top = Math.floor((tile - picture.firstTile) / columns) * height;
    for (let y = 0; y < height; y++) {
      const fromY = Math.floor(((top + y) * cellHeight) / height);
      if (fromY >= bitmap.height) break;
      for (let x = 0; x < width; x++) {
        const fromX = Math.floor(((left + x) * cellWidth) / width);
        if (fromX < bitmap.width) words[y * width + x] = bitmap.words[fromY * bitmap.width + fromX]!;
      }
    }
    return words;
  }
}

/** Puts a picture's tiles into the cells from the cursor on, scrolling as text does; leaves the cursor on its last row, in its first column. */
export function placePicture(core: XtermCore, picture: Picture): void {
  const input = core._inputHandler;
  const buffer = input._activeBuffer;
  const left = Math.min(buffer.x, core._bufferService.cols - 1);
  const columns = Math.min(picture.columns, core._bufferService.cols - left);
  const attributes = { fg: 0, bg: 0 };
  for (let row = 0; row < picture.rows; row++) {
    if (row > 0) input.lineFeed();
    const line = buffer.lines.get(buffer.ybase + buffer.y)!;
    if (left > 0 && line._data[(left - 1) * CELL_WORDS]! >>> content.widthShift === 2) {
      line.setCellFromCodepoint(left - 1, 0, 1, attributes);
    }
    for (let column = 0; column < columns; column++) {
      const tile = picture.firstTile + row * picture.columns + column;
      line.setCellFromCodepoint(left + column, FIRST_TILE + tile, 1, attributes);
    }
    const right = left + columns;
    if (right < line.length && line._data[right * CELL_WORDS]! >>> content.widthShift === 0) {
      line.setCellFromCodepoint(right, 0, 1, attributes);
    }
    buffer.x = left;
  }
}

/** A bitmap at another size: each pixel is the mean of those that it covers, or the nearest when it is enlarged. */
export function resample(bitmap: Bitmap, width: number, height: number): Bitmap {
  if (width === bitmap.width && height === bitmap.height) return bitmap;
  const words = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * bitmap.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * bitmap.height) / height));
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * bitmap.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * bitmap.width) / width));
      words[y * width + x] = mean(bitmap, left, top, right, bottom);
    }
  }
  return { width, height, words };
}

function mean(bitmap: Bitmap, left: number, top: number, right: number, bottom: number): number {
  if (right - left === 1 && bottom - top === 1) return bitmap.words[top * bitmap.width + left]!;
  let [alpha, red, green, blue] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const word = bitmap.words[y * bitmap.width + x]!;
      alpha += word >>> 24;
      red += (word >>> 16) & 0xff;
      green += (word >>> 8) & 0xff;
      blue += word & 0xff;
    }
  }
  const count = (right - left) * (bottom - top);
  const round = (sum: number) => Math.round(sum / count);
  return ((round(alpha) << 24) | (round(red) << 16) | (round(green) << 8) | round(blue)) >>> 0;
}

/** Bytes R, G, B[, A] as a bitmap. */
export function bitmapOf(bytes: Uint8Array, width: number, height: number, channels: 3 | 4): Bitmap {
  const words = new Uint32Array(width * height);
  for (let at = 0, from = 0; at < words.length; at++, from += channels) {
    const alpha = channels === 4 ? bytes[from + 3]! : 255;
    const scaled = (value: number) => (alpha === 255 ? value : Math.round((value * alpha) / 255));
    words[at] =
      ((alpha << 24) |
        (scaled(bytes[from]!) << 16) |
        (scaled(bytes[from + 1]!) << 8) |
        scaled(bytes[from + 2]!)) >>>
      0;
  }
  return { width, height, words };
}
