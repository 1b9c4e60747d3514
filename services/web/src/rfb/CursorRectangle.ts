import { lz4Decompress } from '@switchyard/pixels';
import { arrowCursor, type CursorImage } from '@switchyard/seat';
import { CursorKind, cursorHeader } from '../wire/Wire.js';
import { Encoding, rectangle } from './Messages.js';
import type { PixelFormat } from './PixelFormat.js';

/** The seat's cursor (a message to pages) as a rectangle, in the form that the client knows. */
export function cursorRectangle(message: Uint8Array, format: PixelFormat, withAlpha: boolean): Buffer {
  const { width, height, hotX, hotY, pixels } = imageOf(message);
  const encoding = withAlpha ? Encoding.cursorWithAlpha : Encoding.cursor;
  const head = rectangle.write({ x: hotX, y: hotY, width, height, encoding });
  return Buffer.concat([
    head,
    ...(withAlpha ? alphaData(pixels) : maskedData(pixels, width, height, format)),
  ]);
}

/** Raw, R G B A premultiplied, whatever the client's format. */
function alphaData(pixels: Uint8Array): Buffer[] {
  const data = Buffer.from(pixels);
  for (let at = 0; at < data.length; at += 4) {
    const blue = data[at]!;
    data[at] = data[at + 2]!;
    data[at + 2] = blue;
  }
  return [Buffer.alloc(4), data];
}

/** RFC 6143, 7.8.1: pixels, then a mask of one bit each. */
function maskedData(pixels: Uint8Array, width: number, height: number, format: PixelFormat): Buffer[] {
  const colours = Buffer.alloc(width * height * format.bytes);
  const maskRow = Math.ceil(width / 8);
  const mask = Buffer.alloc(maskRow * height);
  let at = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      const alpha = pixels[from + 3]!;
      const plain = (byte: number) =>
        alpha === 0 ? 0 : Math.min(255, Math.round((pixels[from + byte]! * 255) / alpha));
      at = format.writeOne((plain(2) << 16) | (plain(1) << 8) | plain(0), colours, at);
      if (alpha >= 128) mask[y * maskRow + (x >> 3)]! |= 0x80 >> (x & 7);
    }
  return [colours, mask];
}

function imageOf(message: Uint8Array): CursorImage {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const { kind, width, height, hotX, hotY } = cursorHeader.read(view, 0);
  if (kind === CursorKind.hidden) return { width: 0, height: 0, hotX: 0, hotY: 0, pixels: new Uint8Array(0) };
  if (kind !== CursorKind.image) return arrowCursor;
  const pixels = new Uint8Array(width * height * 4);
  lz4Decompress(message.subarray(cursorHeader.size), pixels);
  const within = (hot: number, size: number) => Math.max(0, Math.min(size - 1, hot));
  return { width, height, hotX: within(hotX, width), hotY: within(hotY, height), pixels };
}
