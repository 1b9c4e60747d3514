import { ALIGNMENT, aligned, Codec, copySource, frameHeader, rectangleHeader } from './Wire.js';

/** One rectangle of a frame message; the object is reused for the next one. */
export interface FrameRectangle {
  x: number;
  y: number;
  width: number;
  height: number;
  codec: Codec;
  /** The data's place in the message. */
  from: number;
  length: number;
}

const known = new Set<number>(Object.values(Codec));

/**
 * Calls `each` for every rectangle of a frame message, in order, after checking that the rectangle lies on an output
 * of `width` × `height` and its data in the message. Returns the frame's sequence; throws a RangeError for a message
 * that is not a frame for such an output.
 */
export function readFrame(
  message: Uint8Array,
  width: number,
  height: number,
  each: (rectangle: Readonly<FrameRectangle>) => void,
): number {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (message.length < frameHeader.size) throw new RangeError('frame: shorter than its header');
  const count = frameHeader.get.rectangles(view, 0);
  let at = frameHeader.size;
  for (let i = 0; i < count; i++) {
    if (at + rectangleHeader.size > message.length) throw new RangeError('frame: ends inside a rectangle');
    const codec = rectangleHeader.get.codec(view, at);
    if (!known.has(codec)) throw new RangeError(`frame: unknown codec ${codec}`);
    rectangle.x = rectangleHeader.get.x(view, at);
    rectangle.y = rectangleHeader.get.y(view, at);
    rectangle.width = rectangleHeader.get.width(view, at);
    rectangle.height = rectangleHeader.get.height(view, at);
    rectangle.codec = codec as Codec;
    rectangle.length = rectangleHeader.get.length(view, at);
    rectangle.from = at + rectangleHeader.size;
    if (rectangle.width === 0 || rectangle.height === 0) throw new RangeError('frame: empty rectangle');
    if (rectangle.x + rectangle.width > width || rectangle.y + rectangle.height > height)
      throw new RangeError('frame: rectangle outside of the output');
    if (rectangle.from + rectangle.length > message.length) throw new RangeError('frame: ends inside data');
    if (codec === Codec.fill && rectangle.length !== ALIGNMENT)
      throw new RangeError('frame: a fill is one pixel');
    if (codec === Codec.copy) {
      if (rectangle.length !== copySource.size) throw new RangeError('frame: a copy is from one place');
      const x = copySource.get.x(view, rectangle.from);
      const y = copySource.get.y(view, rectangle.from);
      if (x + rectangle.width > width || y + rectangle.height > height)
        throw new RangeError('frame: a copy from outside of the output');
    }
    each(rectangle);
    at = rectangle.from + aligned(rectangle.length);
  }
  return frameHeader.get.sequence(view, 0);
}

const rectangle: FrameRectangle = {
  x: 0,
  y: 0,
  width: 0,
  height: 0,
  codec: Codec.fill,
  from: 0,
  length: 0,
};
