import { constants } from 'node:os';
import { type PauseKind, seatd } from '@switchyard/seat';
import { type Fd, type Socket, SystemError } from '@switchyard/sys';
import type { Controller, DeviceNumber } from '../Controller.js';
import type { SeatManager } from '../SeatManager.js';
import type { Session } from '../Session.js';
import type { SavedSeatdClient } from '../StateStore.js';
import { realPath } from './DevicePath.js';
import type { Dialect } from './Dialect.js';
import { errnoOf, Refusal } from './Refusal.js';
import { SEATD_DEVICES_MAX, SeatdDevices } from './SeatdDevices.js';
import { SeatdReader } from './SeatdReader.js';

const { errno } = constants;
const { decodePath, deviceId, encode, encodeSeatOpened, event, reply, request, sessionNumber } = seatd;

/** A client that asks and does not read the answers is gone at this. libseat waits for each answer. */
const PENDING_MAX = 16 * 1024;

/** What a client needs of the server. */
export interface SeatdClientHost {
  readonly manager: SeatManager;
  /** A session for the client, which it controls from now on. Throws what says why there is none. */
  openSession(client: SeatdClient): { session: Session; own: boolean; fifo: Fd | undefined };
  dialectOf(pid: number): Dialect;
  closed(client: SeatdClient, why: string): void;
}

/** Under which the next manager finds the connection, and what holds a session that was made for it. */
export const keptSocket = (number: number) => `seatd ${number}`;
export const keptFifo = (session: string) => `fifo ${session}`;

/**
 * A connection to seatd's socket, and the session that it is.
 *
 *   new ──open_seat──▶ disabled ──active──▶ enabled ──to leave──▶ disabling ──disable_seat──▶ disabled
 *                                              ▲                      │
 *                                              └─disable_seat, active ┘
 *   any ──close_seat | hang-up | wrong message | session ends──▶ closed
 *
 * `disabling` is what the client was told and has not acknowledged. It holds nobody up: when the grace time is over,
 * the switch goes on without it, and a client that comes to itself later is told next what is true then.
 */
export class SeatdClient implements Controller {
  readonly name: string;
  readonly onBus = false;
  readonly takesFds = false;
  readonly #number: number;
  readonly #host: SeatdClientHost;
  readonly #socket: Socket;
  readonly #reader: SeatdReader;
  readonly #devices = new SeatdDevices();
  #state: 'new' | 'enabled' | 'disabling' | 'disabled' | 'closed' = 'new';
  #session: Session | undefined;
  /** The session was made for this client and goes with it. */
  #own = false;
  #fifo: Fd | undefined;
  #dialect: Dialect = '0.9';

  constructor(host: SeatdClientHost, socket: Socket, number: number) {
    this.#number = number;
    this.name = `seatd client ${number}`;
    this.#host = host;
    this.#socket = socket;
    this.#reader = new SeatdReader(socket);
    socket.limitPending(PENDING_MAX, SEATD_DEVICES_MAX);
    socket.watch({
      readable: () => this.#read(),
      // It may be found out in the middle of a switch, which ends before what it switches does.
      failed: (error) => setImmediate(() => this.close(error.code)),
    });
  }

  get peer(): { readonly pid: number; readonly uid: number } {
    return this.#socket.peer;
  }
  get session(): Session | undefined {
    return this.#session;
  }

  /** What another manager must know to go on with this client. */
  save(): SavedSeatdClient[] {
    const session = this.#session?.id;
    if (session === undefined || this.#state === 'new' || this.#state === 'closed') return [];
    return [
      {
        number: this.#number,
        session,
        own: this.#own,
        dialect: this.#dialect,
        state: this.#state,
        devices: this.#devices.save(),
      },
    ];
  }

  /** Goes on where the manager before this one stopped. The fifo is taken over. */
  restore(saved: SavedSeatdClient, session: Session, fifo: Fd | undefined): void {
    this.#dialect = saved.dialect === '0.7' ? '0.7' : '0.9';
    this.#session = session;
    this.#own = saved.own;
    this.#fifo = fifo;
    this.#state = saved.state;
    this.#devices.restore(saved.devices);
    session.regainControl(this);
    if (!session.active) this.#disable();
  }

  // Controller.

  /** All of them were paused by disable_seat. */
  pauseDevice(_session: Session, device: DeviceNumber, kind: PauseKind): void {
    if (kind === 'gone') this.#devices.forget(device);
  }

  /** The client's own file works again; ours to close is the duplicate. */
  resumeDevice(_session: Session, _device: DeviceNumber, end: Fd): void {
    end.close();
  }

  get leaving(): boolean {
    return this.#state === 'disabling';
  }

  turnEnding(): void {
    this.#disable();
  }

  turnBegan(): void {
    this.#enable();
  }

  turnEnded(): void {
    this.#disable();
  }

  /** The session is over without the client's doing. */
  sessionEnded(): void {
    this.#session = undefined;
    this.close('its session ended');
  }

  /** Its session ends with it, if it was made for it. Idempotent. */
  close(why: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#leave(why);
    this.#socket.close();
    this.#host.closed(this, why);
  }

  #read(): void {
    try {
      if (!this.#reader.read((opcode, payload) => this.#take(opcode, payload))) this.close('hang-up');
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      this.close(error.code);
    }
  }

  /** False ends the connection: so seatd answers what is no message, or comes without a seat. */
  #take(opcode: number, payload: DataView): boolean {
    if (opcode === request.ping && payload.byteLength === 0) {
      this.#send(encode(reply.pong));
      return true;
    }
    if (opcode === request.openSeat && payload.byteLength === 0) return this.#openSeat();
    const session = this.#session;
    // Another may have taken control by force.
    if (session?.controller !== this) return false;
    if (this.#devices.waits) this.#devices.meet(session.heldDevices());
    switch (opcode) {
      case request.closeSeat:
        return payload.byteLength === 0 && this.#closeSeat();
      case request.openDevice: {
        const path = decodePath(payload);
        return path !== undefined && this.#answer(() => this.#openDevice(session, path));
      }
      case request.closeDevice: {
        if (payload.byteLength !== deviceId.size) return false;
        const id = deviceId.get.id(payload, 0);
        return this.#answer(() => this.#closeDevice(session, id));
      }
      case request.disableSeat:
        return payload.byteLength === 0 && this.#disabled(session);
      case request.switchSession:
        if (payload.byteLength !== sessionNumber.size) return false;
        return this.#switchSession(session, sessionNumber.get.number(payload, 0));
      default:
        return false;
    }
  }

  /** Once a connection. */
  #openSeat(): boolean {
    if (this.#state !== 'new') return false;
    this.#dialect = this.#host.dialectOf(this.peer.pid);
    let opened: ReturnType<SeatdClientHost['openSession']>;
    try {
      opened = this.#host.openSession(this);
    } catch {
      return false;
    }
    this.#session = opened.session;
    this.#own = opened.own;
    this.#fifo = opened.fifo;
    this.#state = 'disabled';
    const { files } = this.#host.manager;
    files.put(keptSocket(this.#number), this.#socket.fd);
    if (this.#fifo) files.put(keptFifo(opened.session.id), this.#fifo);
    this.#host.manager.flush();
    this.#send(encodeSeatOpened(opened.session.seat?.id ?? ''));
    if (opened.session.active) this.#enable();
    return true;
  }

  #closeSeat(): boolean {
    this.#leave('seat closed');
    this.#send(encode(reply.seatClosed));
    return true;
  }

  /** Returns what is to be sent; throws the errno that is to be told. */
  #openDevice(session: Session, path: string): { message: Uint8Array; fd: Fd } {
    if (!session.active) throw new Refusal(errno.EPERM);
    const device = this.#host.manager.devices.atPath(realPath(path), session.seat?.id);
    if (!device) throw new Refusal(errno.ENODEV);
    if (device.seat !== session.seat?.id) throw new Refusal(errno.EPERM);
    const open = this.#devices.of(device);
    if (open) {
      const fd = open.fd?.dup() ?? session.fileOf(device.key);
      if (!fd) throw new Refusal(errno.EBUSY);
      open.references++;
      return { message: encode(reply.deviceOpened, open.id), fd };
    }
    if (this.#devices.full) throw new Refusal(errno.EMFILE);
    const { end } = session.takeDevice(device);
    const { id } = this.#devices.add(device, end);
    this.#host.manager.touchLater();
    return { message: encode(reply.deviceOpened, id), fd: end.dup() };
  }

  #closeDevice(session: Session, id: number): { message: Uint8Array } {
    const open = this.#devices.at(id);
    if (!open) throw new Refusal(errno.EBADF);
    if (this.#devices.release(open)) session.releaseDevice(open.device.major, open.device.minor);
    this.#host.manager.touchLater();
    return { message: encode(reply.deviceClosed) };
  }

  /** The acknowledgement of an event, of the last one or of one that nobody waits for any more. */
  #disabled(session: Session): boolean {
    if (this.#state !== 'disabling') return this.#acknowledge(reply.seatDisabled, errno.EBUSY);
    this.#state = 'disabled';
    this.#acknowledge(reply.seatDisabled);
    for (const { device } of this.#devices) session.completePause(device.major, device.minor);
    session.seat?.switch.progress();
    if (session.active && session.seat?.switch.idle) this.#enable();
    return true;
  }

  #switchSession(session: Session, number: number): boolean {
    const target = number > 0 ? session.seat?.at(number) : undefined;
    if (!session.active) return this.#acknowledge(reply.sessionSwitched, errno.EPERM);
    if (!target) return this.#acknowledge(reply.sessionSwitched, errno.EINVAL);
    this.#acknowledge(reply.sessionSwitched);
    if (target !== session) session.seat?.switch.start(target);
    return true;
  }

  /** An older client waits for no answer to this, and would choke on one. */
  #acknowledge(opcode: number, error?: number): true {
    if (this.#dialect === '0.9')
      this.#send(error === undefined ? encode(opcode) : encode(reply.error, error));
    return true;
  }

  #enable(): void {
    if (this.#state !== 'disabled') return;
    this.#state = 'enabled';
    this.#send(encode(event.enableSeat));
    // Before what else a switch is told to: files and the bus, which no client of this protocol waits for.
    this.#socket.flush();
  }

  #disable(): void {
    if (this.#state !== 'enabled') return;
    this.#state = 'disabling';
    this.#send(encode(event.disableSeat));
  }

  /** Its files are gone and its devices free; the connection may be there still. */
  #leave(why: string): void {
    const session = this.#session;
    this.#session = undefined;
    this.#devices.close();
    if (session) {
      const { files } = this.#host.manager;
      files.remove(keptSocket(this.#number));
      if (this.#own) files.remove(keptFifo(session.id));
    }
    if (session && this.#own) this.#host.manager.endSession(session, why);
    else if (session?.controller === this) this.#host.manager.dropControl(session);
    this.#fifo?.close();
    this.#fifo = undefined;
  }

  #answer(how: () => { message: Uint8Array; fd?: Fd }): true {
    try {
      const { message, fd } = how();
      this.#send(message, fd && [fd]);
      // Before the device's provider hears of it: the client waits for this, and for nothing else.
      this.#socket.flush();
    } catch (error) {
      this.#send(encode(reply.error, errnoOf(error)));
    }
    return true;
  }

  #send(message: Uint8Array, fds?: Fd[]): void {
    this.#socket.write(message, fds);
  }
}
