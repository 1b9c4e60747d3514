import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { KEY } from '@switchyard/uapi';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { slowness } from '../support/slowness.js';

const fixture = displayFixture();
const main = fileURLToPath(new URL('../../services/console/dist/main.js', import.meta.url));

test('while a program floods the terminal the picture moves at 20 Hz, and Ctrl+C acts within a tenth of a second', async () => {
  const { tree, seat } = fixture;
  const [began, interrupted] = ['began', 'interrupted'].map((name) => join(tree.directory, name));
  const script = join(tree.directory, 'flood.sh');
  writeFileSync(
    script,
    `trap 'date +%s%N > ${interrupted}; exit' INT
echo > ${began}
yes "the quick brown fox jumps over the lazy dog and goes on until somebody says that it is enough"
`,
  );
  const console = tree.run(process.execPath, [main, '--runtime-dir', tree.directory, '--', 'bash', script]);
  const there = (file: string) => expect.poll(() => existsSync(file)).toBe(true);
  await there(began!);
  await seat.until(() => seat.frames.length > 5, 'the flood to be seen');
  const slow = slowness();
  const [frames, since] = [seat.frames.length, performance.now()];
  await sleep(2000);
  const rate = ((seat.frames.length - frames) * 1000) / (performance.now() - since);
  const pressed = Date.now();
  seat.press(KEY.LEFTCTRL, KEY.C);
  await there(interrupted!);
  await expect.poll(() => readFileSync(interrupted!, 'utf8')).toMatch(/^\d+\n$/);
  const delay = Number(readFileSync(interrupted!, 'utf8')) / 1e6 - pressed;
  console.kill();
  expect(rate).toBeGreaterThan(20 / slow);
  expect(delay).toBeLessThan(100 * slow);
});
