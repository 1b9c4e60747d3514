import { afterAll, beforeAll, expect, it } from 'vitest';
import { Vm } from './Vm.js';

const KEY = { A: 30, B: 48, LEFTCTRL: 29 } as const;

let vm: Vm;
let seen: Record<string, unknown>;
beforeAll(async () => {
  vm = await Vm.start();
  seen = JSON.parse(await vm.run('node node_modules/.cache/tests/vm/guest/input.js'));
});
afterAll(async () => {
  await vm?.stop();
});

it('an input device says what it is, what is held down, and what is typed', () => {
  expect(seen['identity']).toEqual(['Keys', 7, true, false, false]);
  expect(seen['held before']).toEqual([`1/${KEY.LEFTCTRL}=1`]);
  expect(seen['typed']).toEqual([`1/${KEY.A}=1`, `1/${KEY.A}=0`]);
});

it('after more than could be kept its reader knows what is so, and never hears of a loss', () => {
  expect(seen['after a flood']).toEqual({
    fewer: true,
    dropped: false,
    down: [false, true, false],
    last: [`1/${KEY.A}=0`, `1/${KEY.B}=1`, `1/${KEY.LEFTCTRL}=0`],
  });
  const { order, last } = seen['fingers after a flood'] as { order: string[]; last: string };
  expect(order).toEqual(['3/57=-1', '3/57=6', '3/57=7']);
  expect(last).toBe('3/53=32');
});

it('a device can be grabbed, listened to in part, revoked and unplugged', () => {
  expect(seen['held, to one who comes later']).toEqual([`1/${KEY.B}=1`]);
  expect(seen['grabbed']).toEqual([[`1/${KEY.B}=0`], []]);
  expect(seen['limited']).toEqual([`1/${KEY.A}=1`, `1/${KEY.A}=0`]);
  expect(seen['revoked']).toEqual([true, true]);
  expect(seen['opened revoked']).toEqual(['ENODEV', true]);
  expect(seen['unplugged']).toEqual([true, true]);
  expect(seen['touched']).toEqual(['3/47=1 3/57=5 3/53=10']);
});
