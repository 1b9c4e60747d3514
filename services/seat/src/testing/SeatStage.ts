import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fd, Socket } from '@switchyard/sys';
import type { Controller } from '../Controller.js';
import type { Device } from '../Device.js';
import { Fifo } from '../Fifo.js';
import { Leader } from '../Leader.js';
import { Seat } from '../Seat.js';
import type { SeatEvents } from '../SeatEvents.js';
import { Session } from '../Session.js';
import { type Provider, VirtualDevice } from '../VirtualDevice.js';
import type { SeatVts } from '../vt/SeatVts.js';

/** A seat with real channels, whose controllers are the test. */
export class SeatStage implements SeatEvents, Provider {
  readonly name = ':1.1';
  readonly told: string[] = [];
  readonly seat: Seat;
  readonly sessions: Session[] = [];
  /** Every channel end that a session ever got. */
  readonly ends: { session: Session; device: Device; socket: Socket }[] = [];
  /** The provider's ends of them. */
  readonly provided: Socket[] = [];
  readonly #dir = mkdtempSync(join(tmpdir(), 'yard-stage-'));
  #count = 0;

  constructor(grace: number, vts?: (seat: Seat) => SeatVts) {
    this.seat = new Seat('seat0', this, grace, vts);
    this.plug('keyboard');
    this.plug('monitor');
  }

  plug(kind: 'keyboard' | 'monitor'): VirtualDevice {
    const device = new VirtualDevice('seat0', 4095, ++this.#count, kind, kind, new Map(), this);
    this.seat.addDevice(device);
    return device;
  }

  /** A session with a controller. */
  add(vt?: number): Session {
    const id = `c${++this.#count}`;
    const { fifo, writer } = Fifo.create(join(this.#dir, id));
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
    const session = new Session(identity, this.seat, Leader.open(process.pid)!, fifo, changing, vt);
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
        this.told.push(`${session.id} ${kind} ${kindOf(device as Device)}`);
      },
      resumeDevice: (session, device, end) => {
        this.told.push(`${session.id} resume ${kindOf(device as Device)}`);
        this.ends.push({ session, device: device as Device, socket: Socket.adopt(end, 'seqpacket') });
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
    rmSync(this.#dir, { recursive: true, maxRetries: 10 });
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
