import { expect, test } from 'vitest';
import { FloatingPolicy } from './FloatingPolicy.js';
import type { ShellToplevel } from './ShellPolicy.js';

const output = { width: 1280, height: 720 };

function window(values: Partial<ShellToplevel> = {}): ShellToplevel {
  return {
    parent: undefined,
    mapped: true,
    geometry: { x: 0, y: 0, width: 400, height: 300 },
    wantsFullscreen: undefined,
    wantsMaximized: false,
    minimum: { width: 0, height: 0 },
    maximum: { width: 0, height: 0 },
    ...values,
  };
}

function cornerOf(policy: FloatingPolicy, toplevel: ShellToplevel) {
  const corners: [number, number][] = [];
  policy.arrange([toplevel], output, (_, x, y) => corners.push([x, y]));
  return corners[0];
}

function sizeOf(policy: FloatingPolicy, toplevel: ShellToplevel) {
  const { width, height } = policy.configuration(toplevel, [toplevel], output);
  return [width, height];
}

test('a window chooses its size and is centred until somebody puts it elsewhere', () => {
  const policy = new FloatingPolicy();
  const one = window();
  expect(sizeOf(policy, one)).toEqual([0, 0]);
  expect(cornerOf(policy, one)).toEqual([440, 210]);
  policy.put(one, 10, 20);
  expect(cornerOf(policy, one)).toEqual([10, 20]);
});

test('a surface stays where it is when its geometry grows to the left', () => {
  const policy = new FloatingPolicy();
  const geometry = { x: 0, y: 0, width: 400, height: 300 };
  const one = window({ geometry });
  policy.put(one, 100, 100);
  geometry.x = -30;
  expect(cornerOf(policy, one)).toEqual([70, 100]);
});

test('a window that is dragged moves', () => {
  const policy = new FloatingPolicy();
  const one = window();
  policy.put(one, 100, 100);
  const motion = policy.drag(one, undefined)!;
  motion.to(5, -7);
  motion.to(50, -70);
  motion.end();
  expect(cornerOf(policy, one)).toEqual([150, 30]);
});

test('its edges are dragged within the client’s limits, and the opposite ones stay', () => {
  const policy = new FloatingPolicy();
  const one = window({ minimum: { width: 350, height: 0 }, maximum: { width: 0, height: 320 } });
  policy.put(one, 100, 100);
  const motion = policy.drag(one, { x: -1, y: 1 })!;
  motion.to(20, 10);
  expect(policy.configuration(one, [one], output)).toMatchObject({
    ...{ width: 380, height: 310, resizing: true },
  });
  expect(cornerOf(policy, one)).toEqual([120, 100]);
  motion.to(200, 200);
  motion.end();
  expect(sizeOf(policy, one)).toEqual([350, 320]);
  expect(cornerOf(policy, one)).toEqual([150, 100]);
  expect(policy.configuration(one, [one], output).resizing).toBe(false);
});

test('one that fills the output is not dragged', () => {
  const policy = new FloatingPolicy();
  const one = window({ wantsMaximized: true });
  expect(sizeOf(policy, one)).toEqual([1280, 720]);
  expect(cornerOf(policy, one)).toEqual([0, 0]);
  expect(policy.drag(one, undefined)).toBe(undefined);
});
