import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyRepeat } from './KeyRepeat.js';

/** Timers first, then what they left for the end of their turn, which the fake clock puts a millisecond later. */
function pass(milliseconds: number): void {
  vi.advanceTimersByTime(milliseconds);
  vi.advanceTimersByTime(1);
}

describe('KeyRepeat', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('repeats the key that was pressed last, after the delay, at the rate, until it is released', () => {
    const repeated: number[] = [];
    const repeat = new KeyRepeat({ rate: 25, delay: 600 }, (code) => repeated.push(code));
    repeat.press(30);
    pass(599);
    expect(repeated).toEqual([]);
    pass(1);
    expect(repeated).toEqual([30]);
    pass(80);
    expect(repeated).toEqual([30, 30, 30]);
    repeat.press(31);
    expect(repeat.code).toBe(31);
    pass(640);
    expect(repeated).toEqual([30, 30, 30, 31, 31]);
    repeat.release(30);
    pass(40);
    expect(repeated.length).toBe(6);
    repeat.release(31);
    pass(10_000);
    expect(repeated.length).toBe(6);
  });

  it('has one timer while a key is held and none otherwise', () => {
    const repeat = new KeyRepeat({ rate: 25, delay: 600 }, () => undefined);
    expect(vi.getTimerCount()).toBe(0);
    for (const code of [1, 2, 3]) repeat.press(code);
    expect(vi.getTimerCount()).toBe(1);
    pass(5000);
    expect(vi.getTimerCount()).toBe(1);
    repeat.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not repeat a key whose release is read in the turn of the timer', () => {
    const repeat = new KeyRepeat({ rate: 25, delay: 600 }, () => expect.unreachable());
    repeat.press(30);
    vi.advanceTimersByTime(600);
    repeat.release(30);
    pass(1_000);
  });

  it('may be stopped from its own callback', () => {
    const repeated: number[] = [];
    const repeat = new KeyRepeat({ rate: 100, delay: 10 }, (code) => {
      repeated.push(code);
      repeat.stop();
    });
    repeat.press(5);
    pass(1000);
    expect(repeated).toEqual([5]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does nothing at rate 0', () => {
    const repeat = new KeyRepeat({ rate: 0, delay: 10 }, () => expect.unreachable());
    repeat.press(5);
    expect(repeat.code).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});
