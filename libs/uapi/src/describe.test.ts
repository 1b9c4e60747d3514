import fc from 'fast-check';
import { expect, test } from 'vitest';
import { array, EV, encode, type Ioctl, text } from './index.js';
import * as uapi from './tables.js';

const { describe } = uapi;

test('an ioctl is told by its name, its fields and their values', () => {
  const lines: [Ioctl, Uint8Array | number | undefined, string][] = [
    [
      uapi.VT_SETMODE,
      encode(uapi.vtMode, { mode: uapi.VT.PROCESS, relsig: 34, acqsig: 35 }),
      'VT_SETMODE {mode=1, waitv=0, relsig=34, acqsig=35, frsig=0}',
    ],
    [uapi.VT_ACTIVATE, 3, 'VT_ACTIVATE 3'],
    [uapi.DRM_IOCTL_SET_MASTER, undefined, 'DRM_IOCTL_SET_MASTER'],
    [uapi.EVIOCGNAME(8), encode(text(8), 'a "b"'), 'EVIOCGNAME "a \\"b\\""'],
    [uapi.EVIOCGBIT(EV.REL, 2), Uint8Array.of(0x43, 1), 'EVIOCGBIT(2) 43 01'],
    [uapi.EVIOCGREP, encode(array('u32', 2), [250, 33]), 'EVIOCGREP [250, 33]'],
    [
      uapi.DRM_IOCTL_MODE_GETPLANERESOURCES,
      encode(uapi.drmModeGetPlaneRes, { plane_id_ptr: 0x7f00n, count_planes: 3 }),
      'DRM_IOCTL_MODE_GETPLANERESOURCES {plane_id_ptr=0x7f00, count_planes=3}',
    ],
    [
      uapi.VT_SETACTIVATE,
      encode(uapi.vtSetactivate, { console: 4, mode: { mode: 1 } }),
      'VT_SETACTIVATE {console=4, mode={mode=1, waitv=0, relsig=0, acqsig=0, frsig=0}}',
    ],
    [uapi.EVIOCGKEY(96), new Uint8Array(96), `EVIOCGKEY ${'00 '.repeat(16)}… (96 bytes)`],
  ];
  for (const [{ number }, argument, line] of lines) expect(describe(number, argument)).toBe(line);
});

test('what is not as the table says is told all the same', () => {
  expect(describe(uapi.VT_GETSTATE.number, new Uint8Array(3))).toBe('VT_GETSTATE (3 of 6 bytes)');
  expect(describe(uapi.VT_GETSTATE.number, 0x1000)).toBe('VT_GETSTATE 0x1000');
  expect(describe(uapi.EVIOCGRAB.number, new Uint8Array(4))).toBe('EVIOCGRAB');
  expect(describe(0x8004_7a01)).toBe("ioctl 0x80047a01 (type 'z', nr 0x1, 4 bytes, read)");
  expect(describe(0xffff_ffff)).toBe('ioctl 0xffffffff (type 0xff, nr 0xff, 16383 bytes, both)');
  // A signed number, as other programs' traces have it.
  expect(describe(uapi.EVIOCGVERSION.number | 0, encode('i32', 0x10001))).toBe('EVIOCGVERSION 65537');
});

test('no number and no bytes are too much for it', () => {
  const numbers = uapi.headers.flatMap(({ ioctls }) => ioctls.map(({ number }) => number));
  const request = fc.oneof(fc.constantFrom(...numbers), fc.integer({ min: 0, max: 0xffff_ffff }));
  const argument = fc.oneof(
    fc.uint8Array({ maxLength: 5000 }),
    fc.constantFrom(new Uint8Array(5000).fill(0xff)),
    fc.integer(),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(request, argument, (number, given) => describe(number, given) !== ''),
    { numRuns: 2000 },
  );
});
