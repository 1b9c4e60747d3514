import { closeSync, openSync } from 'node:fs';
import { createLog } from '@switchyard/runtime';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KernelVtsLock, vtObstacle } from '../testing/KernelVtsLock.js';
import { AutoVts } from './AutoVts.js';

const none = vtObstacle();
const busy = { timeout: 10_000 };

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
    const fd = openSync('/dev/tty10', 'r+');
    const prompts = new AutoVts('exec sleep 1 < /dev/%I; echo', 12, createLog('test'));
    prompts.shown(10, lock.vts);
    closeSync(fd);
    expect(lock.vts.inUse(10)).toBe(false);
    await vi.waitFor(() => expect(lock.vts.disallocate(10)).toBe(true), busy);
  });
});
