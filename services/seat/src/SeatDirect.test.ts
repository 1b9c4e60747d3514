import { setTimeout as pause } from 'node:timers/promises';
import { Seat } from '@switchyard/seat';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from './testing/Journal.js';
import { GRAPHICAL, KernelVtsLock, TEXT, vtObstacle } from './testing/KernelVtsLock.js';

// libs/seat's Seat without a session manager. Real devices are opened in the virtual machine's tests.

const none = vtObstacle();

describe.skipIf(none !== undefined)(`a seat that nobody manages${none ? ` (${none})` : ''}`, () => {
  let lock: KernelVtsLock;
  let seat: Seat | undefined;
  let journal: Journal;
  beforeEach(async () => {
    lock = await KernelVtsLock.take();
    journal = new Journal();
  });
  afterEach(async () => {
    await seat?.close();
    seat = undefined;
    await lock.release();
  });
  async function open(vt: number, hold?: () => Promise<void>): Promise<Seat> {
    seat = await Seat.open(
      {
        enabled: () => journal.add('enabled'),
        disabled: async () => {
          journal.add('disabled');
          await hold?.();
        },
      },
      { backend: 'builtin', vt },
    );
    return seat;
  }

  test('follows its VT, and gives it back as it was', async () => {
    const own = lock.free();
    const one = await open(own);
    expect(lock.modes(own)).toBe(GRAPHICAL);
    expect(one.active).toBe(false);
    lock.vts.activate(own);
    await journal.until('enabled');
    expect(one.active).toBe(true);
    await one.switchSession(lock.home);
    await journal.until('disabled');
    await lock.until(lock.home);
    lock.vts.activate(own);
    await journal.until('enabled', 2);
    await one.close();
    expect(lock.modes(own)).toBe(TEXT);
    lock.vts.activate(lock.home);
    await lock.until(lock.home);
    expect(journal.entries).toEqual(['enabled', 'disabled', 'enabled']);
  });

  test('leaves its VT when it is through, not before', async () => {
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const own = lock.free();
    await open(own, () => held);
    lock.vts.activate(own);
    await journal.until('enabled');
    lock.vts.activate(lock.home);
    await journal.until('disabled');
    await pause(50);
    expect(lock.vts.active).toBe(own);
    release();
    await lock.until(lock.home);
  });

  test('knows no device of another kind, wherever its name leads', async () => {
    const own = lock.free();
    const one = await open(own);
    lock.vts.activate(own);
    await journal.until('enabled');
    for (const path of ['/dev/null', '/dev/input/../null', '/nowhere', '/dev/dri/../../etc/passwd']) {
      await expect(one.openDevice(path)).rejects.toMatchObject({ code: 'ENOENT' });
    }
    await expect(one.switchSession(99)).rejects.toMatchObject({ code: 'ENXIO' });
  });
});

test('a seat without a VT is always there, and switches to nobody', async () => {
  const journal = new Journal();
  const seat = await Seat.open(
    { enabled: () => journal.add('enabled') },
    { environment: { LIBSEAT_BACKEND: 'noop' } },
  );
  await journal.until('enabled');
  await expect(seat.switchSession(1)).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
  await seat.close();
});
