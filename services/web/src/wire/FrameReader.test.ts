import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFrame } from './FrameReader.js';
import { Codec, frameHeader, MessageType, rectangleHeader } from './Wire.js';

function fillMessage(x: number, y: number, width: number, height: number): Uint8Array {
  const message = new Uint8Array(frameHeader.size + rectangleHeader.size + 4);
  const view = new DataView(message.buffer);
  frameHeader.write(view, 0, { type: MessageType.frame, rectangles: 1, sequence: 7 });
  rectangleHeader.write(view, frameHeader.size, { x, y, width, height, codec: Codec.fill, length: 4 });
  return message;
}

test('a rectangle at the edge of the output is read, one beyond it is not', () => {
  const seen: number[][] = [];
  const sequence = readFrame(fillMessage(90, 40, 10, 10), 100, 50, ({ x, y, width, height }) => {
    seen.push([x, y, width, height]);
  });
  expect(sequence).toBe(7);
  expect(seen).toEqual([[90, 40, 10, 10]]);
  expect(() => readFrame(fillMessage(91, 40, 10, 10), 100, 50, () => {})).toThrow(RangeError);
  expect(() => readFrame(fillMessage(0, 41, 10, 10), 100, 50, () => {})).toThrow(RangeError);
});

test('no bytes make it read outside of the message', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, typed) => {
      if (typed && bytes.length >= 2) bytes.set([MessageType.frame, 0]);
      try {
        readFrame(bytes, 640, 480, ({ from, length, x, y, width, height }) => {
          expect(from + length).toBeLessThanOrEqual(bytes.length);
          expect(x + width).toBeLessThanOrEqual(640);
          expect(y + height).toBeLessThanOrEqual(480);
        });
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    { numRuns: 2000 },
  );
});
