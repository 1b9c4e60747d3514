import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlledSession } from './ControlledSession.js';
import { eventually } from './eventually.js';
import { SeatManager } from './SeatManager.js';
import { Vm } from './Vm.js';

/** Long enough that a session which answers is never forced here, where everything is slow. */
const grace = 1500;
const devices = ['/dev/dri/card0', '/dev/input/event0', '/dev/input/event1'];

describe('two sessions on a seat of real devices', () => {
  let vm: Vm;
  let manager: SeatManager;
  let alice: ControlledSession;
  let bob: ControlledSession;
  /** What a switch takes when the session that leaves gives its devices up. */
  let unhindered: number;

  beforeAll(async () => {
    vm = await Vm.start();
    manager = await SeatManager.start(vm, 'switchyard', ['--grace', String(grace), '--no-vt']);
    alice = await ControlledSession.open(manager, { user: 'alice', devices });
    bob = await ControlledSession.open(manager, { user: 'bob', devices });
  });
  afterAll(async () => {
    await vm.stop();
  });

  it('are asked for their devices, give them up, and get them again', async () => {
    const times = [
      await alice.activate(),
      await bob.activate(),
      await alice.activate(),
      await bob.activate(),
    ];
    unhindered = times.sort((a, b) => a - b)[1]!;
    for (const session of [alice, bob]) {
      const { pauses, forces, resumes } = await session.counts();
      expect(pauses).toBe(devices.length * 2 + (session === alice ? devices.length : 0));
      expect(forces).toBe(0);
      expect(resumes).toBe(devices.length * 2);
    }
    expect(alice.log).toContain('pause 226:0 pause master');
    expect(alice.log).toContain('resume 226:0 master');
  });

  it('read no key and flip no page in the background, through no fd that they ever had', async () => {
    for (let round = 0; round < 10; round++) {
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
    expect([a.backgroundKeys, b.backgroundKeys, a.backgroundFlips, b.backgroundFlips]).toEqual([0, 0, 0, 0]);
    // The same attempts succeed in the foreground, and there were many.
    expect(Math.min(a.flips, b.flips)).toBeGreaterThan(100);
    expect(Math.min(a.checks, b.checks)).toBeGreaterThan(50);
  });

  it('cannot hold a switch up by hanging: after the grace time the other has its devices', async () => {
    await alice.activate();
    alice.signal('SIGSTOP');
    const hindered = await bob.activate();
    expect(hindered).toBeGreaterThan(grace * 0.9);
    expect(hindered).toBeLessThan(grace + 50 + unhindered * 2);
    const before = await bob.counts();
    await vm.type('x');
    await eventually(async () => expect((await bob.counts()).keys - before.keys).toBe(2));
    alice.signal('SIGCONT');
    await alice.told(/pause 226:0 force no master/);
    const after = await alice.counts();
    expect(after.forces).toBe(devices.length);
    expect([after.backgroundKeys, after.backgroundFlips]).toEqual([0, 0]);
    await alice.activate();
    await vm.type('y');
    await eventually(async () => expect((await alice.counts()).keys - after.keys).toBe(2));
  });
});
