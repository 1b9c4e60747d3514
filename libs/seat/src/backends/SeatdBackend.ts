import { constants } from 'node:os';
import { type Fd, SystemError } from '@switchyard/sys';
import {
  type BackendDevice,
  resumesInPlace,
  type SeatBackend,
  type SeatBackendEvents,
} from '../SeatBackend.js';
import {
  decodeSeatName,
  deviceId,
  encode,
  encodeOpenDevice,
  event,
  reply,
  request,
} from '../SeatdMessage.js';
import type { SeatOptions } from './openBackend.js';
import { SeatdConnection } from './SeatdConnection.js';

const { errno } = constants;

/** Where seatd has its socket. */
const SOCKET = '/run/seatd.sock';

class SeatdDevice implements BackendDevice {
  /** The server's number; undefined while it has none. */
  id: number | undefined;
  constructor(readonly path: string) {}
}

/** The seat by seatd's protocol: of seatd, of yard-seatd. */
export class SeatdBackend implements SeatBackend {
  readonly seat: string;
  readonly #connection: SeatdConnection;
  readonly #on: SeatBackendEvents;
  readonly #held = new Set<SeatdDevice>();
  /** Of these, those that must be opened again when the seat is ours again. */
  readonly #dead = new Set<SeatdDevice>();
  #active = false;
  #left = false;

  private constructor(connection: SeatdConnection, seat: string, on: SeatBackendEvents) {
    this.#connection = connection;
    this.seat = seat;
    this.#on = on;
  }

  /** Rejects with SystemError when there is no seatd, or it has no seat for us. */
  static async open(options: SeatOptions, on: SeatBackendEvents): Promise<SeatBackend> {
    const environment = options.environment ?? process.env;
    let backend: SeatdBackend | undefined;
    const events: number[] = [];
    const connection = new SeatdConnection(options.socket ?? (environment['SEATD_SOCK'] || SOCKET), {
      event: (opcode) => {
        if (backend) backend.#event(opcode);
        else events.push(opcode);
      },
      ended: (error) => {
        if (backend) backend.#ended(error);
      },
    });
    let seat = '';
    try {
      await connection.request(encode(request.openSeat), reply.seatOpened, 'open_seat', (payload) => {
        seat = decodeSeatName(payload);
      });
    } catch (error) {
      connection.close();
      throw error;
    }
    backend = new SeatdBackend(connection, seat, on);
    for (const opcode of events) backend.#event(opcode);
    return backend;
  }

  async open(path: string): Promise<{ device: BackendDevice; fd: Fd }> {
    const device = new SeatdDevice(path);
    const fd = await this.#open(device);
    return { device, fd };
  }

  async close(device: BackendDevice): Promise<void> {
    this.#held.delete(device as SeatdDevice);
    this.#dead.delete(device as SeatdDevice);
    await this.#close(device as SeatdDevice);
  }

  /** The switch goes on at once; only then the files that are dead are given back. */
  acknowledge(): void {
    this.#connection.tell(encode(request.disableSeat), 'disable_seat').catch(() => {});
    for (const device of this.#held) {
      if (resumesInPlace(device.path)) continue;
      this.#dead.add(device);
      this.#close(device).catch(() => {});
    }
  }

  async switchSession(number: number): Promise<void> {
    await this.#connection.tell(encode(request.switchSession, number), `switch_session ${number}`);
  }

  async leave(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    await this.#connection.request(encode(request.closeSeat), reply.seatClosed, 'close_seat').catch(() => {});
    this.#connection.close();
  }

  #event(opcode: number): void {
    if (this.#left) return;
    this.#active = opcode === event.enableSeat;
    if (!this.#active) {
      this.#on.disabling();
      return;
    }
    this.#on.enabled();
    for (const device of this.#held) {
      if (!this.#dead.delete(device)) this.#on.resumed(device, undefined);
      else void this.#reopen(device);
    }
  }

  async #reopen(device: SeatdDevice): Promise<void> {
    try {
      const fd = await this.#open(device);
      if (this.#held.has(device) && this.#active) this.#on.resumed(device, fd);
      else fd.close();
    } catch (error) {
      // Left again meanwhile: it stays among the dead, or comes back with the next turn.
      if (error instanceof SystemError && error.errno === errno.EPERM) {
        this.#dead.add(device);
        return;
      }
      this.#held.delete(device);
      if (!this.#left) this.#on.gone(device);
    }
  }

  async #open(device: SeatdDevice): Promise<Fd> {
    let fd: Fd | undefined;
    await this.#connection.request(
      encodeOpenDevice(device.path),
      reply.deviceOpened,
      `open_device ${device.path}`,
      (payload, fds) => {
        device.id = deviceId.get.id(payload, 0);
        fd = fds.shift();
        this.#held.add(device);
      },
    );
    if (!fd) throw new SystemError(errno.EBADMSG, 'seatd', device.path);
    return fd;
  }

  async #close(device: SeatdDevice): Promise<void> {
    const { id } = device;
    if (id === undefined || this.#left) return;
    device.id = undefined;
    await this.#connection.request(encode(request.closeDevice, id), reply.deviceClosed, `close_device ${id}`);
  }

  #ended(error: Error): void {
    if (this.#left) return;
    this.#left = true;
    this.#on.closed(error);
  }
}
