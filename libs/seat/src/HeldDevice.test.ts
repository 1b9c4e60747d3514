import { Fd } from '@switchyard/sys';
import { expect, test } from 'vitest';
import { HeldDevice } from './HeldDevice.js';

const info = {
  seat: 'seat0',
  major: 4095,
  minor: 1,
  kind: 'keyboard',
  name: 'k',
  properties: new Map(),
} as const;

function follow(): { device: HeldDevice; told: string[]; channel: () => Fd; open: () => number } {
  const told: string[] = [];
  const channels: Fd[] = [];
  const device = new HeldDevice(info, {
    opened: (_device, channel) => {
      told.push('opened');
      channel.close();
    },
    closed: (_device, why) => told.push(`closed ${why}`),
    ended: () => {},
  });
  const channel = () => {
    const fd = Fd.open('/dev/null', 0);
    channels.push(fd);
    return fd;
  };
  return { device, told, channel, open: () => channels.filter((fd) => !fd.closed).length };
}

test('a device is opened at take and at resume, and closed between', () => {
  const { device, told, channel, open } = follow();
  device.taken(channel(), false);
  device.paused('pause');
  device.resumed(channel());
  device.paused('force');
  device.paused('gone');
  expect(told).toEqual(['opened', 'closed pause', 'opened', 'closed force']);
  expect(open()).toBe(0);
});

test('an inactive session opens nothing until it is resumed', () => {
  const { device, told, channel, open } = follow();
  device.taken(channel(), true);
  expect(told).toEqual([]);
  device.resumed(channel());
  expect(told).toEqual(['opened']);
  expect(open()).toBe(0);
});

test('a pause that overtakes the answer to TakeDevice makes that channel void', () => {
  const { device, told, channel, open } = follow();
  device.paused('pause');
  device.taken(channel(), false);
  expect(told).toEqual([]);
  device.resumed(channel());
  expect(told).toEqual(['opened']);
  expect(open()).toBe(0);
});

test('a resume that overtakes the answer to TakeDevice is what counts', () => {
  const { device, told, channel, open } = follow();
  device.resumed(channel());
  device.taken(channel(), true);
  expect(told).toEqual(['opened']);
  expect(open()).toBe(0);
});

test('nothing is opened any more when the device is gone', () => {
  const { device, told, channel, open } = follow();
  device.paused('gone');
  device.taken(channel(), false);
  device.resumed(channel());
  expect(told).toEqual([]);
  expect(open()).toBe(0);
});
