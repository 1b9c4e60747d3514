import { aligned, Codec, frameHeader, rectangleHeader, UnitKind, videoUnit } from './Wire.js';

/** A piece of an H.264 stream. */
export interface Unit {
  readonly kind: keyof typeof UnitKind;
  readonly bytes: Uint8Array;
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A frame message with one rectangle more: a part of the output as the last of `units`. */
export function videoRectangle(message: Uint8Array, area: Rectangle, units: readonly Unit[]): Uint8Array {
  const length = units.reduce((sum, { bytes }) => sum + videoUnit.size + aligned(bytes.length), 0);
  const result = new Uint8Array(message.length + rectangleHeader.size + length);
  result.set(message);
  const view = new DataView(result.buffer, result.byteOffset, result.length);
  frameHeader.set.rectangles(view, 0, frameHeader.get.rectangles(view, 0) + 1);
  const { x, y, width, height } = area;
  rectangleHeader.write(view, message.length, { x, y, width, height, codec: Codec.h264, length });
  let at = message.length + rectangleHeader.size;
  for (const { kind, bytes } of units) {
    videoUnit.write(view, at, { kind: UnitKind[kind], length: bytes.length });
    result.set(bytes, at + videoUnit.size);
    at += videoUnit.size + aligned(bytes.length);
  }
  return result;
}

/** The units of a rectangle's data, in order. Throws RangeError when they are not whole. */
export function readUnits(message: Uint8Array, from: number, length: number): Unit[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const units: Unit[] = [];
  for (let at = from; at < from + length; ) {
    if (at + videoUnit.size > from + length) throw new RangeError('video: ends inside a header');
    const kind = kinds.get(videoUnit.get.kind(view, at));
    const size = videoUnit.get.length(view, at);
    at += videoUnit.size;
    if (kind === undefined || at + size > from + length) throw new RangeError('video: a wrong unit');
    units.push({ kind, bytes: message.subarray(at, at + size) });
    at += aligned(size);
  }
  return units;
}

const kinds = new Map<number, Unit['kind']>(
  (Object.keys(UnitKind) as Unit['kind'][]).map((kind) => [UnitKind[kind], kind]),
);
