import { expect, it } from 'vitest';
import { read, write } from './File.js';
import { createPipe } from './Pipe.js';

it('a pipe gives what was written, nothing when there is nothing, and the end when the writer has closed', () => {
  const { reading, writing } = createPipe();
  using _reading = reading;
  const bytes = new Uint8Array(8);
  expect(read(reading, bytes)).toBe(-1);
  write(writing, Buffer.from('abc'));
  expect(Buffer.from(bytes.subarray(0, read(reading, bytes))).toString()).toBe('abc');
  writing.close();
  expect(read(reading, bytes)).toBe(0);
});
