import { expect, test } from 'vitest';
import { chooseServed } from './CardShare.js';

/** Upper case: a monitor is plugged in. */
const plugged = (socket: string): boolean => socket === socket.toUpperCase();
const upTo = (count: number) => (sockets: readonly string[]) => sockets.length <= count;

test('all are served where there are CRTCs for all', () => {
  expect(chooseServed(['A', 'b'], ['C', 'd'], plugged, upTo(9))).toEqual(['A', 'C', 'b']);
});

test('a monitor of a seat that waits comes before an empty socket', () => {
  expect(chooseServed(['A', 'b'], ['C', 'd'], plugged, upTo(2))).toEqual(['A', 'C']);
  expect(chooseServed(['a', 'b'], ['C'], plugged, upTo(2))).toEqual(['C', 'a']);
});

test('one’s own monitors come first', () => {
  expect(chooseServed(['A', 'B'], ['C', 'D'], plugged, upTo(3))).toEqual(['A', 'B', 'C']);
});

test('one that no CRTC is left for does not keep another from its own', () => {
  const needsTheFirst = new Set(['A', 'B']);
  const fit = (sockets: readonly string[]) => sockets.filter((one) => needsTheFirst.has(one)).length <= 1;
  expect(chooseServed(['A', 'B', 'c'], [], plugged, fit)).toEqual(['A', 'c']);
});
