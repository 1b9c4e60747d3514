import { describe, expect, it } from 'vitest';
import { PointerPlace } from './PointerPlace.js';

const left = { width: 800, height: 600 };
const right = { width: 640, height: 480 };

function place(...screens: (typeof left)[]): PointerPlace<typeof left> {
  const made = new PointerPlace<typeof left>();
  made.screens = screens;
  return made;
}

describe('the pointer', () => {
  it('begins in the middle of the first screen', () => {
    const pointer = place(left, right);
    expect([pointer.screen, pointer.x, pointer.y]).toEqual([left, 400, 300]);
  });

  it('goes from one screen to the next where they touch, and stops at the outer edges', () => {
    const pointer = place(left, right);
    pointer.moveBy(410, 0);
    expect([pointer.screen, pointer.x, pointer.y]).toEqual([right, 10, 300]);
    pointer.moveBy(10_000, 10_000);
    expect([pointer.screen, pointer.x, pointer.y]).toEqual([right, 639, 479]);
    pointer.moveBy(-10_000, -10_000);
    expect([pointer.screen, pointer.x, pointer.y]).toEqual([left, 0, 0]);
  });

  it('is on a screen that is there, whichever go', () => {
    const pointer = place(left, right);
    pointer.moveBy(900, 200);
    pointer.screens = [right];
    expect([pointer.screen, pointer.x, pointer.y]).toEqual([right, 639, 479]);
    pointer.screens = [];
    expect(pointer.screen).toBeUndefined();
  });

  it('is put to a place of the first screen by a device that tells places', () => {
    const pointer = place(left, right);
    pointer.moveTo(0.5, 1);
    expect([pointer.screen, pointer.x, pointer.y]).toEqual([left, 400, 599]);
  });
});
