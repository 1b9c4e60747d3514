import { setTimeout as sleep } from 'node:timers/promises';
import { createPipe, write } from '@switchyard/sys';
import { expect, test } from 'vitest';
import { PtyOutput } from './PtyOutput.js';

test('output that is held is read when it is no more', async () => {
  const { reading, writing } = createPipe();
  let text = '';
  const output = new PtyOutput(reading.number, (bytes) => {
    text += Buffer.from(bytes).toString();
  });
  try {
    write(writing, Buffer.from('before '));
    await expect.poll(() => text).toBe('before ');
    output.hold(true);
    write(writing, Buffer.from('held'));
    await sleep(30);
    expect(text).toBe('before ');
    output.hold(false);
    await expect.poll(() => text).toBe('before held');
  } finally {
    output.close();
    reading.close();
    writing.close();
  }
});
