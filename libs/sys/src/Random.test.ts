import { expect, test } from 'vitest';
import { randomBytes } from './index.js';

test('random bytes are as many as asked for, and others each time', () => {
  expect(randomBytes(16)).toHaveLength(16);
  const texts = Array.from({ length: 100 }, () => randomBytes(8).toString('hex'));
  expect(new Set(texts).size).toBe(100);
});
