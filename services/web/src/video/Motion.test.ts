import { beforeEach, describe, expect, test } from 'vitest';
import { DirtyTiles } from '../DirtyTiles.js';
import { Motion } from './Motion.js';

let dirty: DirtyTiles;
let motion: Motion;

beforeEach(() => {
  dirty = new DirtyTiles(641, 384);
  motion = new Motion();
});

/** Frames in which an area became inexact, a certain time (ms) after each other. */
function play(count: number, gap: number, area = { x: 64, y: 64, width: 448, height: 256 }): number {
  let now = 1;
  for (let i = 0; i < count; i++, now += gap) {
    dirty.areaSent(area, now);
    motion.note(dirty, now, 100_000);
  }
  return now;
}

describe('motion', () => {
  test('is a video where a large part of the output keeps changing', () => {
    expect(motion.video(dirty, play(9, 40), 0)).toBeUndefined();
    expect(motion.video(dirty, play(10, 40), 0)).toEqual({ x: 64, y: 64, width: 448, height: 256 });
  });

  test('is none when it is slow, small, or costs little', () => {
    expect(motion.video(dirty, play(10, 200), 0)).toBeUndefined();
    expect(motion.video(dirty, play(10, 40, { x: 0, y: 0, width: 128, height: 128 }), 0)).toBeUndefined();
    expect(motion.video(dirty, play(10, 40), 10_000_000)).toBeUndefined();
  });

  test('leaves out a last column of odd width', () => {
    const now = play(10, 40, { x: 0, y: 0, width: 641, height: 384 });
    expect(motion.video(dirty, now, 0)).toEqual({ x: 0, y: 0, width: 640, height: 384 });
  });
});
