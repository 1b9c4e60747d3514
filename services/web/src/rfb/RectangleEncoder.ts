import { haveJpeg, jpegCompressRectangle, lz4Bound } from '@switchyard/pixels';
import { Encoding } from './Messages.js';
import type { PixelFormat } from './PixelFormat.js';
import type { PixelWords } from './PixelWords.js';
import { ZlibStream } from './ZlibStream.js';

/** ZRLE's own tiles. */
const ZRLE_TILE = 64;
const ZRLE_PALETTE = 16;
/** Tight: the largest indexed palette, and what is not worth compressing (rfbproto, Tight encoding). */
const TIGHT_PALETTE = 256;
const TIGHT_PLAIN = 12;
/** Fewer pixels than this are never a photograph. */
const JPEG_PIXELS_MIN = 64 * 64;
const Tight = { fill: 0x80, jpeg: 0x90, filter: 0x40, paletteFilter: 1 } as const;
/** Which of Tight's streams: pixels, and indexes. */
const STREAM_PIXELS = 0;
const STREAM_INDEXES = 1;

/** A rectangle's data in parts: some as they are, some to be compressed on one of the connection's streams. */
interface Part {
  bytes: Buffer;
  stream?: ZlibStream;
  /** How the compressed length is written before it. */
  length?: 'u32' | 'compact';
}

export interface Encoded {
  parts: Part[];
  lossy: boolean;
}

/** Codes rectangles for one connection, in the best encoding that its client has; keeps the streams that they need. */
export class RectangleEncoder {
  readonly #zrle = new ZlibStream();
  readonly #tight = [new ZlibStream(), new ZlibStream()];
  encoding: number = Encoding.raw;
  /** JPEG's, 1 … 100; undefined when the client takes none. */
  quality: number | undefined;

  close(): void {
    for (const stream of [this.#zrle, ...this.#tight]) stream.close();
  }

  /** Reads the pixels now; they may change before the parts are compressed. */
  encode(pixels: PixelWords, format: PixelFormat, exact: boolean): Encoded {
    if (this.encoding === Encoding.tight) return this.#encodeTight(pixels, format, exact);
    if (this.encoding === Encoding.zrle)
      return { parts: [{ bytes: zrle(pixels, format), stream: this.#zrle, length: 'u32' }], lossy: false };
    const bytes = Buffer.allocUnsafe(pixels.width * pixels.height * format.bytes);
    format.write(pixels, bytes, 0);
    return { parts: [{ bytes }], lossy: false };
  }

  #encodeTight(pixels: PixelWords, format: PixelFormat, exact: boolean): Encoded {
    const { width, height } = pixels;
    const palette = pixels.palette(TIGHT_PALETTE);
    if (palette?.size === 1) {
      const bytes = Buffer.alloc(1 + format.tightBytes, Tight.fill);
      format.writeTight(palette.keys().next().value!, bytes, 1);
      return { parts: [{ bytes }], lossy: false };
    }
    if (palette !== undefined && palette.size <= TIGHT_PALETTE)
      return { parts: this.#tightIndexes(pixels, format, palette), lossy: false };
    const photographic = !exact && format.trueColour24 && width * height >= JPEG_PIXELS_MIN && haveJpeg();
    if (photographic && this.quality !== undefined)
      return { parts: tightJpeg(pixels, this.quality), lossy: true };
    const bytes = Buffer.allocUnsafe(width * height * format.tightBytes);
    let at = 0;
    pixels.each((word) => {
      at = format.writeTight(word, bytes, at);
    });
    return { parts: this.#tightData(Buffer.of(STREAM_PIXELS << 4), bytes, STREAM_PIXELS), lossy: false };
  }

  #tightIndexes(pixels: PixelWords, format: PixelFormat, palette: Map<number, number>): Part[] {
    const head = Buffer.alloc(3 + palette.size * format.tightBytes);
    head[0] = (STREAM_INDEXES << 4) | Tight.filter;
    head[1] = Tight.paletteFilter;
    head[2] = palette.size - 1;
    let at = 3;
    for (const word of palette.keys()) at = format.writeTight(word, head, at);
    const bits = palette.size === 2 ? 1 : 8;
    return this.#tightData(head, indexes(pixels, palette, bits), STREAM_INDEXES);
  }

  #tightData(head: Buffer, bytes: Buffer, stream: number): Part[] {
    if (bytes.length < TIGHT_PLAIN) return [{ bytes: Buffer.concat([head, bytes]) }];
    return [{ bytes: head }, { bytes, stream: this.#tight[stream]!, length: 'compact' }];
  }
}

/** The parts one after the other, as the client is to read them. */
export async function compressed(parts: Part[]): Promise<Buffer[]> {
  const done: Buffer[] = [];
  for (const { bytes, stream, length } of parts) {
    if (stream === undefined) done.push(bytes);
    else {
      const packed = await stream.compress(bytes);
      done.push(length === 'compact' ? compactLength(packed.length) : u32(packed.length), packed);
    }
  }
  return done;
}

function tightJpeg({ words, stride, x, y, width, height }: PixelWords, quality: number): Part[] {
  const pixels = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const room = Buffer.allocUnsafe(lz4Bound(width * height * 4));
  const length = jpegCompressRectangle(pixels, stride * 4, x, y, width, height, quality, room, 0);
  if (length === 0) throw new Error(`JPEG of ${width}×${height} pixels failed`);
  return [{ bytes: Buffer.concat([Buffer.of(Tight.jpeg), compactLength(length), room.subarray(0, length)]) }];
}

/** Palette indexes of `bits` each, the first pixel in the highest bits; every row begins with a new byte. */
function indexes(pixels: PixelWords, palette: Map<number, number>, bits: number): Buffer {
  const rowBytes = Math.ceil((pixels.width * bits) / 8);
  const bytes = Buffer.alloc(rowBytes * pixels.height);
  let column = 0;
  let row = 0;
  pixels.each((word) => {
    const bit = column * bits;
    bytes[row * rowBytes + (bit >> 3)]! |= palette.get(word)! << (8 - bits - (bit & 7));
    if (++column === pixels.width) {
      column = 0;
      row++;
    }
  });
  return bytes;
}

/** RFC 6143, 7.7.6, without its run-length forms: zlib behind it finds the runs. */
function zrle(pixels: PixelWords, format: PixelFormat): Buffer {
  const most = pixels.width * pixels.height * format.compactBytes;
  const tiles = Math.ceil(pixels.width / ZRLE_TILE) * Math.ceil(pixels.height / ZRLE_TILE);
  const bytes = Buffer.allocUnsafe(most + tiles * (1 + ZRLE_PALETTE * format.compactBytes));
  let at = 0;
  for (let y = 0; y < pixels.height; y += ZRLE_TILE)
    for (let x = 0; x < pixels.width; x += ZRLE_TILE) {
      const width = Math.min(ZRLE_TILE, pixels.width - x);
      const tile = pixels.within(x, y, width, Math.min(ZRLE_TILE, pixels.height - y));
      const palette = tile.palette(ZRLE_PALETTE);
      bytes[at++] = palette?.size ?? 0;
      if (palette === undefined) {
        tile.each((word) => {
          at = format.writeCompact(word, bytes, at);
        });
        continue;
      }
      for (const word of palette.keys()) at = format.writeCompact(word, bytes, at);
      if (palette.size === 1) continue;
      const packed = indexes(tile, palette, palette.size === 2 ? 1 : palette.size <= 4 ? 2 : 4);
      bytes.set(packed, at);
      at += packed.length;
    }
  return bytes.subarray(0, at);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Tight's length: 7 bits a byte, low ones first, at most 22. */
function compactLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  if (length < 0x4000) return Buffer.of((length & 0x7f) | 0x80, length >> 7);
  return Buffer.of((length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14);
}
