import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLog } from '@switchyard/runtime';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Session } from '../Session.js';
import { GRAPHICAL, KernelVtsLock, TEXT, vtObstacle } from '../testing/KernelVtsLock.js';
import { SeatStage } from '../testing/SeatStage.js';
import { KernelVts } from './KernelVts.js';
import { SeatVts } from './SeatVts.js';
import { VtGuard } from './VtGuard.js';
import { VtLedger } from './VtLedger.js';

const patience = { timeout: 60_000 };

const none = vtObstacle();
/** Never over by itself. */
const GRACE = 2 ** 30;

const pick = fc.nat({ max: 3 });
const step = fc.oneof(
  fc.record({ do: fc.constant('request' as const), session: pick }),
  fc.record({ do: fc.constant('go' as const), vt: pick }),
  fc.record({ do: fc.constant('kernel goes' as const), vt: pick }),
  fc.record({ do: fc.constant('acknowledge' as const), session: pick }),
  fc.record({ do: fc.constant('stranger releases' as const), allow: fc.boolean() }),
  fc.record({ do: fc.constant('stranger owns' as const), vt: pick }),
  fc.record({ do: fc.constant('controller dies' as const), session: pick }),
  fc.record({ do: fc.constant('controller comes' as const), session: pick }),
  fc.record({ do: fc.constant('session ends' as const), session: pick }),
  fc.record({ do: fc.constant('session begins' as const), vt: pick }),
  fc.record({ do: fc.constant('grace over' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe.skipIf(none !== undefined)(`a switch between the kernel’s VTs${none ? ` (${none})` : ''}`, () => {
  let lock: KernelVtsLock;
  let numbers: number[];
  const dir = mkdtempSync(join(tmpdir(), 'yard-vts-'));
  const ledger = new VtLedger(join(dir, 'vts.json'));
  const guard = new VtGuard(ledger.path, ['true']);
  beforeAll(async () => {
    lock = await KernelVtsLock.take();
    numbers = [0, 1, 2, 3].map(() => lock.free());
  }, 400_000);
  afterAll(async () => {
    await lock.release();
    rmSync(dir, { recursive: true, maxRetries: 10 });
  });

  /** Who comes to the VT in front is active, as with CreateSession. */
  function begin(stage: SeatStage, vt: number): void {
    const session = stage.add(vt);
    if (vt === lock.vts.active) stage.request(session);
    stage.takeAll(session);
  }

  function perform(stage: SeatStage, one: Step): void {
    const { seat, sessions } = stage;
    const session = 'session' in one ? sessions[one.session % (sessions.length || 1)] : undefined;
    const vt = 'vt' in one ? numbers[one.vt]! : 0;
    if (one.do === 'grace over') seat.switch.expire();
    else if (one.do === 'go') seat.switch.request(seat.at(vt)!).catch(() => {});
    else if (one.do === 'kernel goes') lock.vts.activate(vt);
    else if (one.do === 'stranger releases') lock.vts.release(one.allow);
    else if (one.do === 'stranger owns') lock.vts.with(vt, (there) => there.setMode(there.mode()));
    else if (one.do === 'session begins') begin(stage, vt);
    else if (!session) return;
    else if (one.do === 'request') stage.request(session);
    else if (one.do === 'controller dies') session.dropControl();
    else if (one.do === 'controller comes') session.takeControl(stage.controller(`:${session.id}`), true);
    else if (one.do === 'session ends') stage.end(session);
    else {
      for (const device of seat.devices) {
        try {
          session.completePause(device.major, device.minor);
        } catch {
          // DeviceNotTaken: what a client is told.
        }
      }
    }
  }

  /** Who reads is who is active, and is on the VT that is in front. */
  function holds(stage: SeatStage, kernel: KernelVts): void {
    const front = kernel.active;
    const readers = stage.readers();
    for (const reader of readers) {
      expect(reader).toBe(stage.seat.active);
      expect(reader.vt).toBe(front);
    }
    if (stage.seat.switch.idle) expect(stage.seat.active?.pausing ?? false).toBe(false);
  }

  test('what the kernel shows when the time is over counts, even if nobody has told of it', async () => {
    const kernel = KernelVts.open();
    let vts: SeatVts | undefined;
    const stage = new SeatStage(GRACE, (seat) => {
      vts = new SeatVts(kernel, ledger, guard, seat, createLog('test'));
      return vts;
    });
    kernel.listen({ shown: () => {}, releaseAsked: () => {} });
    try {
      lock.vts.activate(numbers[0]!);
      await vi.waitFor(() => expect(lock.vts.active).toBe(numbers[0]), patience);
      for (const vt of numbers.slice(0, 2)) begin(stage, vt);
      const [one, other] = stage.sessions as [Session, Session];
      const done = stage.seat.switch.request(other);
      stage.acknowledgeAll(one);
      // The kernel asks in a worker of its own.
      await vi.waitFor(() => {
        lock.vts.release(true);
        expect(lock.vts.active).toBe(numbers[1]);
      }, patience);
      stage.seat.switch.expire();
      await done;
      expect(stage.seat.active).toBe(other);
    } finally {
      stage.close();
      vts?.close();
      kernel.close();
    }
  });

  test('whatever happens, who reads is on the VT in front; a switch ends; and every VT is as it was at the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const kernel = KernelVts.open();
        const log = createLog('test');
        let vts: SeatVts | undefined;
        const stage = new SeatStage(GRACE, (seat) => {
          vts = new SeatVts(kernel, ledger, guard, seat, log);
          return vts;
        });
        kernel.listen(vts!);
        try {
          for (const vt of numbers.slice(0, 2)) begin(stage, vt);
          for (const one of steps) {
            perform(stage, one);
            // Who may release a VT in our name goes behind our back; the kernel tells us in a worker of its own.
            if (one.do === 'stranger releases') {
              await vi.waitFor(() => holds(stage, kernel), { timeout: 60_000, interval: 1 });
            }
            holds(stage, kernel);
            await pause(2);
            holds(stage, kernel);
          }
          for (let tries = 0; !stage.seat.switch.idle; tries++) {
            expect(tries).toBeLessThan(1000);
            stage.seat.switch.expire();
            await pause(10);
            holds(stage, kernel);
          }
          await vi.waitFor(() => {
            const there = (session: Session) => session.vt === kernel.active;
            if (stage.seat.active) expect(stage.seat.active.vt).toBe(kernel.active);
            else expect(stage.sessions.some(there)).toBe(false);
          }, patience);
          for (const vt of numbers) {
            const drawn = stage.sessions.some((session) => session.vt === vt && session.controller);
            expect(lock.modes(vt)).toBe(drawn ? GRAPHICAL : TEXT);
          }
        } finally {
          stage.close();
          vts?.close();
          kernel.close();
        }
        for (const vt of numbers) expect(lock.modes(vt)).toBe(TEXT);
      }),
      { numRuns: 40 },
    );
  });
});
