import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlledSession } from './ControlledSession.js';
import { eventually } from './eventually.js';
import { SeatManager } from './SeatManager.js';
import { Vm } from './Vm.js';

/** Long enough that a session which answers is never forced here, where everything is slow. */
const grace = 3000;
const devices = ['/dev/dri/card0', '/dev/input/event0', '/dev/input/event1'];

/**
 * Of `asked` devices of three, a session that leaves hears "pause"; the kernel asks it for its VT, if at all. Who sets its
 * VT's mode itself and hangs hears of no end of input devices, only of new ones: what an X server can bear.
 */
const seats = [
  { place: 'a seat without VTs', options: ['--no-vt'], vts: [undefined, undefined], asked: 3, forced: 3 },
  { place: 'VTs', options: [], vts: [1, 2], asked: 3, forced: 3 },
  {
    place: 'VTs whose mode they set themselves',
    options: [],
    vts: [1, 2],
    manner: 'own-vt',
    asked: 1,
    forced: 1,
  },
] as const;

describe.each(seats)(
  'two sessions on $place, with real devices',
  ({ place: _, options, vts, asked, forced, ...manner }) => {
    let vm: Vm;
    let manager: SeatManager;
    let alice: ControlledSession;
    let bob: ControlledSession;

    beforeAll(async () => {
      vm = await Vm.start();
      manager = await SeatManager.start(vm, 'switchyard', ['--grace', String(grace), ...options]);
      const open = (user: 'alice' | 'bob', vt: number | undefined) =>
        ControlledSession.open(manager, { user, devices, ...(vt ? { vt } : {}), ...manner });
      alice = await open('alice', vts[0]);
      bob = await open('bob', vts[1]);
      if (vts[1] !== undefined) await bob.activate(); // elsewhere a new session takes the seat
    });
    afterAll(async () => {
      await vm.stop();
    });

    it('are asked for their devices, give them up, and get them again', async () => {
      const before = await bob.counts();
      for (const one of [alice, bob, alice, bob]) await one.activate();
      const { pauses, forces, resumes } = await bob.counts();
      expect(resumes - before.resumes).toBe(devices.length * 2);
      expect(pauses - before.pauses).toBe(asked * 2);
      if (asked === devices.length) expect(forces).toBe(0);
      expect(alice.log).toContain('pause 226:0 pause');
      expect(alice.log).toContain('resume 226:0 master');
    });

    it('read no key and flip no page in the background, through no fd that they ever had', async () => {
      const enough = async () => {
        const [a, b] = [await alice.counts(), await bob.counts()];
        return Math.min(a.flips, b.flips) > 20 && Math.min(a.checks, b.checks) > 50;
      };
      // The same attempts succeed in the foreground, and there are many.
      for (let round = 0; round < 10 || !(await enough()); round++) {
        const [front, back] = round % 2 ? [bob, alice] : [alice, bob];
        const before = [await front.counts(), await back.counts()];
        await front.activate();
        await vm.type('secret');
        await eventually(async () =>
          expect((await front.counts()).keys - before[0]!.keys).toBe('secret'.length * 2),
        );
        expect((await back.counts()).keys).toBe(before[1]!.keys);
      }
      const [a, b] = [await alice.counts(), await bob.counts()];
      expect([a.backgroundKeys, b.backgroundKeys, a.backgroundFlips, b.backgroundFlips]).toEqual([
        0, 0, 0, 0,
      ]);
    });

    it('are locked and unlocked by loginctl', async () => {
      await vm.run(`loginctl lock-session ${alice.id} && loginctl unlock-session ${alice.id}`);
      await alice.told(/Lock/);
      await alice.told(/Unlock/);
      expect(bob.log).not.toContain('Lock');
    });

    it('cannot hold a switch up by hanging: after the grace time the other has its devices', async () => {
      await alice.activate();
      const before = await alice.counts();
      alice.signal('SIGSTOP');
      const hindered = await bob.activate();
      expect(hindered).toBeGreaterThan(grace * 0.9);
      // Once for all of them, not for each device.
      expect(hindered).toBeLessThan(grace * 2);
      const keys = (await bob.counts()).keys;
      await vm.type('x');
      await eventually(async () => expect((await bob.counts()).keys - keys).toBe(2));
      alice.signal('SIGCONT');
      await alice.told(/pause 226:0 force no master/);
      await eventually(async () => expect((await alice.counts()).forces - before.forces).toBe(forced));
      const after = await alice.counts();
      expect([after.backgroundKeys, after.backgroundFlips]).toEqual([0, 0]);
      await alice.activate();
      await vm.type('y');
      await eventually(async () => expect((await alice.counts()).keys - after.keys).toBe(2));
    });
  },
);
