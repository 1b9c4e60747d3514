import { haveJpeg, jpegCompressRectangle, lz4Bound, lz4CompressRectangle } from '@switchyard/pixels';
import { type Area, boxBottom, boxLeft, boxRight, boxTop, type DirtyTiles, TILE } from './DirtyTiles.js';
import type { Picture, Scroll } from './Picture.js';
import {
  aligned,
  Codec,
  copySource,
  FRAME_REFINES,
  frameHeader,
  MessageType,
  rectangleHeader,
} from './wire/Wire.js';

/** A rectangle's raw bytes: bounds the room that its compressed form may need. A 1280×720 output is just one. */
const RECTANGLE_MAX = 4 * 1024 * 1024;
/** A message's bytes. What does not fit stays dirty and goes with the next one. Only an output full of noise without JPEG comes near. */
const MESSAGE_MAX = 8 * 1024 * 1024;
/** Below this many dirty pixels (one tile's worth) everything is LZ4 without a look: keys and cursors take this path. */
const SMALL_PIXELS = TILE * TILE;
/** The probe: rows from the middle of a tile; LZ4 that keeps more than this share of them has met a photograph. */
const PROBE_ROWS = 16;
const PROBE_KEPT = 0.45;
/** Fewer photographic tiles than this in a message are not worth an inexact picture. */
const JPEG_TILES_MIN = 8;
/** From this share of photographic tiles on the message shows a video: all of it goes as JPEG, in few and large images, which cost a page least. */
const JPEG_ALL_SHARE = 0.4;
const JPEG_QUALITY = 80;

/** How one tile goes into the message under construction. */
const Kind = { none: 0, lz4: 1, jpeg: 2, fill: 3 } as const;

/** What a frame is besides the dirty tiles. */
export interface FrameContent {
  /** No JPEG: the frame refines what JPEG has blurred. */
  readonly exact?: boolean;
  /** Left out, and counts as sent inexactly: whoever asks for that adds it. */
  readonly video?: Area | undefined;
  /** Something moved first. */
  readonly scroll?: Scroll | undefined;
}

/**
 * Turns the dirty tiles of a viewer into one frame message: tiles that are alike and adjacent become rectangles, each
 * coded by its content. One encoder serves all viewers of a picture, as it keeps nothing between two calls but room
 * to work in.
 */
export class FrameEncoder {
  readonly #picture: Picture;
  #kinds = new Uint8Array(0);
  #colours = new Uint32Array(0);
  #message = new Uint8Array(256 * 1024);
  #view = new DataView(this.#message.buffer);
  #length = 0;
  readonly #probe = new Uint8Array(lz4Bound(TILE * PROBE_ROWS * 4));
  readonly #jpeg = haveJpeg();

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  /**
   * Encodes all that is dirty and marks it as sent. The message is valid until the next call. Empty when there is
   * nothing to send.
   */
  encode(dirty: DirtyTiles, sequence: number, now: number, how: FrameContent = {}): Uint8Array {
    const { exact = false, video, scroll } = how;
    if (dirty.dirty === 0 && !scroll) return this.#message.subarray(0, 0);
    if (video) dirty.areaSent(video, now);
    if (this.#kinds.length !== dirty.boxes.length) {
      this.#kinds = new Uint8Array(dirty.boxes.length);
      this.#colours = new Uint32Array(dirty.boxes.length);
    }
    this.#classify(dirty, exact || !this.#jpeg);
    this.#length = frameHeader.size;
    if (scroll) this.#writeCopy(scroll);
    const rectangles = (scroll ? 1 : 0) + this.#writeRectangles(dirty, now);
    const set = frameHeader.set;
    set.type(this.#view, 0, MessageType.frame);
    set.flags(this.#view, 0, exact ? FRAME_REFINES : 0);
    set.rectangles(this.#view, 0, rectangles);
    set.sequence(this.#view, 0, sequence);
    return this.#message.subarray(0, this.#length);
  }

  #classify(dirty: DirtyTiles, exact: boolean): void {
    const { boxes, columns } = dirty;
    const kinds = this.#kinds;
    const small = dirtyPixelsUpTo(dirty, SMALL_PIXELS) < SMALL_PIXELS;
    let photographs = 0;
    for (let tile = 0; tile < boxes.length; tile++) {
      const box = boxes[tile]!;
      if (box === 0) {
        kinds[tile] = Kind.none;
        continue;
      }
      kinds[tile] = Kind.lz4;
      if (small || box !== dirty.fullBox(tile)) continue;
      const column = tile % columns;
      const x = column * TILE;
      const y = ((tile - column) / columns) * TILE;
      if (this.#isSolid(x, y, boxRight(box), boxBottom(box))) {
        kinds[tile] = Kind.fill;
        this.#colours[tile] = this.#picture.words[y * this.#picture.width + x]! & 0xffffff;
      } else if (!exact && this.#isPhotograph(x, y, boxRight(box), boxBottom(box))) {
        kinds[tile] = Kind.jpeg;
        photographs++;
      }
    }
    if (photographs === 0) return;
    if (photographs < JPEG_TILES_MIN) this.#turn(Kind.jpeg, Kind.lz4);
    else if (photographs >= dirty.dirty * JPEG_ALL_SHARE) {
      this.#turn(Kind.lz4, Kind.jpeg);
      this.#turn(Kind.fill, Kind.jpeg);
    }
  }

  #turn(from: number, to: number): void {
    const kinds = this.#kinds;
    for (let tile = 0; tile < kinds.length; tile++) if (kinds[tile] === from) kinds[tile] = to;
  }

  #isSolid(x: number, y: number, width: number, height: number): boolean {
    const { words, width: stride } = this.#picture;
    const first = words[y * stride + x]! & 0xffffff;
    // The far corner settles it for most tiles that are not solid.
    if ((words[(y + height - 1) * stride + x + width - 1]! & 0xffffff) !== first) return false;
    for (let row = y; row < y + height; row++) {
      const start = row * stride + x;
      for (let at = start; at < start + width; at++) if ((words[at]! & 0xffffff) !== first) return false;
    }
    return true;
  }

  #isPhotograph(x: number, y: number, width: number, height: number): boolean {
    const rows = Math.min(PROBE_ROWS, height);
    const top = y + ((height - rows) >> 1);
    const { pixels, stride } = this.#picture;
    const length = lz4CompressRectangle(pixels, stride, x, top, width, rows, this.#probe, 0);
    return length > width * rows * 4 * PROBE_KEPT;
  }

  /** Takes tiles row by row: each starts a rectangle that grows to the right and then downwards over tiles of its kind. */
  #writeRectangles(dirty: DirtyTiles, now: number): number {
    const { boxes, columns, rows } = dirty;
    const kinds = this.#kinds;
    let rectangles = 0;
    for (let tile = 0; tile < boxes.length; tile++) {
      if (kinds[tile] === Kind.none) continue;
      const column = tile % columns;
      const row = (tile - column) / columns;
      let lastColumn = column;
      while (lastColumn + 1 < columns && this.#joinsRight(boxes, tile + lastColumn - column)) lastColumn++;
      const width =
        (lastColumn - column) * TILE + boxRight(boxes[tile + lastColumn - column]!) - boxLeft(boxes[tile]!);
      const rowsMax = Math.max(1, Math.floor(RECTANGLE_MAX / (width * TILE * 4)));
      let lastRow = row;
      while (
        lastRow + 1 < rows &&
        lastRow - row + 2 <= rowsMax &&
        this.#joinsBelow(boxes, columns, lastRow * columns + column, lastColumn - column)
      )
        lastRow++;
      const x = column * TILE + boxLeft(boxes[tile]!);
      const y = row * TILE + boxTop(boxes[tile]!);
      const height = lastRow * TILE + boxBottom(boxes[lastRow * columns + column]!) - y;
      if (!this.#writeRectangle(tile, x, y, width, height)) break;
      rectangles++;
      const lossyAt = kinds[tile] === Kind.jpeg ? now : 0;
      for (let r = row; r <= lastRow; r++)
        for (let c = column; c <= lastColumn; c++) {
          kinds[r * columns + c] = Kind.none;
          dirty.sent(r * columns + c, lossyAt);
        }
    }
    return rectangles;
  }

  #joinsRight(boxes: Uint32Array, tile: number): boolean {
    const box = boxes[tile]!;
    const next = boxes[tile + 1]!;
    return (
      this.#alike(tile, tile + 1) &&
      boxRight(box) === TILE &&
      boxLeft(next) === 0 &&
      boxTop(box) === boxTop(next) &&
      boxBottom(box) === boxBottom(next)
    );
  }

  /** Whether the run of `more` + 1 tiles at `tile` continues in the row below. */
  #joinsBelow(boxes: Uint32Array, columns: number, tile: number, more: number): boolean {
    for (let above = tile; above <= tile + more; above++) {
      const below = above + columns;
      if (!this.#alike(above, below) || boxBottom(boxes[above]!) !== TILE || boxTop(boxes[below]!) !== 0)
        return false;
      if (boxLeft(boxes[above]!) !== boxLeft(boxes[below]!)) return false;
      if (boxRight(boxes[above]!) !== boxRight(boxes[below]!)) return false;
      if (boxBottom(boxes[below]!) !== boxBottom(boxes[tile + columns]!)) return false;
    }
    return true;
  }

  #alike(tile: number, other: number): boolean {
    const kind = this.#kinds[tile];
    if (kind !== this.#kinds[other]) return false;
    return kind !== Kind.fill || this.#colours[tile] === this.#colours[other];
  }

  /** Comes first: the message has room. */
  #writeCopy({ x, y, width, height, fromY }: Scroll): void {
    const length = copySource.size;
    rectangleHeader.write(this.#view, this.#length, { x, y, width, height, codec: Codec.copy, length });
    copySource.write(this.#view, this.#length + rectangleHeader.size, { x, y: fromY });
    this.#length += rectangleHeader.size + aligned(length);
  }

  /** False when the message has no room left for it. */
  #writeRectangle(tile: number, x: number, y: number, width: number, height: number): boolean {
    const { pixels, stride } = this.#picture;
    const data = this.#length + rectangleHeader.size;
    let codec: Codec = Codec.lz4;
    let length = 0;
    if (this.#kinds[tile] === Kind.fill) {
      if (!this.#reserve(data + 4)) return false;
      codec = Codec.fill;
      this.#view.setUint32(data, this.#colours[tile]!, true);
      length = 4;
    } else {
      // A JPEG of quality 80 stays far below the raw size, which is what LZ4 may need at worst.
      if (!this.#reserve(data + aligned(lz4Bound(width * height * 4)))) return false;
      if (this.#kinds[tile] === Kind.jpeg) {
        codec = Codec.jpeg;
        length = jpegCompressRectangle(
          pixels,
          stride,
          x,
          y,
          width,
          height,
          JPEG_QUALITY,
          this.#message,
          data,
        );
        if (length === 0) throw new Error(`JPEG of ${width}×${height} pixels failed`);
      } else {
        length = lz4CompressRectangle(pixels, stride, x, y, width, height, this.#message, data);
        if (length === 0) throw new Error(`LZ4 of ${width}×${height} pixels failed`);
      }
    }
    const set = rectangleHeader.set;
    set.x(this.#view, this.#length, x);
    set.y(this.#view, this.#length, y);
    set.width(this.#view, this.#length, width);
    set.height(this.#view, this.#length, height);
    set.codec(this.#view, this.#length, codec);
    set.reserved0(this.#view, this.#length, 0);
    set.reserved1(this.#view, this.#length, 0);
    set.length(this.#view, this.#length, length);
    this.#length = data + aligned(length);
    return true;
  }

  /** Makes room for a message of `length` bytes; what is written so far stays. */
  #reserve(length: number): boolean {
    if (length <= this.#message.length) return true;
    if (length > MESSAGE_MAX) return false;
    const larger = new Uint8Array(Math.min(MESSAGE_MAX, Math.max(length, 2 * this.#message.length)));
    larger.set(this.#message.subarray(0, this.#length));
    this.#message = larger;
    this.#view = new DataView(larger.buffer);
    return true;
  }
}

/** The number of dirty pixels, but no longer counted than up to `limit`. */
function dirtyPixelsUpTo(dirty: DirtyTiles, limit: number): number {
  let pixels = 0;
  for (const box of dirty.boxes) {
    if (box === 0) continue;
    pixels += (boxRight(box) - boxLeft(box)) * (boxBottom(box) - boxTop(box));
    if (pixels >= limit) return pixels;
  }
  return pixels;
}
