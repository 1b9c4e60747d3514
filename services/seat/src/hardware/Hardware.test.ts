import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog, RuntimeDir } from '@switchyard/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Device } from '../Device.js';
import { parseSeatDaemonOptions, type SeatDaemonOptions } from '../SeatDaemonOptions.js';
import { SeatEventsHub } from '../SeatEventsHub.js';
import { SeatManager } from '../SeatManager.js';
import { SysTree } from '../testing/SysTree.js';
import type { Hardware } from './Hardware.js';
import { openHardware } from './openHardware.js';
import { SysDevice } from './SysDevice.js';

/** Devices that hang on these are seat1's in some tests. */
const DESK0 = 'pci0000:00/0000:00:0a.0/virtio5';
const DESK1 = 'pci0000:00/0000:00:0c.0/virtio7';
const CARD0 = 'pci0000:00/0000:00:10.0';
const CARD1 = 'pci0000:00/0000:00:11.0';

let tree: SysTree;
let manager: SeatManager;
let hardware: Hardware;
let told: string[];

beforeEach(() => {
  tree = new SysTree(mkdtempSync(join(tmpdir(), 'yard-hardware-')));
  told = [];
});
afterEach(() => {
  hardware.close();
  rmSync(tree.root, { recursive: true });
});

function start(): void {
  const run = join(tree.root, 'run');
  mkdirSync(run, { recursive: true });
  const given = ['--runtime-dir', run, '--sysfs', tree.sysfs, '--udev', tree.udev, '--udev-rules', ''];
  const options = parseSeatDaemonOptions(given, 'tree', {}) as SeatDaemonOptions;
  const events = new SeatEventsHub();
  const log = createLog('test');
  log.level = 'silent';
  manager = new SeatManager(
    { ...options, dir: RuntimeDir.resolve(run), vts: undefined, restoreCommand: [] },
    events,
    log,
  );
  hardware = openHardware(options, manager, events, log);
  const name = ({ seat, path }: Device) => `${seat} ${path.replace(/.*\//, '')}`;
  events.add({
    deviceAdded: (device) => told.push(`+ ${name(device)}`),
    deviceRemoved: (device) => told.push(`- ${name(device)}`),
    seatNew: ({ id }) => told.push(`new ${id}`),
    seatRemoved: ({ id }) => told.push(`end ${id}`),
  });
  hardware.start();
}

const on = (seat: string) =>
  [...manager.devices].filter((device) => device.seat === seat).map(({ path }) => path.replace(/.*\//, ''));

test('without udev everything is seat0’s', () => {
  tree.card(CARD0, 0);
  tree.keyboard(DESK0, 0);
  tree.keyboard(DESK1, 10);
  start();
  expect(on('seat0')).toEqual(['card0', 'event0', 'event10']);
  const [card, keyboard] = [...manager.devices];
  expect(card?.properties.get('connected')?.value).toEqual(['HDMI-A-1']);
  expect(card?.name).toBe('some-card');
  expect(keyboard?.name).toBe('Keyboard 0');
});

test('with udev a device is where its record says, input devices where that of their parent does', () => {
  tree.card(CARD0, 0);
  tree.card(CARD1, 1);
  tree.keyboard(DESK0, 0);
  tree.keyboard(DESK1, 1);
  tree.keyboard('platform/lid', 2);
  tree.record('c226:0', ['G:seat', 'Q:seat', 'E:ID_PATH=pci-0000:00:10.0']);
  tree.record('c226:1', ['G:seat', 'Q:seat', 'E:ID_SEAT=seat1']);
  for (const n of [0, 1, 2]) tree.record(`c13:${64 + n}`, ['E:ID_INPUT=1']);
  tree.record('+input:input0', ['G:seat', 'Q:seat', 'E:ID_INPUT_KEYBOARD=1', 'E:ID_INPUT_KEY=1']);
  tree.record('+input:input1', ['G:seat', 'Q:seat', 'E:ID_SEAT=seat1']);
  // Its tag was taken back.
  tree.record('+input:input2', ['G:seat', 'Q:power-switch']);
  start();
  expect(on('seat0')).toEqual(['card0', 'event0']);
  expect(on('seat1')).toEqual(['card1', 'event1']);
  const keyboard = [...manager.devices].find(({ path }) => path.endsWith('event0'));
  expect(keyboard?.properties.get('input')?.value).toBe('key keyboard');
});

test('a device that udevd has not seen yet waits for it, but not for ever', async () => {
  tree.card(CARD0, 0);
  tree.keyboard(DESK0, 0);
  tree.record('c226:0', ['Q:seat']);
  start();
  expect(on('seat0')).toEqual(['card0']);
  tree.record('+input:input0', ['Q:seat']);
  tree.record('c13:64', ['E:ID_INPUT=1']);
  for (let tries = 0; on('seat0').length < 2 && tries < 3000; tries++) await sleep(20);
  expect(on('seat0')).toEqual(['card0', 'event0']);
  tree.keyboard(DESK1, 1);
  hardware.rescan();
  expect(on('seat0')).toHaveLength(2);
  for (let tries = 0; on('seat0').length < 3 && tries < 3000; tries++) await sleep(20);
  expect(on('seat0')).toEqual(['card0', 'event0', 'event1']);
});

test('a seat appears with its screen and vanishes with it, and its keyboards wait for it', async () => {
  tree.card(CARD0, 0);
  const screen = tree.card(CARD1, 1);
  tree.keyboard(DESK1, 1);
  for (const id of ['c226:0', 'c13:65']) tree.record(id, ['Q:seat']);
  tree.record('c226:1', ['Q:seat', 'E:ID_SEAT=seat1']);
  tree.record('+input:input1', ['Q:seat', 'E:ID_SEAT=seat1']);
  start();
  expect(told).toEqual(['new seat0', '+ seat0 card0', 'new seat1', '+ seat1 card1', '+ seat1 event1']);
  told.length = 0;
  tree.remove(screen);
  hardware.rescan();
  expect(told).toEqual(['- seat1 card1', '- seat1 event1', 'end seat1']);
  told.length = 0;
  tree.card(CARD1, 1);
  hardware.rescan();
  expect(told).toEqual(['new seat1', '+ seat1 card1', '+ seat1 event1']);
});

test('what is attached to a seat is there after a restart, until it is flushed', async () => {
  const card = tree.card(CARD1, 1);
  tree.card(CARD0, 0);
  tree.keyboard(DESK1, 1);
  for (const id of ['c226:0', 'c13:65']) tree.record(id, ['Q:seat']);
  tree.record('c226:1', ['Q:seat']);
  tree.record('+input:input1', ['Q:seat']);
  start();
  expect(() => hardware.attach(join(tree.sysfs, 'devices/pci0000:00/none'), 'seat1')).toThrow('ENODEV');
  hardware.attach(card, 'seat1');
  hardware.attach(join(tree.sysfs, 'devices', DESK1), 'seat1');
  expect(on('seat1')).toEqual(['card1', 'event1']);
  tree.remove(card);
  tree.card(CARD1, 1);
  hardware.close();
  start();
  expect(on('seat1')).toEqual(['card1', 'event1']);
  hardware.flush();
  expect(on('seat1')).toEqual([]);
  expect(on('seat0')).toEqual(['event1', 'card1', 'card0'].toSorted());
});

test('a light is on the seat of what it hangs on', () => {
  tree.card(CARD0, 0);
  const card = tree.card(CARD1, 1);
  const backlight = tree.light(`${CARD1}/drm/card1/card1-HDMI-A-1`, 'panel');
  const other = tree.light('platform/board', 'power');
  start();
  hardware.attach(card, 'seat1');
  expect(hardware.seatOf(SysDevice.at(tree.sysfs, backlight)!)).toBe('seat1');
  expect(hardware.seatOf(SysDevice.at(tree.sysfs, other)!)).toBe('seat0');
});
