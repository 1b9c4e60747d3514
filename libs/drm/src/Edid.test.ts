import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEdid } from './Edid.js';

/** /sys/class/drm/card0-Virtual-1/edid of QEMU 7.2's virtio-gpu: the base block and a CTA-861 extension. */
const qemu = Buffer.from(
  '00ffffffffffff0049143412000000002a180104a51a137806ee91a3544c99260f5054210800e1c0d1c0d100a940b3009500818081402520006641001a30001e' +
    '334004c310000018000000f7000a004082002820000000000000000000fd00327d1ea0ff010a202020202020000000fc0051454d55204d6f6e69746f720a013d' +
    '02030b00467d6560591f610000001000000000000000000000000000000000001000000000000000000000000000000000001000000000000000000000000000' +
    '0000000010000000000000000000000000000000000010000000000000000000000000000000000010000000000000000000000000000000000000000000002f',
  'hex',
);
const BASE_SIZE = 128;

test('a monitor tells its maker, its name, its size and its year', () => {
  expect(parseEdid(qemu)).toEqual({
    manufacturer: 'RHT',
    product: 0x1234,
    serial: 0,
    year: 2014,
    widthCm: 26,
    heightCm: 19,
    name: 'QEMU Monitor',
    serialText: '',
  });
  expect(parseEdid(qemu.subarray(0, BASE_SIZE))?.name).toBe('QEMU Monitor');
});

test('one bit that is wrong anywhere makes it none', () => {
  for (let bit = 0; bit < BASE_SIZE * 8; bit++) {
    const damaged = Buffer.from(qemu);
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    expect(parseEdid(damaged)).toBeUndefined();
  }
  expect(parseEdid(qemu.subarray(0, BASE_SIZE - 1))).toBeUndefined();
  expect(parseEdid(new Uint8Array(0))).toBeUndefined();
});

test('whatever a monitor says, its name is printable', () => {
  const lies = fc.uint8Array({ minLength: BASE_SIZE - 9, maxLength: BASE_SIZE - 9 });
  fc.assert(
    fc.property(lies, (noise) => {
      const block = Uint8Array.from([...qemu.subarray(0, 8), ...noise, 0]);
      block.set([0, 0, 0, 0xfc, 0], 54);
      block[BASE_SIZE - 1] = -block.reduce((sum, byte) => sum + byte, 0) & 0xff;
      expect(parseEdid(block)?.name).toMatch(/^[\x20-\x7e]{0,13}$/);
    }),
  );
});
