import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Flood } from './Flood.js';

const FLOOD = 1 << 20;
const USUAL_MS = 17;
let held: boolean;
let drawn: number;
let flood: Flood;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  vi.advanceTimersByTime(1000);
  held = false;
  drawn = 0;
  flood = new Flood(
    (hold) => {
      held = hold;
    },
    () => drawn++,
  );
});

afterEach(() => {
  flood.reset();
  vi.useRealTimers();
});

/** A frame that takes so long, while output comes whenever it may. Returns how much was read meanwhile. */
function frame(milliseconds: number, bytes = 16 << 10): number {
  let read = 0;
  flood.drawn();
  flood.committed();
  for (let passed = 0; passed < milliseconds; passed++) {
    if (!held) {
      flood.output(bytes);
      read += bytes;
    }
    vi.advanceTimersByTime(1);
  }
  flood.frameDone();
  return read;
}

test('a frame of a flood is drawn when it is due, and at once when nothing floods', () => {
  flood.output(100);
  expect(flood.putOff()).toBe(false);
  flood.drawn();
  expect(flood.putOff()).toBe(false);
  flood.output(FLOOD);
  for (let at = 0; at < 9; at++) flood.drawn();
  expect(flood.putOff()).toBe(true);
  expect(drawn).toBe(0);
  vi.advanceTimersByTime(400);
  expect(drawn).toBe(1);
});

test('frames that came late are made up for, so that there are 30 a second', () => {
  flood.output(FLOOD);
  let frames = 0;
  for (let now = 0; now < 1000; now++) {
    flood.output(16 << 10);
    // The display takes 50 ms for the first ones, and 17 for others.
    const takes = frames < 6 ? 50 : USUAL_MS;
    if (now % takes === 0 && !flood.hasPutOff && !flood.putOff()) {
      flood.drawn();
      frames++;
    }
    vi.advanceTimersByTime(1);
  }
  expect(frames).toBeGreaterThan(18);
  expect(frames).toBeLessThanOrEqual(34);
});

test('as long as frames come in time everything is read', () => {
  for (let count = 0; count < 50; count++) expect(frame(USUAL_MS)).toBe(USUAL_MS * (16 << 10));
});

test('while frames come late, less is read until they do; then more again', () => {
  for (let count = 0; count < 5; count++) frame(USUAL_MS);
  const first = frame(40);
  const second = frame(40);
  expect(second).toBeLessThan(first);
  for (let count = 0; count < 9; count++) frame(40);
  const least = frame(40);
  expect(least).toBeGreaterThanOrEqual(128 << 10);
  expect(least).toBeLessThan(256 << 10);
  for (let count = 0; count < 30; count++) frame(USUAL_MS);
  expect(frame(USUAL_MS)).toBe(USUAL_MS * (16 << 10));
});

test('a display that is always slow is not late', () => {
  for (let count = 0; count < 50; count++) expect(frame(40)).toBe(40 * (16 << 10));
});

test('what is held is read again when the frame comes, and when none does', () => {
  for (let count = 0; count < 5; count++) frame(USUAL_MS);
  for (let count = 0; count < 9; count++) frame(40);
  flood.committed();
  flood.output(FLOOD);
  expect(held).toBe(true);
  flood.frameDone();
  expect(held).toBe(false);
  flood.committed();
  flood.output(FLOOD);
  expect(held).toBe(true);
  vi.advanceTimersByTime(45);
  expect(held).toBe(false);
  flood.output(FLOOD);
  expect(held).toBe(false);
});

test('a few bytes are read whatever the frames do', () => {
  for (let count = 0; count < 20; count++) expect(frame(count < 5 ? USUAL_MS : 40, 10)).toBeGreaterThan(0);
  flood.committed();
  flood.output(10);
  expect(held).toBe(false);
});
