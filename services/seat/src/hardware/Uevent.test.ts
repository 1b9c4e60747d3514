import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseUevent } from './Uevent.js';

/** As Linux 6.1 sent it when a keyboard was made with uinput. */
const added =
  'add@/devices/virtual/input/input7/event5\0ACTION=add\0DEVPATH=/devices/virtual/input/input7/event5\0' +
  'SUBSYSTEM=input\0MAJOR=13\0MINOR=69\0DEVNAME=input/event5\0SEQNUM=2150\0';

test('the kernel’s message is taken apart', () => {
  const uevent = parseUevent(Buffer.from(added));
  expect(uevent?.action).toBe('add');
  expect(uevent?.devpath).toBe('/devices/virtual/input/input7/event5');
  expect(uevent?.properties.get('DEVNAME')).toBe('input/event5');
  expect(uevent?.properties.size).toBe(7);
});

test('what is no message of the kernel is none', () => {
  for (const wrong of [
    '',
    '\0',
    added.slice(0, -1),
    added.replace('@', ' '),
    added.replace('ACTION=add', 'ACTION=remove'),
    added.replace('DEVPATH=/devices/virtual', 'DEVPATH=/devices/elsewhere'),
    added.replace('MAJOR=13', 'MAJOR'),
    added.replace('MAJOR=13', '=13'),
    added.replaceAll('/devices/virtual', '/devices/..'),
    added.replaceAll('/devices/virtual', 'devices'),
    // What udevd sends to its own listeners.
    `libudev\0${added}`,
  ]) {
    expect(parseUevent(Buffer.from(wrong)), JSON.stringify(wrong)).toBeUndefined();
  }
});

test('no bytes break it, and what it gives out leads nowhere but into sysfs', () => {
  const mutation = fc.tuple(fc.nat(added.length - 1), fc.nat(255), fc.boolean()).map(([at, byte, cut]) => {
    const bytes = Buffer.from(added);
    bytes[at] = byte;
    return cut ? bytes.subarray(0, at) : bytes;
  });
  fc.assert(
    fc.property(fc.oneof(mutation, fc.uint8Array({ maxLength: 300 })), (bytes) => {
      const uevent = parseUevent(bytes);
      if (!uevent) return;
      expect(uevent.devpath).toMatch(/^\//);
      expect(uevent.devpath.split('/')).not.toContain('..');
      expect(uevent.properties.get('DEVPATH')).toBe(uevent.devpath);
    }),
    { numRuns: 2000 },
  );
});
