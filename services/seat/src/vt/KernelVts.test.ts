import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Journal } from '../testing/Journal.js';
import { GRAPHICAL, KernelVtsLock, TEXT, vtObstacle } from '../testing/KernelVtsLock.js';
import { KernelVts } from './KernelVts.js';
import { VtLedger } from './VtLedger.js';
import { makeGraphical, makeText, readVtState } from './VtState.js';

const none = vtObstacle();
const index = new URL('../../dist/vt/', import.meta.url).href;

test('without the file that tells which VT is in front there are none', () => {
  expect(() => KernelVts.open('/nowhere')).toThrow(/nowhere|CAP_SYS_TTY_CONFIG/);
});

describe.skipIf(none !== undefined)(`the kernel’s VTs${none ? ` (${none})` : ''}`, () => {
  let lock: KernelVtsLock;
  let vts: KernelVts;
  let journal: Journal;
  beforeEach(async () => {
    lock = await KernelVtsLock.take();
    journal = new Journal();
    vts = KernelVts.open();
    vts.listen({
      releaseAsked: () => journal.add('release?'),
      shown: (number) => journal.add(`shown ${number}`),
    });
  }, 400_000);
  afterEach(async () => {
    vts?.close();
    await lock.release();
  });
  const drawOn = (number: number) => {
    const before = readVtState(vts, number);
    makeGraphical(vts, before, 12345);
    return before;
  };

  test('tell of every switch, whoever asked for it', async () => {
    const a = lock.free();
    vts.activate(a);
    await journal.until(`shown ${a}`);
    expect(vts.active).toBe(a);
    lock.vts.activate(lock.home);
    await journal.until(`shown ${lock.home}`);
  });

  test('tell of a switch also when somebody looked in between', async () => {
    const a = lock.free();
    vts.activate(a);
    while (vts.active !== a);
    await journal.until(`shown ${a}`);
  });

  test('are left when we allow it, and not when we refuse', async () => {
    const [a, b] = [lock.free(), lock.free()];
    const before = drawOn(a);
    expect(lock.modes(a)).toBe(GRAPHICAL);
    expect(statSync(`/dev/tty${a}`).uid).toBe(12345);
    vts.activate(a);
    await journal.until(`shown ${a}`);
    vts.activate(b);
    await journal.until('release?');
    await pause(50);
    expect(vts.active).toBe(a);
    expect(vts.release(false)).toBe(true);
    expect(vts.release(true)).toBe(false);
    expect(vts.active).toBe(a);
    vts.activate(b);
    await journal.until('release?', 2);
    expect(vts.release(true)).toBe(true);
    // At once: whoever is to draw there need not wait for anything more.
    expect(vts.active).toBe(b);
    makeText(vts, before);
    expect(lock.modes(a)).toBe(TEXT);
    expect(statSync(`/dev/tty${a}`).uid).toBe(before.uid);
  });

  test('are left in the name of a stopped process that owns one', async () => {
    const [a, b] = [lock.free(), lock.free()];
    const owner = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { KernelVts } from '${index}KernelVts.js';
         import { makeGraphical, readVtState } from '${index}VtState.js';
         const vts = KernelVts.open();
         vts.listen({ releaseAsked: () => {}, shown: () => {} });
         makeGraphical(vts, readVtState(vts, ${a}), 0);
         console.log('owned');`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(owner.stdout, 'data');
      vts.activate(a);
      await journal.until(`shown ${a}`);
      owner.kill('SIGSTOP');
      vts.activate(b);
      await pause(100);
      expect(vts.active).toBe(a);
      expect(vts.release(true)).toBe(true);
      expect(vts.active).toBe(b);
      expect(journal.entries).not.toContain('release?');
    } finally {
      owner.kill('SIGKILL');
      await once(owner, 'exit');
    }
  });

  test('do not move from a screen in graphics mode that nobody would release, and nobody is told', async () => {
    const a = lock.free();
    vts.activate(a);
    await journal.until(`shown ${a}`);
    vts.with(a, (vt) => vt.setDisplayMode(1));
    vts.activate(lock.home);
    await pause(50);
    expect(vts.active).toBe(a);
    expect(vts.release(true)).toBe(false);
    // Owned, it can be left.
    vts.own(a);
    vts.activate(lock.home);
    await journal.until('release?');
    expect(vts.release(true)).toBe(true);
    expect(vts.active).toBe(lock.home);
  });

  test('are found free, one after the other, and are not held open', async () => {
    const a = vts.findFree(() => false)!;
    const b = vts.findFree((number) => number === a)!;
    expect(b).toBeGreaterThan(a);
    expect(a).not.toBe(vts.active);
    vts.activate(a);
    await journal.until(`shown ${a}`);
    expect(vts.findFree((number) => number === lock.home)).toBe(b);
    expect(vts.disallocate(a)).toBe(false);
    vts.activate(lock.home);
    await journal.until(`shown ${lock.home}`);
    await vi.waitFor(() => expect(vts.disallocate(a)).toBe(true), { timeout: 60_000 });
  });

  test('of a dead manager are known to whoever comes next, and those of a living one are none of his business', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'yard-vts-'));
    const ledger = new VtLedger(join(dir, 'vts.json'));
    const before = readVtState(vts, lock.free());
    ledger.write([{ before, sessions: ['c1'] }]);
    expect(ledger.left()).toEqual([]);
    const child = spawn('true');
    await once(child, 'exit');
    const { boot } = JSON.parse(readFileSync(ledger.path, 'utf8')) as { boot: string };
    const entry = { before, sessions: ['c1'] };
    const dead = { version: 1, boot, manager: { pid: child.pid, startTime: '1' }, vts: [entry] };
    writeFileSync(ledger.path, JSON.stringify(dead));
    expect(ledger.left()).toEqual([entry]);
    writeFileSync(ledger.path, JSON.stringify({ ...dead, boot: 'another' }));
    expect(ledger.left()).toEqual([]);
    ledger.write([]);
    expect(ledger.left()).toEqual([]);
    rmSync(dir, { recursive: true, maxRetries: 10 });
  });
});
