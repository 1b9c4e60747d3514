import { describe, expect, it } from 'vitest';
import { WindowCycle } from './WindowCycle.js';

describe('WindowCycle', () => {
  it('goes from the front window to the one before it, and keeps the places of those passed on the way', () => {
    let stack = ['a', 'b', 'c', 'd'];
    const cycle = new WindowCycle(['d', 'c', 'b', 'a'], stack);
    stack = cycle.step(1, stack);
    expect(stack).toEqual(['a', 'b', 'd', 'c']);
    stack = cycle.step(1, stack);
    expect(stack).toEqual(['a', 'c', 'd', 'b']);
    stack = cycle.step(-1, stack);
    expect(stack).toEqual(['a', 'b', 'd', 'c']);
  });

  it('comes around', () => {
    let stack = ['a', 'b'];
    const cycle = new WindowCycle(['b', 'a'], stack);
    for (const expected of ['a', 'b', 'a']) {
      stack = cycle.step(1, stack);
      expect(stack.at(-1)).toBe(expected);
    }
  });

  it('skips windows that went, and leaves those that came meanwhile', () => {
    const cycle = new WindowCycle(['c', 'b', 'a'], ['a', 'b', 'c']);
    expect(cycle.step(1, ['a', 'c', 'new'])).toEqual(['c', 'new', 'a']);
    expect(cycle.step(1, ['new'])).toEqual(['new']);
  });
});
