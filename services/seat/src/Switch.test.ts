import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fd, Socket } from '@switchyard/sys';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Controller } from './Controller.js';
import type { Device } from './Device.js';
import { Fifo } from './Fifo.js';
import { Leader } from './Leader.js';
import { Seat } from './Seat.js';
import type { SeatEvents } from './SeatEvents.js';
import { Session } from './Session.js';
import { SwitchSuperseded } from './SwitchSuperseded.js';
import { type Provider, VirtualDevice } from './VirtualDevice.js';

const dir = mkdtempSync(join(tmpdir(), 'yard-switch-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Never over by itself: tests say when. */
const GRACE = 2 ** 30;

/** A seat with real channels, whose controllers are the test. */
class Stage implements SeatEvents, Provider {
  readonly name = ':1.1';
  readonly told: string[] = [];
  readonly seat: Seat;
  readonly sessions: Session[] = [];
  /** Every channel end that a session ever got. */
  readonly ends: { session: Session; device: Device; socket: Socket }[] = [];
  /** The provider's ends of them. */
  readonly provided: Socket[] = [];
  #count = 0;

  constructor(grace = GRACE) {
    this.seat = new Seat('seat0', this, grace);
    this.plug('keyboard');
    this.plug('monitor');
  }

  plug(kind: 'keyboard' | 'monitor'): VirtualDevice {
    const device = new VirtualDevice('seat0', 4095, ++this.#count, kind, kind, new Map(), this);
    this.seat.addDevice(device);
    return device;
  }

  /** A session with a controller, which takes the seat. */
  add(): Session {
    const id = `c${++this.#count}`;
    const { fifo, writer } = Fifo.create(join(dir, id));
    writer.close();
    const identity = {
      id,
      uid: 0,
      user: 'root',
      service: '',
      desktop: '',
      remote: false,
      remoteUser: '',
      remoteHost: '',
      timestamp: 0n,
      timestampMonotonic: 0n,
      originalType: 'wayland',
    };
    const changing = { type: 'wayland', class: 'user', tty: '', title: '', display: '' };
    const session = new Session(identity, this.seat, Leader.open(process.pid)!, fifo, changing);
    this.sessions.push(session);
    this.seat.sessions.push(session);
    session.takeControl(this.controller(`:${id}`), false);
    return session;
  }

  controller(name: string): Controller {
    return {
      name,
      onBus: true,
      takesFds: true,
      pauseDevice: (session, device, kind) => {
        this.told.push(`${session.id} ${kind} ${kindOf(device)}`);
      },
      resumeDevice: (session, device, end) => {
        this.told.push(`${session.id} resume ${kindOf(device)}`);
        this.ends.push({ session, device, socket: Socket.adopt(end, 'seqpacket') });
      },
      leaving: false,
      turnEnding: () => {},
      turnBegan: () => {},
      turnEnded: () => {},
    };
  }

  take(session: Session, device: Device): void {
    const { end } = session.takeDevice(device);
    this.ends.push({ session, device, socket: Socket.adopt(end, 'seqpacket') });
  }
  takeAll(session: Session): void {
    for (const device of this.seat.devices) this.take(session, device);
  }
  acknowledgeAll(session: Session): void {
    for (const device of this.seat.devices) session.completePause(device.major, device.minor);
  }
  request(session: Session): void {
    this.seat.switch.request(session).catch(() => {});
  }
  end(session: Session): void {
    this.sessions.splice(this.sessions.indexOf(session), 1);
    session.close();
    this.seat.removeSession(session);
  }
  /** Whose channels can carry anything at this moment, told by the kernel. */
  readers(): Set<Session> {
    const packet = new Uint8Array(16);
    const open = new Set<Session>();
    for (const { session, socket } of this.ends) if (socket.receive(packet) !== 0) open.add(session);
    return open;
  }
  close(): void {
    for (const session of [...this.sessions]) this.end(session);
    for (const { socket } of this.ends) socket.close();
    for (const socket of this.provided) socket.close();
  }

  openChannel(_device: VirtualDevice, _session: string, end: Fd): Disposable {
    this.provided.push(Socket.adopt(end, 'seqpacket'));
    return { [Symbol.dispose]: () => {} };
  }
  sessionChanged(session: Session): void {
    this.told.push(`${session.id} ${session.state}`);
  }
  sessionNew(): void {}
  sessionRemoved(): void {}
  seatNew(): void {}
  seatChanged(): void {}
  seatRemoved(): void {}
  userNew(): void {}
  userChanged(): void {}
  userRemoved(): void {}
  attention(): void {}
  deviceAdded(): void {}
  deviceRemoved(): void {}
  deviceChanged(): void {}
  cardStolen(): void {}
  switched(): void {}
  switchRefused(): void {}
}

function kindOf(device: Device): string {
  return device.isInput ? 'keyboard' : 'monitor';
}

function twoSessions(grace?: number): { stage: Stage; a: Session; b: Session } {
  const stage = new Stage(grace);
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
    expect(stage.told).toEqual([`${a.id} pause keyboard`, `${a.id} pause monitor`]);
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

function perform(stage: Stage, one: Step): void {
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
      const stage = new Stage();
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
