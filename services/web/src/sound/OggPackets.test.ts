import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OggPackets } from './OggPackets.js';

/** A page with these segments; the checksum is not looked at. */
function page(lengths: number[], continued = false): Buffer {
  const head = Buffer.alloc(27);
  head.write('OggS', 'latin1');
  head[5] = continued ? 1 : 0;
  head[26] = lengths.length;
  const bodies = lengths.map((length, i) => Buffer.alloc(length, i + 1));
  return Buffer.concat([head, Buffer.from(lengths), ...bodies]);
}

const packetsOf = (pieces: Buffer[]): number[] => {
  const lengths: number[] = [];
  const packets = new OggPackets((packet) => lengths.push(packet.length));
  for (const piece of pieces) packets.push(piece);
  return lengths;
};

test('packets are what the segments say, also when they go on in the next page', () => {
  expect(packetsOf([page([3, 255, 2, 0])])).toEqual([3, 257, 0]);
  expect(packetsOf([page([10, 255]), page([5, 7], true)])).toEqual([10, 260, 7]);
  // What was begun and is not continued is lost.
  expect(packetsOf([page([255]), page([7])])).toEqual([7]);
});

test('it does not matter how the stream is cut', () => {
  const stream = Buffer.concat([page([3, 255, 2]), page([255, 255]), page([9, 1], true)]);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
      const ends = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const pieces = ends.slice(1).map((end, i) => stream.subarray(ends[i], end));
      expect(packetsOf(pieces)).toEqual([3, 257, 519, 1]);
    }),
  );
});

test('what is no Ogg, or has packets without end, is refused', () => {
  expect(() => packetsOf([Buffer.alloc(40, 'x')])).toThrow('no Ogg');
  const full = page(Array(255).fill(255));
  expect(() => packetsOf([full, page(Array(255).fill(255), true)])).toThrow('too large');
});
