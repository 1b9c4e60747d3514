/**
 * Drawing on 32-bit pixels (XRGB8888, or ARGB8888 premultiplied; little endian). Strides are bytes, rectangles pixels.
 * Every rectangle is clipped to the memory that it is given, whatever its numbers are, so none of these throws for one.
 */
import native from '@switchyard/native';
import type { Rectangles } from './Region.js';

/** Pixels a side of the tiles that `tileDiff` reports. */
export const TILE = 64;

/** Copies a rectangle; within one image the two may overlap (scrolling). */
export const copyRectangle = native.copyRectangle;

/**
 * Copies a rectangle out of memory that another process may truncate meanwhile (a pool that is not sealed against shrinking):
 * false when it did; the rows from there on are then zero. All other functions here must only see memory that stays.
 */
export const guardedCopy = native.guardedCopy;

/** Fills a rectangle with 0xAARRGGBB. */
export const fillRectangle = native.fillRectangle;

/** Puts a rectangle over what is there: premultiplied source-over. `opaque` ignores its alpha; `alpha` (0 … 255) fades all of it. */
export function blendRectangle(
  to: Uint8Array,
  toStride: number,
  dx: number,
  dy: number,
  from: Uint8Array,
  fromStride: number,
  sx: number,
  sy: number,
  width: number,
  height: number,
  opaque = false,
  alpha = 255,
): void {
  native.blendRectangle(to, toStride, dx, dy, from, fromStride, sx, sy, width, height, opaque, alpha);
}

/**
 * Puts a source rectangle (sx … sh in 1/256 buffer pixels) over the destination rectangle, scaled and turned. `clip` is what of the
 * destination may change (a Region, e.g. the damage). `transform` is the buffer's wl_output.transform, which is undone;
 * the source rectangle is in the buffer's own pixels. 1:1 is an exact copy, everything else bilinear between the source
 * rectangle's pixels (below half size it skips some).
 */
export function scaleBlend(
  to: Uint8Array,
  toStride: number,
  dx: number,
  dy: number,
  dw: number,
  dh: number,
  clip: Rectangles,
  from: Uint8Array,
  fromStride: number,
  sx: number,
  sy: number,
  sw: number,
  sh: number,
  transform: number,
  opaque: boolean,
): void {
  // biome-ignore format: two images, one line each
  native.scaleBlend(to, toStride, dx, dy, dw, dh, clip.rectangles, clip.count,
    from, fromStride, sx, sy, sw, sh, transform, opaque);
}

/**
 * Compares a frame with its shadow inside the damage rectangles, copies what differs to the shadow, and sets the byte
 * in `dirty` (row by row, Math.ceil(width / TILE) a row) of each 64×64 tile that changed; the others keep theirs. Returns how
 * many tiles changed in this call. Hot: 0.4 ms for an unchanged 1280×720 frame. Throws RangeError when `dirty` is too small.
 */
export const tileDiff = native.tileDiff;

/**
 * Whether many rows of a rectangle of `before` stand higher or lower in `after`. Then `out` is by how many rows they are lower
 * (negative: higher), and from which row of the rectangle to before which they stand now. Rows between that did not go, and pixels
 * within those that did, are for the caller to find (tileDiff).
 */
export function findScroll(
  before: Uint8Array,
  beforeStride: number,
  after: Uint8Array,
  afterStride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  out: Int32Array,
): boolean {
  return native.findScroll(before, beforeStride, after, afterStride, x, y, width, height, out);
}
