/** Compression of rectangles for a wire: LZ4 always, JPEG where the machine has a library for it. */
import native from '@switchyard/native';
import { lz4Bound, lz4Compress } from './lz4Compress.js';

export { lz4Bound };

/** Whether liblz4 does the work (3.5 ms a 1280×720 frame of text) rather than the encoder in TypeScript. */
export function haveLz4(): boolean {
  return native.lz4Available();
}

/** Whether jpegCompressRectangle can do anything. */
export function haveJpeg(): boolean {
  return native.jpegLibrary() !== '';
}

/** Which library does it: 'libturbojpeg', 'libjpeg', or '' without one. */
export function jpegLibrary(): string {
  return native.jpegLibrary();
}

/**
 * Writes the rectangle, as `width * height * 4` tightly packed bytes, as one raw LZ4 block to `out` from `offset`. Returns the
 * bytes written; 0 when they do not fit (`lz4Bound(width * height * 4)` always do). Throws RangeError when the rectangle is
 * not wholly inside the image: a smaller one would decode to something else than the receiver expects.
 */
export function lz4CompressRectangle(
  from: Uint8Array,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  out: Uint8Array,
  offset: number,
): number {
  if (native.lz4Available())
    return native.lz4CompressRectangle(from, stride, x, y, width, height, out, offset);
  return lz4CompressRectangleFallback(from, stride, x, y, width, height, out, offset);
}

/** Packed rectangles, reused; rectangles of up to a whole output pass here. */
let packed = new Uint8Array(0);

/** What lz4CompressRectangle does without liblz4. */
export function lz4CompressRectangleFallback(
  from: Uint8Array,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  out: Uint8Array,
  offset: number,
): number {
  if (
    !(x >= 0 && y >= 0 && width > 0 && height > 0 && (x + width) * 4 <= stride) ||
    (y + height - 1) * stride + (x + width) * 4 > from.length
  )
    throw new RangeError('the rectangle to compress is empty or not wholly inside the image');
  const size = width * height * 4;
  if (packed.length < size) packed = new Uint8Array(size);
  native.copyRectangle(packed, width * 4, 0, 0, from, stride, x, y, width, height);
  return lz4Compress(packed.subarray(0, size), out, offset);
}

/**
 * Writes the rectangle as a JPEG (4:2:0, `quality` 1 … 100, alpha ignored) to `out` from `offset`. Returns the bytes written;
 * 0 when there is no library or they do not fit. Throws RangeError when the rectangle is not wholly inside the image.
 */
export function jpegCompressRectangle(
  from: Uint8Array,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  quality: number,
  out: Uint8Array,
  offset: number,
): number {
  return native.jpegCompressRectangle(from, stride, x, y, width, height, out, offset, quality);
}

/**
 * Writes the rectangle as a video encoder takes it (I420: luma, then both chromas of half the size each way, BT.709 in video's range)
 * to `out`, which needs `width * height * 3 / 2` bytes. Throws RangeError when a side is odd, when the rectangle is not wholly
 * inside the image, or when there is no room.
 */
export function i420Rectangle(
  from: Uint8Array,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  out: Uint8Array,
): void {
  native.i420Rectangle(from, stride, x, y, width, height, out);
}
