import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFrame } from './FrameReader.js';
import { readUnits, type Unit, videoRectangle } from './VideoRectangle.js';
import { Codec, frameHeader, MessageType } from './Wire.js';

const area = { x: 64, y: 0, width: 128, height: 64 };
const unit = fc.record<Unit>({
  kind: fc.constantFrom('configuration', 'key', 'delta'),
  bytes: fc.uint8Array({ maxLength: 50 }),
});

function frame(): Uint8Array {
  const message = new Uint8Array(frameHeader.size);
  frameHeader.write(new DataView(message.buffer), 0, { type: MessageType.frame, sequence: 7 });
  return message;
}

test('a rectangle of video is read as it was written', () => {
  fc.assert(
    fc.property(fc.array(unit), (units) => {
      const message = videoRectangle(frame(), area, units);
      let seen = 0;
      const sequence = readFrame(message, 192, 64, ({ codec, from, length, ...rest }) => {
        seen++;
        expect(codec).toBe(Codec.h264);
        expect(rest).toEqual(area);
        expect(readUnits(message, from, length)).toEqual(units);
      });
      expect([sequence, seen]).toEqual([7, 1]);
    }),
  );
});

test('units that are cut off or unknown are refused', () => {
  const message = videoRectangle(frame(), area, [{ kind: 'key', bytes: new Uint8Array(20) }]);
  const from = message.length - 28;
  expect(() => readUnits(message, from, 4)).toThrow(RangeError);
  expect(() => readUnits(message, from, 24)).toThrow(RangeError);
  message[from] = 9;
  expect(() => readUnits(message, from, 28)).toThrow(RangeError);
});
