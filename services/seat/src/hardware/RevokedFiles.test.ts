import { constants, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fd } from '@switchyard/sys';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { RevokedFiles } from './RevokedFiles.js';

let directory: string;
let path: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'yard-revoked-'));
  path = join(directory, 'device');
  writeFileSync(path, '');
});
afterAll(() => rmSync(directory, { recursive: true }));

/** How many descriptors of this process lead there. */
function opened(): number {
  let count = 0;
  for (const number of readdirSync('/proc/self/fd')) {
    try {
      if (readlinkSync(`/proc/self/fd/${number}`) === path) count++;
    } catch {
      // Closed meanwhile.
    }
  }
  return count;
}

test('a revoked file is closed a little later', async () => {
  const files = new RevokedFiles();
  files.add(Fd.open(path, constants.O_RDONLY));
  expect(opened()).toBe(1);
  await vi.waitFor(() => expect(opened()).toBe(0), { timeout: 20_000 });
});

test('however many there are, few of them are kept, and all are closed', async () => {
  const files = new RevokedFiles();
  let most = 0;
  for (let i = 0; i < 1000; i++) {
    files.add(Fd.open(path, constants.O_RDONLY));
    if (i % 50 === 0) most = Math.max(most, opened());
  }
  expect(Math.max(most, opened())).toBeLessThanOrEqual(129);
  await vi.waitFor(() => expect(opened()).toBe(0), { timeout: 20_000 });
});
