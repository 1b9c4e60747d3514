import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GRAPHICAL, KernelVtsLock, TEXT, vtObstacle } from '../../services/seat/src/testing/KernelVtsLock.js';
import { eventually, YardTree } from '../support/YardTree.js';

const none = vtObstacle();

describe.skipIf(none !== undefined)(`yard up --vt${none ? ` (${none})` : ''}`, () => {
  let lock: KernelVtsLock;
  let tree: YardTree;
  let vt: number;
  beforeEach(async () => {
    lock = await KernelVtsLock.take();
    tree = await YardTree.up('--vt');
    vt = await eventually('the terminal’s VT is in front', async () => {
      const [first] = (await tree.sessions()) as unknown as { vt: number; state: string }[];
      return first?.state === 'active' && first.vt > 0 && first.vt === lock.vts.active && first.vt;
    });
  }, 400_000);
  afterEach(async () => {
    try {
      await tree?.down();
    } finally {
      await lock?.release();
    }
  });

  it('has one VT for all sessions, can leave it, and gives it back', async () => {
    expect(vt).not.toBe(lock.home);
    expect(lock.modes(vt)).toBe(GRAPHICAL);
    const other = await tree.run('sleep', '1000');
    const vts = ((await tree.sessions()) as unknown as { vt: number }[]).map((session) => session.vt);
    expect(vts).toEqual([vt, vt]);
    await tree.yard('activate', other);
    expect(lock.vts.active).toBe(vt);
    // As chvt, or the keys of a console.
    lock.vts.activate(lock.home);
    await lock.until(lock.home);
    await tree.yard('activate', other);
    expect(lock.vts.active).toBe(vt);
    expect((await tree.attempt('down')).status).toBe(0);
    expect(lock.modes(vt)).toBe(TEXT);
  });

  it('is taken down in order also when its manager has to be killed', async () => {
    const { pid } = (await tree.services()).get('seat')!;
    process.kill(pid, 'SIGSTOP');
    expect((await tree.attempt('down')).status).toBe(0);
    expect(lock.modes(vt)).toBe(TEXT);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  it('whose supervisor and manager are killed at once leaves no VT that nobody can type on', async () => {
    const { pid } = (await tree.services()).get('seat')!;
    process.kill(tree.info.pid, 'SIGKILL');
    process.kill(pid, 'SIGKILL');
    expect(JSON.parse(readFileSync(join(tree.runtimeDir, 'state/vts.json'), 'utf8'))).toMatchObject({
      vts: [{ before: { number: vt } }],
    });
    await eventually('the guard has restored it', async () => lock.modes(vt) === TEXT);
  });
});
