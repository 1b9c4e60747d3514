import {
  type CallContext,
  type Connection,
  DBusError,
  ErrorName,
  type Interface,
  Variant,
} from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import { type InputKind, InputProvider } from './InputProvider.js';
import { type DeviceKind, login1, switchyard } from './Login1.js';
import type { Mode } from './Monitor.js';
import { MonitorProvider, type MonitorProviderEvents } from './MonitorProvider.js';

export interface DeviceProviderEvents {
  /** AttachDevice was refused. It is tried again when the session manager starts anew. */
  refused?(kind: DeviceKind, name: string, error: Error): void;
}

/** As ListDevices tells it; what follows is its properties. */
type DeviceRow = [major: number, minor: number, kind: string, name: string, provider: string];

/**
 * One device and its place in the session manager.
 *
 *   detached ──AttachDevice──▶ attaching ──major, minor──▶ attached
 *      ▲──────────── bus or session manager gone ─────────────┘
 *      └─────────a new manager that knows the device still──▶ attached
 */
class Attachment {
  state: 'detached' | 'attaching' | 'attached' = 'detached';
  major = 0;
  minor = 0;
  /** Settles when AttachDevice is answered. */
  attaching: Promise<void> = Promise.resolve();

  constructor(
    readonly seat: string,
    readonly kind: DeviceKind,
    readonly name: string,
    readonly properties: () => Map<string, Variant>,
    readonly device: MonitorProvider | InputProvider,
  ) {}
}

/**
 * Virtual hardware for seats: attaches devices with the session manager and serves org.switchyard.DeviceProvider1.
 * The owner of a BusLink calls connected() and lost() from its handlers; devices attach by themselves, and again
 * whenever the bus or the session manager has been restarted. While one of them is away the channels stay open, so
 * the active session keeps its screen and keys.
 */
export class DeviceProvider implements Disposable {
  readonly #on: DeviceProviderEvents;
  readonly #attachments: Attachment[] = [];
  #connection: Connection | undefined;
  #manager: string | undefined;
  #watches: Disposable[] = [];

  constructor(on: DeviceProviderEvents = {}) {
    this.#on = on;
  }

  /** `number`: among the seat's monitors, from the left, beginning with 1. */
  attachMonitor(
    seat: string,
    name: string,
    mode: Mode,
    on: MonitorProviderEvents,
    number?: number,
  ): MonitorProvider {
    const monitor = new MonitorProvider(mode, on);
    const properties = () =>
      new Map([
        ...numbered('number', number),
        ['width', new Variant('u', monitor.mode.width)],
        ['height', new Variant('u', monitor.mode.height)],
        ['refresh', new Variant('u', monitor.mode.refresh)],
        ['scale', new Variant('u', monitor.mode.scale)],
      ]);
    this.#add(new Attachment(seat, 'monitor', name, properties, monitor));
    return monitor;
  }

  /**
   * `monitor`: who types on it means what is shown there. Without, it is the whole seat's. `onLights`: which of its lights
   * shine is another (InputProvider.lights).
   */
  attachKeyboard(
    seat: string,
    name: string,
    monitor?: number,
    onLights?: (bits: number) => void,
  ): InputProvider {
    return this.#addInput(seat, 'keyboard', name, () => numbered('monitor', monitor), onLights);
  }

  /**
   * `absoluteMax`: ABS_X and ABS_Y run from 0 to it, over the whole monitor, the first if it is not named; a pointer that
   * is dragged beyond is on the monitors beside it.
   */
  attachPointer(seat: string, name: string, absoluteMax: number, monitor?: number): InputProvider {
    return this.#addInput(
      seat,
      'pointer',
      name,
      () => new Map([['absolute-max', new Variant('u', absoluteMax)], ...numbered('monitor', monitor)]),
    );
  }

  /** `absoluteMax`: ABS_MT_POSITION_X and _Y run from 0 to it, over the whole monitor, the first if it is not named. */
  attachTouch(seat: string, name: string, absoluteMax: number, monitor?: number): InputProvider {
    return this.#addInput(
      seat,
      'touch',
      name,
      () => new Map([['absolute-max', new Variant('u', absoluteMax)], ...numbered('monitor', monitor)]),
    );
  }

  /** Unplugs the device: sessions are told "gone". */
  detach(device: MonitorProvider | InputProvider): void {
    const index = this.#attachments.findIndex((attachment) => attachment.device === device);
    const attachment = this.#attachments[index];
    if (!attachment) return;
    this.#attachments.splice(index, 1);
    device.closeChannels();
    void attachment.attaching.then(() => {
      if (attachment.state !== 'attached') return;
      attachment.state = 'detached';
      // Should the manager be gone by now, the device is gone with our connection.
      this.#callManager('DetachDevice', 'uu', [attachment.major, attachment.minor]).catch(() => {});
    });
  }

  /** Resolves when every device has been attached or refused; at once while there is no session manager. */
  async settled(): Promise<void> {
    await Promise.all(this.#attachments.map((attachment) => attachment.attaching));
  }

  connected(connection: Connection): void {
    this.lost();
    this.#connection = connection;
    this.#watches = [
      connection.export(switchyard.deviceProviderPath, this.#interface()),
      connection.watchName(login1.name, {
        appeared: (owner) => {
          this.#manager = owner;
          this.#meet(connection, owner);
        },
        vanished: () => {
          this.#manager = undefined;
          for (const attachment of this.#attachments) attachment.state = 'detached';
        },
      }),
    ];
  }

  lost(): void {
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]();
    this.#connection = undefined;
    this.#manager = undefined;
    for (const attachment of this.#attachments) attachment.state = 'detached';
  }

  [Symbol.dispose](): void {
    this.lost();
    for (const { device } of this.#attachments.splice(0)) device.closeChannels();
  }

  #addInput(
    seat: string,
    kind: InputKind,
    name: string,
    properties: () => Map<string, Variant>,
    onLights?: (bits: number) => void,
  ): InputProvider {
    const device = new InputProvider(kind, onLights);
    this.#add(new Attachment(seat, kind, name, properties, device));
    return device;
  }

  #add(attachment: Attachment): void {
    this.#attachments.push(attachment);
    if (this.#manager !== undefined) void this.#attach(attachment);
  }

  /**
   * A manager that took over what the one before it had still has our devices, with their channels; of another kind of
   * new manager our channels would be nobody's, so they are closed before anything is attached.
   */
  #meet(connection: Connection, owner: string): void {
    const known = this.#callManager('ListDevices', 's', ['']).then(
      ([devices]) =>
        new Set((devices as DeviceRow[]).map((row) => describe(row[0], row[1], row[2], row[3], row[4]))),
      () => new Set<string>(),
    );
    for (const attachment of this.#attachments) {
      attachment.attaching = known.then((rows) => {
        if (connection !== this.#connection || owner !== this.#manager) return undefined;
        const { major, minor, kind, name } = attachment;
        if (!rows.has(describe(major, minor, kind, name, connection.uniqueName)))
          return this.#attach(attachment);
        attachment.state = 'attached';
        return undefined;
      });
    }
  }

  #attach(attachment: Attachment): Promise<void> {
    // Channels of the session manager before this one: it cannot shut them down, so we do, before it can open new ones.
    attachment.device.closeChannels();
    attachment.state = 'attaching';
    const connection = this.#connection;
    const manager = this.#manager;
    const { seat, kind, name } = attachment;
    attachment.attaching = this.#callManager('AttachDevice', 'sssa{sv}', [
      seat,
      kind,
      name,
      attachment.properties(),
    ]).then(
      ([major, minor]) => {
        if (connection !== this.#connection || manager !== this.#manager) return;
        attachment.major = major as number;
        attachment.minor = minor as number;
        attachment.state = 'attached';
      },
      (error: Error) => {
        if (connection !== this.#connection || manager !== this.#manager) return;
        attachment.state = 'detached';
        this.#on.refused?.(kind, name, error);
      },
    );
    return attachment.attaching;
  }

  #callManager(member: string, signature: string, body: unknown[]): Promise<unknown[]> {
    if (!this.#connection) return Promise.reject(new Error(`${member}: not connected to the bus`));
    return this.#connection.call({
      destination: login1.name,
      path: login1.path,
      interface: switchyard.deviceManager,
      member,
      signature,
      body,
    });
  }

  async #find(major: number, minor: number): Promise<Attachment> {
    const known = () =>
      this.#attachments.find((a) => a.state === 'attached' && a.major === major && a.minor === minor);
    // It may be the device whose AttachDevice is about to be answered.
    if (!known()) await this.settled();
    const found = known();
    if (!found) throw invalid(`There is no device ${major}:${minor} here`);
    return found;
  }

  #interface(): Interface {
    return {
      name: switchyard.deviceProvider,
      methods: {
        OpenChannel: {
          in: 'uush',
          inNames: ['major', 'minor', 'session', 'channel'],
          call: async (context: CallContext, major: number, minor: number, session: string, end: Fd) => {
            try {
              if (context.sender !== this.#manager) {
                throw accessDenied('Only the session manager opens channels');
              }
              const { device } = await this.#find(major, minor);
              device.openChannel(session, end.dup());
            } finally {
              end.close();
            }
          },
        },
        Inject: {
          in: 'uuay',
          inNames: ['major', 'minor', 'events'],
          call: async (context: CallContext, major: number, minor: number, events: Uint8Array) => {
            const { uid } = await context.credentials();
            if (uid !== 0 && uid !== process.getuid?.()) {
              throw accessDenied(`uid ${uid} may not make input; root and the seat's owner may`);
            }
            const { device } = await this.#find(major, minor);
            if (!(device instanceof InputProvider)) throw invalid(`${major}:${minor} makes no input events`);
            try {
              device.inject(events);
            } catch (error) {
              throw invalid((error as Error).message);
            }
          },
        },
      },
    };
  }
}

function numbered(name: string, value: number | undefined): Map<string, Variant> {
  return new Map(value === undefined ? [] : [[name, new Variant('u', value)]]);
}

/** What names a device that a provider has attached. */
function describe(major: number, minor: number, kind: string, name: string, provider: string): string {
  return JSON.stringify([major, minor, kind, name, provider]);
}

function accessDenied(message: string): DBusError {
  return new DBusError(ErrorName.accessDenied, message);
}
function invalid(message: string): DBusError {
  return new DBusError(ErrorName.invalidArgs, message);
}
