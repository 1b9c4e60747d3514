import { type Connection, DBusError, Variant } from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import { HeldDevice } from './HeldDevice.js';
import { type DeviceKind, deviceKinds, login1, type PauseKind, sessionPath, switchyard } from './Login1.js';
import type { DeviceInfo } from './SeatClient.js';
import type { OpenDevice, SessionEvents, SessionOptions } from './SessionEvents.js';

/** After a reconnect the manager may not have heard yet that our old name is gone. */
const BUSY_RETRIES = 20;
const BUSY_RETRY_MS = 50;
/**
 * A channel that read 0 may have been revoked, and the word about it is still on its way; if none comes in this time,
 * the provider closed it, and it is asked for anew. It also keeps two that disagree from spinning.
 */
const REOPEN_MS = 500;

/**
 * One session, as the process that controls it follows it.
 *
 *   waiting ──manager appears──▶ joining ──CreateSession | TakeControl──▶ joined
 *      ▲───────── manager or bus gone ───────┴──────────────────────────────┘
 *      └──── SessionRemoved, or refused ──▶ ended
 *
 * While the manager is away the channels live on; when it is back it has them as they were, or they are closed and
 * opened anew.
 */
export class SessionClient implements Disposable {
  /** Resolves when the session exists and is controlled for the first time; rejects when that is refused. */
  readonly created: Promise<void>;
  readonly options: SessionOptions;
  readonly #on: SessionEvents;
  readonly #forget: (session: SessionClient) => void;
  readonly #devices = new Map<string, HeldDevice>();
  readonly #created: { resolve(): void; reject(error: Error): void };
  readonly #timers = new Set<NodeJS.Timeout>();
  #connection: Connection | undefined;
  /** The last connection on which there was a manager. */
  #joinedOn: Connection | undefined;
  #fifo: Fd | undefined;
  #id: string | undefined;
  #path: string | undefined;
  #title: string;
  #display: string;
  #active = false;
  #hung = false;
  #everJoined = false;
  #over = false;

  /** Made by SeatClient.createSession(). */
  constructor(options: SessionOptions, on: SessionEvents, forget: (session: SessionClient) => void) {
    this.options = options;
    this.#on = on;
    this.#forget = forget;
    this.#title = options.title ?? '';
    this.#display = options.display ?? '';
    this.#id = options.id;
    this.#path = options.id === undefined ? undefined : sessionPath(options.id);
    const { promise, resolve, reject } = withResolvers();
    this.created = promise;
    this.#created = { resolve, reject };
  }

  /** Undefined until it is created. */
  get id(): string | undefined {
    return this.#id;
  }
  /** Its object on the bus; undefined until it is created. */
  get path(): string | undefined {
    return this.#path;
  }
  get active(): boolean {
    return this.#active;
  }
  get title(): string {
    return this.#title;
  }

  async activate(): Promise<void> {
    await this.#call(login1.session, 'Activate');
  }
  setTitle(title: string): void {
    if (title === this.#title) return;
    this.#title = title;
    this.#tell(switchyard.session, 'SetTitle', 's', title);
  }
  setDisplay(display: string): void {
    this.#display = display;
    this.#tell(login1.session, 'SetDisplay', 's', display);
  }
  /** One of its programs does not answer; told to later managers as well. */
  setHung(hung: boolean): void {
    this.#hung = hung;
    this.#tell(switchyard.session, 'SetHung', 'b', hung);
  }
  setIdleHint(idle: boolean): void {
    this.#tell(login1.session, 'SetIdleHint', 'b', idle);
  }
  setLockedHint(locked: boolean): void {
    this.#tell(login1.session, 'SetLockedHint', 'b', locked);
  }

  /** A channel of ours read 0 although nobody paused it. If the provider closed it, a new one is opened after a while. */
  reopen(device: OpenDevice): void {
    const held = this.#devices.get(key(device.major, device.minor));
    const opening = held?.opening;
    if (!held || opening === undefined) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#devices.get(key(device.major, device.minor)) !== held || held.opening !== opening) return;
      this.#devices.delete(key(device.major, device.minor));
      this.#tell(login1.session, 'ReleaseDevice', 'uu', device.major, device.minor);
      this.deviceAdded(held.info);
    }, REOPEN_MS);
    this.#timers.add(timer);
  }

  /** Ends the session. Resolves when the session manager has heard of it, so that its leader may lead another. */
  async release(): Promise<void> {
    if (this.#over) return;
    const id = this.#id;
    const connection = this.#connection;
    this.#finish();
    if (id === undefined || !connection) return;
    await connection
      .call({
        destination: login1.name,
        path: login1.path,
        interface: login1.manager,
        member: 'ReleaseSession',
        signature: 's',
        body: [id],
      })
      .catch(() => {});
  }

  /** Ends the session. */
  [Symbol.dispose](): void {
    void this.release();
  }

  // What SeatClient hears from the bus.

  managerAppeared(connection: Connection): void {
    if (this.#over) return;
    // On a new connection we have another name, and a manager cannot know us.
    if (this.#joinedOn !== connection) this.#closeDevices();
    this.#joinedOn = connection;
    this.#connection = connection;
    void this.#join(connection, [...this.#devices]);
  }

  managerVanished(): void {
    this.#connection = undefined;
  }

  removed(): void {
    if (this.#over) return;
    this.#closeDevices('gone');
    this.#finish();
    this.#on.ended();
  }

  activeChanged(active: boolean): void {
    if (this.#over || active === this.#active) return;
    this.#active = active;
    this.#on.active?.(active);
  }

  locked(locked: boolean): void {
    if (locked) this.#on.lock?.();
    else this.#on.unlock?.();
  }

  deviceAdded(info: DeviceInfo): void {
    const connection = this.#connection;
    if (this.#over || !connection || this.#id === undefined || info.seat !== this.options.seat) return;
    if (!this.#everJoined || this.#devices.has(key(info.major, info.minor))) return;
    // The kernel's own devices have other protocols than channels.
    if (!deviceKinds.has(info.kind)) return;
    const held = new HeldDevice(info, this.#on);
    this.#devices.set(key(info.major, info.minor), held);
    this.#call(login1.session, 'TakeDevice', 'uu', info.major, info.minor).then(
      ([channel, inactive]) => {
        const current = this.#devices.get(key(info.major, info.minor)) === held;
        if (current) held.taken(channel as Fd, inactive as boolean);
        else (channel as Fd).close();
      },
      (error: Error) => {
        if (this.#devices.get(key(info.major, info.minor)) === held) {
          this.#devices.delete(key(info.major, info.minor));
        }
        if (this.#connection === connection) this.#on.failed?.(error);
      },
    );
  }

  devicePaused(major: number, minor: number, kind: PauseKind): void {
    const held = this.#devices.get(key(major, minor));
    if (kind === 'gone') this.#devices.delete(key(major, minor));
    held?.paused(kind);
    if (kind === 'pause') this.#tell(login1.session, 'PauseDeviceComplete', 'uu', major, minor);
  }

  deviceResumed(major: number, minor: number, channel: Fd): void {
    const held = this.#devices.get(key(major, minor));
    if (held) held.resumed(channel);
    else channel.close();
  }

  /** `before`: what we had from the manager before this one. */
  async #join(connection: Connection, before: readonly [string, HeldDevice][]): Promise<void> {
    try {
      const known = this.#id !== undefined && (await this.#takeControl());
      if (!known) {
        this.#closeDevices();
        await this.#create();
        if (!(await this.#takeControl())) throw new Error(`session ${this.#id} ended before it began`);
      }
      if (this.#connection !== connection || this.#over) return;
      this.#everJoined = true;
      const [[active], [held], [devices]] = (await Promise.all([
        this.#call('org.freedesktop.DBus.Properties', 'Get', 'ss', login1.session, 'Active'),
        this.#call('org.freedesktop.DBus.Properties', 'Get', 'ss', switchyard.session, 'Devices'),
        connection.call({
          destination: login1.name,
          path: login1.path,
          interface: switchyard.deviceManager,
          member: 'ListDevices',
          signature: 's',
          body: [this.options.seat],
        }),
      ])) as [[Variant], [Variant], [[number, number, DeviceKind, string, string, Map<string, Variant>][]]];
      if (this.#connection !== connection || this.#over) return;
      this.#compare(before, held.value as [number, number, boolean][]);
      this.#created.resolve();
      if (this.#hung) this.setHung(true);
      this.activeChanged(active.value as boolean);
      for (const [major, minor, kind, name, , properties] of devices) {
        this.deviceAdded({ seat: this.options.seat, major, minor, kind, name, properties });
      }
    } catch (error) {
      // The manager left in the middle: it is tried again when it is back.
      if (this.#connection !== connection || this.#over) return;
      this.#finish();
      if (this.#everJoined) this.#on.ended();
      else this.#created.reject(error as Error);
    }
  }

  /** A new manager that took over what the one before it had still has our devices as they were; any other has none. */
  #compare(
    before: readonly [string, HeldDevice][],
    held: readonly [major: number, minor: number, open: boolean][],
  ): void {
    const theirs = new Map(held.map(([major, minor, open]) => [key(major, minor), open]));
    for (const [name, device] of before) {
      if (this.#devices.get(name) !== device) continue;
      const open = theirs.get(name);
      if (open !== undefined && open === (device.opening !== undefined)) continue;
      if (open !== undefined) {
        const { major, minor } = device.info;
        this.#tell(login1.session, 'ReleaseDevice', 'uu', major, minor);
      }
      this.#devices.delete(name);
      device.paused('lost');
    }
  }

  async #create(): Promise<void> {
    const connection = this.#connection!;
    const o = this.options;
    if (o.id !== undefined) throw new Error(`there is no session ${o.id}`);
    const properties: [string, Variant][] = [['Title', new Variant('s', this.#title)]];
    if (o.chosenId !== undefined) properties.push(['Id', new Variant('s', o.chosenId)]);
    // Created anew after the manager forgot it, it takes the screen only if it had it.
    const background = this.#everJoined ? !this.#active : (o.background ?? false);
    properties.push(['Background', new Variant('b', background)]);
    // On a seat that has VTs, all sessions of a display are on one.
    properties.push(['VT', new Variant('s', 'shared')]);
    // biome-ignore format: in the order of the signature
    const reply = await connection.call({
      destination: login1.name,
      path: login1.path,
      interface: login1.manager,
      member: 'CreateSession',
      signature: 'uusssssussbssa(sv)',
      body: [
        o.uid ?? process.getuid?.() ?? 0, o.leader ?? process.pid, o.service ?? 'switchyard',
        o.type ?? 'wayland', o.class ?? 'user', o.desktop ?? '', o.seat, 0, '', this.#display, false, '', '', properties,
      ],
    });
    const fifo = reply[3] as Fd;
    if (this.#over) {
      fifo.close();
      return;
    }
    this.#fifo?.close();
    this.#fifo = fifo;
    const before = this.#id;
    this.#id = reply[0] as string;
    this.#path = sessionPath(this.#id);
    if (before !== undefined && before !== this.#id) this.#on.renamed?.(this.#id);
  }

  /** false when the manager does not know the session. */
  async #takeControl(): Promise<boolean> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#call(login1.session, 'TakeControl', 'b', false);
        return true;
      } catch (error) {
        const name = error instanceof DBusError ? error.name : '';
        if (name === 'org.freedesktop.DBus.Error.UnknownObject') return false;
        if (name === 'org.freedesktop.login1.NoSuchSession') return false;
        if (name !== 'System.Error.EBUSY' || attempt >= BUSY_RETRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, BUSY_RETRY_MS));
      }
    }
  }

  #call(interfaceName: string, member: string, signature = '', ...body: unknown[]): Promise<unknown[]> {
    const path = this.#path;
    if (!this.#connection || path === undefined) {
      return Promise.reject(new Error(`${member}: the session manager is away`));
    }
    return this.#connection.call({
      destination: login1.name,
      path,
      interface: interfaceName,
      member,
      signature,
      body,
    });
  }

  /** A call whose failure changes nothing for us: the manager is away, or the session just ended. */
  #tell(interfaceName: string, member: string, signature: string, ...body: unknown[]): void {
    this.#call(interfaceName, member, signature, ...body).catch(() => {});
  }

  #closeDevices(why: 'lost' | 'gone' = 'lost'): void {
    const devices = [...this.#devices.values()];
    this.#devices.clear();
    for (const device of devices) device.paused(why);
  }

  #finish(): void {
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#closeDevices('gone');
    this.#fifo?.close();
    this.#forget(this);
  }
}

function key(major: number, minor: number): string {
  return `${major}:${minor}`;
}

function withResolvers(): { promise: Promise<void>; resolve(): void; reject(error: Error): void } {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
