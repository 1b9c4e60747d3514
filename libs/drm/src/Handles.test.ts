import { expect, test } from 'vitest';
import { Handles } from './Handles.js';

test('a handle is closed when the last of its users is done with it', () => {
  const closed: number[] = [];
  const handles = new Handles((handle) => closed.push(handle));
  handles.use(1);
  handles.use(2);
  handles.use(1);
  handles.release(1);
  expect(closed).toEqual([]);
  handles.release(2);
  handles.release(1);
  expect(closed).toEqual([2, 1]);
  // The kernel gives the number to another buffer.
  handles.use(1);
  handles.release(1);
  expect(closed).toEqual([2, 1, 1]);
});
