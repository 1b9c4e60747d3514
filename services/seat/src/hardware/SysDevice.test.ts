import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SysTree } from '../testing/SysTree.js';
import { stablePath } from './SeatAssignments.js';
import { SysDevice } from './SysDevice.js';
import { udevId } from './UdevDatabase.js';

test('this machine’s /dev/null is what sysfs says', () => {
  const device = SysDevice.at('/sys', '/sys/class/mem/null')!;
  expect(device.path).toBe('/sys/devices/virtual/mem/null');
  expect(device.number).toEqual({ major: 1, minor: 3 });
  expect(device.node).toBe('/dev/null');
  expect(device.subsystem).toBe('mem');
  expect(udevId(device)).toBe('c1:3');
  expect([...SysDevice.ofClass('/sys', 'mem')].map(({ name }) => name)).toContain('null');
});

test('what is no device of sysfs is none', () => {
  expect(SysDevice.at('/sys', '/sys/class/mem')).toBeUndefined();
  expect(SysDevice.at('/sys', '/sys/devices')).toBeUndefined();
  expect(SysDevice.at('/sys', '/proc/self')).toBeUndefined();
  expect(SysDevice.at('/sys', '/sys/class/mem/none')).toBeUndefined();
  expect(SysDevice.at('/none', '/sys/class/mem/null')).toBeUndefined();
  expect([...SysDevice.ofClass('/sys', 'none')]).toEqual([]);
});

let tree: SysTree;
beforeEach(() => {
  tree = new SysTree(mkdtempSync(join(tmpdir(), 'yard-sys-')));
});
afterEach(() => rmSync(tree.root, { recursive: true }));

test('a device knows what it hangs on, and the driver of the nearest that has one', () => {
  const event = SysDevice.at(tree.sysfs, tree.keyboard('pci0000:00/0000:00:0a.0/virtio5', 3))!;
  expect([...event.lineage()].map(({ name }) => name)).toEqual([
    'event3',
    'input3',
    'virtio5',
    '0000:00:0a.0',
    'pci0000:00',
  ]);
  expect(event.driver).toBe('virtio_input');
  expect(event.parent?.attribute('name')).toBe('Keyboard 3');
  expect(udevId(event.parent!)).toBe('+input:input3');
});

test('a name that leads out of /dev is no node', () => {
  const path = tree.keyboard('pci0000:00/0000:00:0a.0/virtio5', 3);
  writeFileSync(join(path, 'uevent'), 'MAJOR=13\nMINOR=67\nDEVNAME=../etc/shadow\n');
  expect(SysDevice.at(tree.sysfs, path)!.node).toBeUndefined();
  writeFileSync(join(path, 'uevent'), 'MAJOR=13\nDEVNAME=input/event3\n');
  expect(SysDevice.at(tree.sysfs, path)!.number).toBeUndefined();
});

test('a link out of sysfs is not followed', () => {
  mkdirSync(join(tree.root, 'elsewhere'));
  writeFileSync(join(tree.root, 'elsewhere/uevent'), '');
  symlinkSync(join(tree.root, 'elsewhere'), join(tree.sysfs, 'class/input/event9'));
  expect([...SysDevice.ofClass(tree.sysfs, 'input')]).toEqual([]);
});

test('where a device is assigned is said in words that hold after it was plugged in anew', () => {
  const at = (path: string) => stablePath({ devpath: path } as SysDevice);
  expect(at('/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/0003:046D:C31C.0004/input/input12')).toBe(
    '/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/0003:046D:C31C.*/input/input*',
  );
  expect(at('/devices/pci0000:00/0000:00:11.0/drm/card1')).toBe(
    '/sys/devices/pci0000:00/0000:00:11.0/drm/card*',
  );
  expect(at('/devices/virtual/input/input7')).toBe('/sys/devices/virtual/input/input7');
});
