import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@switchyard/runtime';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KernelVtsLock, vtObstacle } from '../testing/KernelVtsLock.js';
import { AutoVts } from './AutoVts.js';

const none = vtObstacle();
const busy = { timeout: 60_000 };

describe.skipIf(none !== undefined)(`login prompts on VTs${none ? ` (${none})` : ''}`, () => {
  let lock: KernelVtsLock;
  beforeEach(async () => {
    lock = await KernelVtsLock.take();
  }, 400_000);
  afterEach(() => lock.release());

  test('start where nothing is, once, and again when they have ended', async () => {
    const prompts = new AutoVts('exec sleep 1 < /dev/%I', 10, createLog('test'));
    prompts.shown(11, lock.vts);
    for (const round of [1, 2]) {
      await vi.waitFor(() => expect(lock.vts.inUse(10), `round ${round}`).toBe(false), busy);
      const wait = vi.waitFor(() => {
        prompts.shown(10, lock.vts);
        expect(lock.vts.inUse(10)).toBe(true);
      }, busy);
      await wait;
    }
    expect(lock.vts.inUse(11)).toBe(false);
    await vi.waitFor(() => expect(lock.vts.disallocate(10)).toBe(true), busy);
  });

  test('do not start where somebody is', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'yard-prompts-'));
    const marks = join(dir, 'marks');
    const prompts = new AutoVts(`echo %I >> ${marks}`, 12, createLog('test'));
    const fd = openSync('/dev/tty10', 'r+');
    prompts.shown(10, lock.vts);
    closeSync(fd);
    await vi.waitFor(() => expect(lock.vts.inUse(10)).toBe(false), busy);
    prompts.shown(10, lock.vts);
    await vi.waitFor(() => expect(readFileSync(marks, 'utf8')).toMatch(/\n$/), busy);
    expect(readFileSync(marks, 'utf8')).toBe('tty10\n');
    await vi.waitFor(() => expect(lock.vts.disallocate(10)).toBe(true), busy);
    rmSync(dir, { recursive: true, maxRetries: 10 });
  });
});
