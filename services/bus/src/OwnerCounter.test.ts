import { expect, it } from 'vitest';
import { OwnerCounter } from './OwnerCounter.js';

it('a counter knows what each owner has and had, and all of them', () => {
  const counter = new OwnerCounter<string>();
  for (const owner of ['a', 'a', 'b', 'a']) counter.add(owner);
  counter.remove('a');
  counter.remove('nobody');
  expect([counter.of('a'), counter.peakOf('a'), counter.of('b'), counter.of('c')]).toEqual([2, 3, 1, 0]);
  expect([counter.total, counter.peakTotal, counter.peakOfOne]).toEqual([3, 4, 3]);
  counter.removeAll('a');
  expect([counter.total, counter.peakTotal, counter.of('a'), counter.peakOf('a')]).toEqual([1, 4, 0, 0]);
});
