import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Device } from './Device.js';
import type { Session } from './Session.js';
import { SwitchSuperseded } from './SwitchSuperseded.js';
import { SeatStage } from './testing/SeatStage.js';

/** Never over by itself: tests say when. */
const GRACE = 2 ** 30;

function twoSessions(grace = GRACE): { stage: SeatStage; a: Session; b: Session } {
  const stage = new SeatStage(grace);
  const a = stage.add();
  stage.request(a);
  stage.takeAll(a);
  const b = stage.add();
  stage.takeAll(b);
  stage.told.length = 0;
  return { stage, a, b };
}

describe('a switch', () => {
  test('asks, waits for every device, and only then resumes the new session', () => {
    const { stage, a, b } = twoSessions();
    stage.request(b);
    expect(stage.told).toEqual([`${a.id} pause monitor`, `${a.id} pause keyboard`]);
    const [keyboard, monitor] = [...stage.seat.devices] as [Device, Device];
    a.completePause(keyboard.major, keyboard.minor);
    expect(stage.seat.active).toBe(a);
    a.completePause(monitor.minor, monitor.major); // as Xorg 21.1 has it
    expect(stage.told.slice(2)).toEqual([
      `${a.id} online`,
      `${b.id} active`,
      `${b.id} resume keyboard`,
      `${b.id} resume monitor`,
    ]);
    expect(stage.readers()).toEqual(new Set([b]));
    stage.close();
  });

  test('forces what was not given up when the grace time is over, input first', () => {
    const { stage, a, b } = twoSessions();
    stage.request(b);
    stage.seat.switch.expire();
    expect(stage.told.slice(2, 5)).toEqual([
      `${a.id} force keyboard`,
      `${a.id} force monitor`,
      `${a.id} online`,
    ]);
    expect(stage.readers()).toEqual(new Set([b]));
    a.completePause(4095, 1);
    expect(stage.readers()).toEqual(new Set([b]));
    stage.close();
  });

  test('does not ask when the grace time is 0', () => {
    const { stage, a, b } = twoSessions(0);
    stage.request(b);
    expect(stage.told[0]).toBe(`${a.id} force keyboard`);
    expect(stage.seat.active).toBe(b);
    stage.close();
  });

  test('takes a released device for an acknowledged one', () => {
    const { stage, a, b } = twoSessions();
    stage.request(b);
    for (const device of stage.seat.devices) a.releaseDevice(device.major, device.minor);
    expect(stage.seat.active).toBe(b);
    expect(() => a.completePause(4095, 1)).toThrow(/not taken/);
    stage.close();
  });

  test('does not wait for a dead controller', () => {
    const { stage, a, b } = twoSessions();
    stage.request(b);
    a.dropControl();
    expect(stage.seat.active).toBe(b);
    stage.close();
  });

  test('goes to the newest target, and the replaced request is told so', async () => {
    const { stage, a, b } = twoSessions();
    const c = stage.add();
    const replaced = stage.seat.switch.request(b);
    const done = stage.seat.switch.request(c);
    stage.acknowledgeAll(a);
    await expect(replaced).rejects.toBeInstanceOf(SwitchSuperseded);
    await done;
    expect(stage.seat.active).toBe(c);
    stage.close();
  });

  test('back to the active session cancels: what was paused gets new channels', async () => {
    const { stage, a, b } = twoSessions();
    const cancelled = stage.seat.switch.request(b);
    a.completePause(4095, 1);
    await stage.seat.switch.request(a);
    await expect(cancelled).rejects.toBeInstanceOf(SwitchSuperseded);
    expect(stage.told.slice(2)).toEqual([`${a.id} resume keyboard`, `${a.id} resume monitor`]);
    expect(stage.readers()).toEqual(new Set([a]));
    expect(a.openDevices).toBe(2);
    stage.close();
  });

  test('whose target ends goes back to the active session', () => {
    const { stage, a, b } = twoSessions();
    stage.request(b);
    stage.end(b);
    expect(stage.seat.active).toBe(a);
    expect(a.openDevices).toBe(2);
    stage.close();
  });

  test('to whoever had the seat last when the active session ends, else to none', () => {
    const { stage, a, b } = twoSessions();
    const c = stage.add();
    stage.takeAll(c);
    for (const [to, from] of [
      [b, a],
      [c, b],
      [b, c],
    ] as const) {
      stage.request(to);
      stage.acknowledgeAll(from);
    }
    stage.end(b);
    expect(stage.seat.active).toBe(c);
    stage.end(c);
    expect(stage.seat.active).toBe(a);
    stage.end(a);
    expect(stage.seat.active).toBeUndefined();
    stage.close();
  });

  test('keeps a device from a session that takes it in the middle', () => {
    const { stage, a, b } = twoSessions();
    stage.request(b);
    const late = stage.plug('keyboard');
    stage.take(a, late);
    expect(stage.ends.at(-1)!.socket.receive(new Uint8Array(1))).toBe(0);
    stage.close();
  });
});

const pick = fc.nat({ max: 5 });
const step = fc.oneof(
  fc.record({ do: fc.constant('request' as const), session: pick }),
  fc.record({ do: fc.constant('acknowledge' as const), session: pick, device: pick }),
  fc.record({ do: fc.constant('release' as const), session: pick, device: pick }),
  fc.record({ do: fc.constant('take' as const), session: pick, device: pick }),
  fc.record({ do: fc.constant('controller dies' as const), session: pick }),
  fc.record({ do: fc.constant('controller comes' as const), session: pick }),
  fc.record({ do: fc.constant('bus lost' as const), session: pick }),
  fc.record({ do: fc.constant('session ends' as const), session: pick }),
  fc.record({ do: fc.constant('session begins' as const) }),
  fc.record({ do: fc.constant('plug' as const) }),
  fc.record({ do: fc.constant('unplug' as const), device: pick }),
  fc.record({ do: fc.constant('grace over' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function perform(stage: SeatStage, one: Step): void {
  const { seat } = stage;
  const session = 'session' in one ? stage.sessions[one.session % (stage.sessions.length || 1)] : undefined;
  const devices = [...seat.devices];
  const device = 'device' in one ? devices[one.device % (devices.length || 1)] : undefined;
  if (one.do === 'session begins') stage.takeAll(stage.add());
  else if (one.do === 'plug') stage.plug('keyboard');
  else if (one.do === 'grace over') seat.switch.expire();
  else if (one.do === 'unplug') {
    if (device) seat.removeDevice(device);
  } else if (session) {
    if (one.do === 'request') stage.request(session);
    else if (one.do === 'controller dies') session.dropControl();
    else if (one.do === 'controller comes') session.takeControl(stage.controller(`:${session.id}`), true);
    else if (one.do === 'bus lost') session.loseBus();
    else if (one.do === 'session ends') stage.end(session);
    else if (device) {
      try {
        if (one.do === 'acknowledge') session.completePause(device.major, device.minor);
        else if (one.do === 'release') session.releaseDevice(device.major, device.minor);
        else stage.take(session, device);
      } catch {
        // DeviceIsTaken, DeviceNotTaken: what a client is told.
      }
    }
  }
}

test('whatever happens, at most the active session reads, and a switch ends at the latest with its grace time', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const stage = new SeatStage(GRACE);
      try {
        for (const session of [stage.add(), stage.add()]) stage.takeAll(session);
        for (const one of steps) {
          perform(stage, one);
          const { seat } = stage;
          const reading = stage.sessions.filter((session) => session.openDevices > 0);
          expect(reading.every((session) => session === seat.active)).toBe(true);
          const readers = stage.readers();
          readers.delete(seat.active!);
          expect(readers.size).toBe(0);
          // Somebody must be waited for, or the switch is over.
          if (seat.switch.target) expect(seat.active?.pausing).toBe(true);
          else expect(seat.active?.pausing ?? false).toBe(false);
        }
        const target = stage.seat.switch.target;
        stage.seat.switch.expire();
        if (target) expect(stage.seat.active).toBe(target);
        expect(stage.seat.switch.target).toBeUndefined();
      } finally {
        stage.close();
      }
    }),
    { numRuns: 150 },
  );
});
