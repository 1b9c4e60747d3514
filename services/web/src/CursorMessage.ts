import { copyRectangle, lz4Bound, lz4CompressRectangle } from '@switchyard/pixels';
import type { AttachedBuffer, CursorName } from '@switchyard/seat';
import { CursorKind, cursorHeader, MessageType } from './wire/Wire.js';

/** A monitor's cursor as the message that makes a page draw it; takes a copy of the image. */
export function cursorMessage(image: AttachedBuffer | CursorName, hotX: number, hotY: number): Uint8Array {
  const picture = typeof image === 'string' ? undefined : image;
  const width = picture?.width ?? 0;
  const height = picture?.height ?? 0;
  const message = new Uint8Array(cursorHeader.size + lz4Bound(width * height * 4));
  cursorHeader.write(new DataView(message.buffer), 0, {
    type: MessageType.cursor,
    kind: kindOf(image),
    width,
    height,
    hotX: clamp(hotX),
    hotY: clamp(hotY),
  });
  if (picture === undefined) {
    const header = message.subarray(0, cursorHeader.size);
    return kindOf(image) === CursorKind.named ? Buffer.concat([header, Buffer.from(String(image))]) : header;
  }
  // The session can still write to its buffer: what is compressed must stand still.
  const pixels = new Uint8Array(width * height * 4);
  copyRectangle(pixels, width * 4, 0, 0, picture.bytes, picture.stride, 0, 0, width, height);
  const length = lz4CompressRectangle(pixels, width * 4, 0, 0, width, height, message, cursorHeader.size);
  return message.slice(0, cursorHeader.size + length);
}

const clamp = (value: number): number => Math.max(-32768, Math.min(32767, value));

function kindOf(image: AttachedBuffer | CursorName): CursorKind {
  if (typeof image !== 'string') return CursorKind.image;
  if (image === 'hidden') return CursorKind.hidden;
  return image === 'default' ? CursorKind.arrow : CursorKind.named;
}
