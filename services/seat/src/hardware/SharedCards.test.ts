import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, RuntimeDir } from '@switchyard/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseSeatDaemonOptions, type SeatDaemonOptions } from '../SeatDaemonOptions.js';
import { SeatEventsHub } from '../SeatEventsHub.js';
import { SeatManager } from '../SeatManager.js';
import { SysTree } from '../testing/SysTree.js';
import type { Hardware } from './Hardware.js';
import { openHardware } from './openHardware.js';

const CARD = 'pci0000:00/0000:00:10.0';
const DESK = 'pci0000:00/0000:00:0c.0/virtio7';

let tree: SysTree;
let manager: SeatManager;
let hardware: Hardware;
let told: string[];

beforeEach(() => {
  tree = new SysTree(mkdtempSync(join(tmpdir(), 'yard-shared-')));
  tree.card(CARD, 0);
  tree.connect(`${CARD}/drm/card0`, 'HDMI-A-2', false);
  tree.connect(`${CARD}/drm/card0`, 'DP-1', true);
  tree.keyboard(DESK, 0);
  told = [];
});
afterEach(() => {
  hardware.close();
  rmSync(tree.root, { recursive: true });
});

function start(...rules: object[]): void {
  const run = join(tree.root, 'run');
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, 'rules.json'), JSON.stringify({ rules }));
  // biome-ignore format: options and their values
  const given = ['--runtime-dir', run, '--sysfs', tree.sysfs, '--udev', tree.udev, '--udev-rules', '',
    '--hardware-rules', join(run, 'rules.json')];
  const options = parseSeatDaemonOptions(given, 'tree', {}) as SeatDaemonOptions;
  const events = new SeatEventsHub();
  const log = createLog('test');
  log.level = 'silent';
  const place = { dir: RuntimeDir.resolve(run), vts: undefined, restoreCommand: [] };
  manager = new SeatManager({ ...options, ...place }, events, log);
  hardware = openHardware(options, manager, events, log);
  events.add({
    seatNew: ({ id }) => told.push(`new ${id}`),
    seatRemoved: ({ id }) => told.push(`end ${id}`),
    deviceChanged: ({ seat, kind }) => told.push(`changed ${kind} of ${seat}`),
  });
  hardware.start();
}

/** Who has which connectors, and what else. */
const dealt = (): string[] =>
  [...manager.devices]
    .map(({ seat, kind, key, properties }) => {
      const connectors = properties.get('connectors')?.value as string[] | undefined;
      return `${seat} ${kind} ${key}${connectors ? ` ${connectors.join(' ')}` : ''}`;
    })
    .sort();

/** New parts are attached behind what is just being told. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('a card of which a rule names connectors is a device of every seat that has one', async () => {
  start(
    { connector: 'HDMI-A-*', driver: 'some-*', seat: 'seat1' },
    { path: `/sys/devices/${DESK}`, seat: 'seat1' },
  );
  await settled();
  expect(dealt()).toEqual([
    'seat0 card 226:0 DP-1',
    'seat1 card 226:0 HDMI-A-1 HDMI-A-2',
    'seat1 evdev 13:64',
  ]);
  expect(manager.devices.get(226, 0, 'seat1')?.properties.get('connected')?.value).toEqual(['HDMI-A-1']);
  expect(manager.devices.get(226, 0, 'seat0')?.path).toBe('/dev/dri/card0');
});

test('a rule for the whole card is for what no rule before it names, and "" is nobody', async () => {
  start({ connector: 'DP-1', seat: '' }, { kind: 'card', seat: 'seat2' }, { connector: '*', seat: 'seat1' });
  await settled();
  expect(dealt()).toEqual(['seat0 evdev 13:64', 'seat2 card 226:0 HDMI-A-1 HDMI-A-2']);
});

test('a card of which no rule names a connector is whole', async () => {
  start({ connector: 'VGA-1', seat: 'seat1' });
  await settled();
  expect(dealt()).toEqual(['seat0 card 226:0', 'seat0 evdev 13:64']);
});

test('connectors move, seats come and go with them, and after a restart it is the same', async () => {
  start({ connector: 'HDMI-A-1', seat: 'seat1' });
  await settled();
  told.length = 0;
  await hardware.moveConnector(226, 0, 'DP-1', 'seat2');
  await settled();
  expect(dealt()).toEqual([
    'seat0 card 226:0 HDMI-A-2',
    'seat0 evdev 13:64',
    'seat1 card 226:0 HDMI-A-1',
    'seat2 card 226:0 DP-1',
  ]);
  expect(told).toEqual(['changed card of seat0', 'new seat2']);
  told.length = 0;
  await hardware.moveConnector(226, 0, 'HDMI-A-1', 'seat2');
  await settled();
  expect(told).toEqual(['end seat1', 'changed card of seat2']);
  hardware.close();
  start({ connector: 'HDMI-A-1', seat: 'seat1' });
  await settled();
  expect(dealt()).toEqual([
    'seat0 card 226:0 HDMI-A-2',
    'seat0 evdev 13:64',
    'seat2 card 226:0 DP-1 HDMI-A-1',
  ]);
  hardware.flush();
  await settled();
  expect(dealt()).toEqual([
    'seat0 card 226:0 DP-1 HDMI-A-2',
    'seat0 evdev 13:64',
    'seat1 card 226:0 HDMI-A-1',
  ]);
});

test('a connector is attached to a seat by its path in sysfs, as any device', async () => {
  start();
  await settled();
  hardware.attach(join(tree.sysfs, 'devices', CARD, 'drm/card0/card0-DP-1'), 'seat1');
  await settled();
  expect(dealt()).toContain('seat1 card 226:0 DP-1');
  expect(dealt()).toContain('seat0 card 226:0 HDMI-A-1 HDMI-A-2');
});

test('what is no connector of a card does not move', async () => {
  start();
  await settled();
  await expect(hardware.moveConnector(226, 0, 'VGA-1', 'seat1')).rejects.toThrow('has no connector VGA-1');
  await expect(hardware.moveConnector(226, 1, 'DP-1', 'seat1')).rejects.toThrow('has no connector');
  await expect(hardware.moveConnector(13, 64, 'DP-1', 'seat1')).rejects.toThrow('has no connector');
  expect(dealt()).toEqual(['seat0 card 226:0', 'seat0 evdev 13:64']);
});

test('a shared card that is pulled out is gone from all its seats', async () => {
  start({ connector: 'HDMI-A-1', seat: 'seat1' });
  await settled();
  told.length = 0;
  tree.remove(join(tree.sysfs, 'devices', CARD, 'drm/card0'));
  hardware.rescan();
  expect(dealt()).toEqual(['seat0 evdev 13:64']);
  expect(told).toContain('end seat1');
});
