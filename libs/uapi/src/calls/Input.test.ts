import { constants } from 'node:fs';
import { Fd } from '@switchyard/sys';
import { expect, it } from 'vitest';
import { runWith } from '../testing/FakeKernel.js';
import { bitSet, bitsIn, hasBit } from './Bits.js';
import { Evdev } from './Evdev.js';

it('an input device tells what it is, and is told', ({ skip }) => {
  const run = runWith(
    'fake-input',
    `
    const device = new calls.Evdev(fd);
    show([device.version(), device.id(), device.name(), device.phys(), device.unique() === undefined]);
    show([device.properties(), device.keys(), device.leds(), device.switches()].map(calls.bitsIn));
    show([device.codes(0), device.codes(uapi.EV.KEY)].map(calls.bitsIn));
    show([device.axis(uapi.ABS.X), device.repeat()]);
    fails(() => device.axis(uapi.ABS.Y));
    fails(() => device.grab());
    device.ungrab();
    device.setAxis(uapi.ABS.X, { minimum: -1, maximum: 2, resolution: 3 });
    device.setRepeat({ delay: 300, period: 40 });
    device.setClock(calls.INPUT_CLOCK.MONOTONIC);
    device.setMask(uapi.EV.KEY, [uapi.KEY.A, uapi.BTN.LEFT]);
    show(calls.bitsIn(device.mask(uapi.EV.KEY)));
    device.revoke();
  `,
  );
  if ('missing' in run) return skip(run.missing);
  expect(run.printed).toEqual([
    [0x010001, { bustype: 3, vendor: 0x1234, product: 0xabcd, version: 7 }, 'Kéyboard', 'usb-1/input0', true],
    [[2], [30], [1], [0]],
    [[3], [0x110]],
    [
      { value: -5, minimum: -10, maximum: 4000, fuzz: 4, flat: 8, resolution: 31 },
      { delay: 250, period: 33 },
    ],
    'EINVAL: ioctl(EVIOCGABS(1)) /dev/null: Invalid argument',
    'EBUSY: ioctl(EVIOCGRAB) /dev/null: Device or resource busy',
    [30, 0x110],
  ]);
  expect(run.told).toEqual([
    'EVIOCGRAB 1',
    'EVIOCGRAB 0',
    'EVIOCSABS 0 -1 2 0 0 3',
    'EVIOCSREP 300 40',
    'EVIOCSCLOCKID 1',
    'EVIOCSMASK type 1, 96 bytes',
    'EVIOCREVOKE 0',
  ]);
});

it('uinput is told of a whole device before it is created', ({ skip }) => {
  const run = runWith(
    'fake-input',
    `
    const device = new calls.Uinput(fd);
    show(device.version());
    device.create({
      name: 'Stylus',
      id: { bustype: uapi.BUS.VIRTUAL, vendor: 1, product: 2 },
      phys: 'a/b',
      keys: [uapi.KEY.A, uapi.BTN.TOUCH],
      properties: [uapi.INPUT_PROP.DIRECT],
      absolute: [[uapi.ABS.Y, { maximum: 999, resolution: 10 }]],
    });
    show(device.sysname());
    device.destroy();
    fails(() => device.create({ name: 'x'.repeat(80) }));
  `,
  );
  if ('missing' in run) return skip(run.missing);
  expect(run.printed).toEqual([5, 'input7', `"${'x'.repeat(80)}" has 80 bytes, of 79 at most`]);
  expect(run.told).toEqual([
    'UI_SET 100 1',
    'UI_SET 101 30',
    'UI_SET 101 330',
    'UI_SET 110 1',
    'UI_SET 100 3',
    'UI_SET 103 1',
    'UI_ABS_SETUP 1 0..999 res 10',
    'UI_SET_PHYS a/b',
    'UI_DEV_SETUP Stylus 6:1:2:0 0',
    'UI_DEV_CREATE',
    'UI_DEV_DESTROY',
  ]);
});

it('a HID device gives its descriptor', ({ skip }) => {
  const run = runWith(
    'fake-input',
    `
    const device = new calls.Hidraw(fd);
    show([device.info(), device.name(), device.phys(), device.descriptor()]);
    device.revoke();
  `,
  );
  if ('missing' in run) return skip(run.missing);
  expect(run.printed).toEqual([[{ bustype: 5, vendor: -2, product: 3 }, 'Pad', 'bt', [5, 1, 9, 6, 0xc0]]]);
  expect(run.told).toEqual(['HIDIOCREVOKE 0']);
});

it('bit sets have the lowest bit of the first byte first', () => {
  const set = bitSet(768, [0, 30, 767]);
  expect(set.length).toBe(96);
  expect(bitsIn(set)).toEqual([0, 30, 767]);
  expect([hasBit(set, 30), hasBit(set, 31), hasBit(set, 5000)]).toEqual([true, false, false]);
  expect(() => bitSet(17, [17])).toThrow('bit 17 of 17');
});

it('what is no input device says so', () => {
  using fd = Fd.open('/dev/null', constants.O_RDWR);
  expect(() => new Evdev(fd).name()).toThrow('ENOTTY: ioctl(EVIOCGNAME) /dev/null');
  expect(() => new Evdev(fd).unique()).toThrow('ENOTTY: ioctl(EVIOCGUNIQ) /dev/null');
});
