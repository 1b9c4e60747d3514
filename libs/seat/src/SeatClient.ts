import type { Connection, Message, Variant } from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import { type DeviceKind, login1, type PauseKind, switchyard } from './Login1.js';
import { SessionClient } from './SessionClient.js';
import type { SessionEvents, SessionOptions } from './SessionEvents.js';

/** A device as ListDevices and DeviceAdded tell it. */
export interface DeviceInfo {
  readonly seat: string;
  readonly major: number;
  readonly minor: number;
  readonly kind: DeviceKind;
  readonly name: string;
  readonly properties: ReadonlyMap<string, Variant>;
}

/**
 * A process's side of the session manager: it follows login1 on the bus for all the sessions that the process
 * controls. The owner of a BusLink calls connected() and lost() from its handlers; sessions come back by themselves
 * after a restart of the bus or of the session manager.
 */
export class SeatClient {
  readonly #sessions = new Set<SessionClient>();
  #connection: Connection | undefined;
  #manager: string | undefined;
  #watches: Disposable[] = [];

  /**
   * Creates a session, takes its control and its seat's devices. Waits for the session manager when it is away.
   * Rejects with the DBusError of CreateSession or TakeControl.
   */
  async createSession(options: SessionOptions, on: SessionEvents): Promise<SessionClient> {
    const session = new SessionClient(options, on, (ended) => this.#sessions.delete(ended));
    this.#sessions.add(session);
    if (this.#connection && this.#manager !== undefined) session.managerAppeared(this.#connection);
    await session.created;
    return session;
  }

  /** The session manager is on the bus. */
  get available(): boolean {
    return this.#manager !== undefined;
  }

  connected(connection: Connection): void {
    this.lost();
    this.#connection = connection;
    const signal = (interfaceName: string, member: string, handler: (message: Message) => void) =>
      connection.match({ type: 'signal', interface: interfaceName, member }, (message) => {
        // Only the session manager's word counts; others could send the same signal.
        if (message.sender !== undefined && message.sender === this.#manager) handler(message);
      });
    this.#watches = [
      signal(login1.session, 'PauseDevice', (message) => {
        const [major, minor, kind] = message.body as [number, number, PauseKind];
        this.#at(message)?.devicePaused(major, minor, kind);
      }),
      signal(login1.session, 'ResumeDevice', (message) => {
        const [major, minor, channel] = message.body as [number, number, Fd];
        const session = this.#at(message);
        if (session) session.deviceResumed(major, minor, channel);
        else channel.close();
      }),
      signal(login1.session, 'Lock', (message) => this.#at(message)?.locked(true)),
      signal(login1.session, 'Unlock', (message) => this.#at(message)?.locked(false)),
      signal('org.freedesktop.DBus.Properties', 'PropertiesChanged', (message) => {
        const [name, changed] = message.body as [string, Map<string, Variant>];
        const active = name === login1.session ? changed.get('Active') : undefined;
        if (active) this.#at(message)?.activeChanged(active.value as boolean);
      }),
      signal(login1.manager, 'SessionRemoved', (message) => {
        const [id] = message.body as [string];
        for (const session of this.#sessions) if (session.id === id) session.removed();
      }),
      signal(switchyard.deviceManager, 'DeviceAdded', (message) => {
        const [seat, major, minor, kind, name, properties] = message.body as [
          string,
          number,
          number,
          DeviceKind,
          string,
          Map<string, Variant>,
        ];
        for (const session of this.#sessions) {
          session.deviceAdded({ seat, major, minor, kind, name, properties });
        }
      }),
      signal(switchyard.deviceManager, 'DeviceRemoved', (message) => {
        const [, major, minor] = message.body as [string, number, number];
        for (const session of this.#sessions) session.devicePaused(major, minor, 'gone');
      }),
      connection.watchName(login1.name, {
        appeared: (owner) => {
          this.#manager = owner;
          for (const session of this.#sessions) session.managerAppeared(connection);
        },
        vanished: () => {
          this.#manager = undefined;
          for (const session of this.#sessions) session.managerVanished();
        },
      }),
    ];
  }

  lost(): void {
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]();
    this.#connection = undefined;
    this.#manager = undefined;
    for (const session of this.#sessions) session.managerVanished();
  }

  #at(message: Message): SessionClient | undefined {
    for (const session of this.#sessions) {
      if (session.path === message.path) return session;
    }
    return undefined;
  }
}
