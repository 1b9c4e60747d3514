import { statSync } from 'node:fs';
import { constants } from 'node:os';
import { Connection, DBusError, type Message, type Variant } from '@switchyard/dbus';
import { type Fd, SystemError } from '@switchyard/sys';
import { login1, type PauseKind } from '../Login1.js';
import type { BackendDevice, SeatBackend, SeatBackendEvents } from '../SeatBackend.js';
import type { SeatOptions } from './openBackend.js';

const { errno } = constants;
const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket';
const PROPERTIES = 'org.freedesktop.DBus.Properties';

/** Signals may overtake the answer to TakeDevice in this process's own queues. */
class Login1Device implements BackendDevice {
  taking = true;
  /** While taking: it was paused already. */
  paused = false;
  constructor(
    readonly path: string,
    readonly major: number,
    readonly minor: number,
  ) {}
}

/** The seat by org.freedesktop.login1: of logind, elogind, yard-seatd. */
export class Login1Backend implements SeatBackend {
  readonly seat: string;
  readonly #connection: Connection;
  readonly #session: string;
  readonly #seatPath: string;
  readonly #on: SeatBackendEvents;
  readonly #devices = new Map<string, Login1Device>();
  /** Asked to pause and not answered. */
  #asked: [major: number, minor: number][] = [];
  /** What was told last. */
  #state: 'inactive' | 'active' | 'disabling' = 'inactive';
  #left = false;

  private constructor(
    connection: Connection,
    session: string,
    seat: [id: string, path: string],
    on: SeatBackendEvents,
  ) {
    this.#connection = connection;
    this.#session = session;
    [this.seat, this.#seatPath] = seat;
    this.#on = on;
  }

  /** Rejects with SystemError when there is no bus, with DBusError when there is no session manager, session or control. */
  static async open(options: SeatOptions, on: SeatBackendEvents): Promise<SeatBackend> {
    const environment = options.environment ?? process.env;
    const connection = await Connection.connect(
      options.bus ?? (environment['DBUS_SYSTEM_BUS_ADDRESS'] || SYSTEM_BUS),
    );
    try {
      const manager = connection.proxy(login1.name, login1.path);
      const id = options.session ?? (environment['XDG_SESSION_ID'] || undefined);
      // By process is what "self" means; older managers know no "auto".
      const [path] = (await (id === undefined
        ? manager.call(login1.manager, 'GetSessionByPID', 'u', process.pid)
        : manager.call(login1.manager, 'GetSession', 's', id))) as [string];
      const session = connection.proxy(login1.name, path);
      const seat = (await session.get(login1.session, 'Seat')) as [string, string];
      if (seat[0] === '')
        throw new DBusError('org.freedesktop.login1.NoSuchSeat', `Session ${path} has no seat`);
      const backend = new Login1Backend(connection, path, seat, on);
      await backend.#take(environment['XDG_SESSION_TYPE']);
      return backend;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  async open(path: string): Promise<{ device: BackendDevice; fd: Fd }> {
    const [major, minor] = deviceNumber(path);
    const key = `${major}:${minor}`;
    if (this.#devices.has(key)) throw new SystemError(errno.EBUSY, 'open', path);
    const device = new Login1Device(path, major, minor);
    this.#devices.set(key, device);
    try {
      const [fd, inactive] = (await this.#call('TakeDevice', 'uu', major, minor)) as [Fd, boolean];
      device.taking = false;
      if (!inactive && !device.paused && !this.#left) return { device, fd };
      fd.close();
      this.#call('ReleaseDevice', 'uu', major, minor).catch(() => {});
      throw new SystemError(errno.EPERM, 'TakeDevice', path);
    } catch (error) {
      this.#devices.delete(key);
      throw error;
    }
  }

  async close(device: BackendDevice): Promise<void> {
    const { major, minor } = device as Login1Device;
    if (!this.#devices.delete(`${major}:${minor}`)) return;
    await this.#call('ReleaseDevice', 'uu', major, minor).catch((error: unknown) => {
      if (!(error instanceof DBusError)) throw error;
    });
  }

  acknowledge(): void {
    if (this.#state === 'disabling') this.#state = 'inactive';
    for (const [major, minor] of this.#asked.splice(0)) this.#complete(major, minor);
  }

  async switchSession(number: number): Promise<void> {
    const seat = this.#connection.proxy(login1.name, this.#seatPath);
    await seat.call(login1.seat, 'SwitchTo', 'u', number);
  }

  async leave(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    await this.#call('ReleaseControl').catch(() => {});
    this.#connection.close();
  }

  async #take(type: string | undefined): Promise<void> {
    const connection = this.#connection;
    const rule = { type: 'signal', sender: login1.name, path: this.#session } as const;
    const follow = (member: string, interfaceName: string, handler: (message: Message) => void) =>
      connection.match({ ...rule, interface: interfaceName, member }, handler).ready;
    await Promise.all([
      follow('PauseDevice', login1.session, ({ body }) => {
        this.#paused(...(body as [number, number, PauseKind]));
      }),
      follow('ResumeDevice', login1.session, ({ body }) => {
        this.#resumed(...(body as [number, number, Fd]));
      }),
      follow('PropertiesChanged', PROPERTIES, ({ body }) => {
        const [name, changed, invalidated] = body as [string, Map<string, Variant>, string[]];
        if (name !== login1.session) return;
        const active = changed.get('Active');
        if (active) this.#activeChanged(active.value as boolean);
        else if (invalidated.includes('Active')) void this.#ask();
      }),
    ]);
    await this.#call('TakeControl', 'b', false);
    connection.watchName(login1.name, {
      appeared: () => {},
      vanished: () => this.#ended(new Error('the session manager is gone')),
    });
    connection.closed.then((error) => this.#ended(error ?? new Error('the bus is gone')));
    // Only logged by managers that know no such type.
    if (type) await this.#call('SetType', 's', type).catch(() => {});
    await this.#ask();
  }

  async #ask(): Promise<void> {
    const session = this.#connection.proxy(login1.name, this.#session);
    this.#activeChanged((await session.get(login1.session, 'Active')) as boolean);
  }

  #activeChanged(active: boolean): void {
    if (active) this.#enable();
    else this.#disable();
  }

  #enable(): void {
    if (this.#left || this.#state === 'active') return;
    this.#state = 'active';
    this.#asked = [];
    this.#on.enabled();
  }

  #disable(): void {
    if (this.#left || this.#state !== 'active') return;
    this.#state = 'disabling';
    this.#on.disabling();
  }

  #paused(major: number, minor: number, kind: PauseKind): void {
    const key = `${major}:${minor}`;
    const device = this.#devices.get(key);
    if (kind === 'gone') {
      // Also said of one that was released.
      this.#devices.delete(key);
      if (device && !device.taking && !this.#left) this.#on.gone(device);
      return;
    }
    if (device) device.paused = true;
    this.#disable();
    if (kind !== 'pause') return;
    if (this.#state === 'disabling') this.#asked.push([major, minor]);
    else this.#complete(major, minor);
  }

  #resumed(major: number, minor: number, fd: Fd): void {
    const device = this.#devices.get(`${major}:${minor}`);
    if (!device || device.taking || this.#left) {
      fd.close();
      return;
    }
    // Managers differ in what they say first; and one that took a switch back says no more than this.
    this.#enable();
    device.paused = false;
    this.#on.resumed(device, fd);
  }

  #complete(major: number, minor: number): void {
    this.#call('PauseDeviceComplete', 'uu', major, minor).catch(() => {});
  }

  #call(member: string, signature = '', ...body: unknown[]): Promise<unknown[]> {
    return this.#connection
      .proxy(login1.name, this.#session)
      .call(login1.session, member, signature, ...body);
  }

  #ended(error: Error): void {
    if (this.#left) return;
    this.#left = true;
    this.#connection.close();
    this.#on.closed(error);
  }
}

/** Throws SystemError. Virtual devices are in no file system; their names are their numbers. */
function deviceNumber(path: string): [major: number, minor: number] {
  const virtual = /^\/dev\/switchyard\/([0-9]+):([0-9]+)$/.exec(path);
  if (virtual) return [Number(virtual[1]), Number(virtual[2])];
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new SystemError(errno.ENOENT, 'open', path);
  if (!stat.isCharacterDevice()) throw new SystemError(errno.ENODEV, 'open', path);
  // dev_t of glibc: gnu_dev_major(3).
  const { rdev } = stat;
  return [(rdev >>> 8) & 0xfff, (rdev & 0xff) | ((rdev >>> 12) & 0xfff00)];
}
