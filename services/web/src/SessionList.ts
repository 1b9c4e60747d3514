import { type Connection, DBusError, type Variant } from '@switchyard/dbus';
import { login1, switchyard } from '@switchyard/seat';
import type { SessionEntry } from './wire/Control.js';

const propertiesInterface = 'org.freedesktop.DBus.Properties';
const sessionsPath = `${login1.path}/session`;

/** A session as its properties tell; entries of other seats are kept, since a session may be given another seat's name later. */
interface Entry extends SessionEntry {
  seat: string;
  uid: number | undefined;
}

/** Follows the session manager's sessions, for the page's session bar. */
export class SessionList {
  readonly #seat: string;
  readonly #onChanged: () => void;
  readonly #entries = new Map<string, Entry>();
  #connection: Connection | undefined;
  #watches: Disposable[] = [];

  constructor(seat: string, onChanged: () => void) {
    this.#seat = seat;
    this.#onChanged = onChanged;
  }

  /** The seat's sessions in the order in which they came. */
  get sessions(): SessionEntry[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.seat === this.#seat)
      .map(({ seat: _, uid: __, ...entry }) => entry);
  }

  /** The user of the session in front. */
  get owner(): number | undefined {
    return this.#active?.uid;
  }

  /** The id of the session in front. */
  get front(): string | undefined {
    return this.#active?.id;
  }

  /** The session in front shows its lock instead of itself. */
  get covered(): boolean {
    return this.#active?.locked === true;
  }

  /** Whoever is before the seat has not said yet who he is: it shows a lock or a login screen. */
  get barred(): boolean {
    const front = this.#active;
    return this.covered || front?.class === 'lock-screen' || front?.class === 'greeter';
  }

  get #active(): Entry | undefined {
    return [...this.#entries.values()].find(({ seat, active }) => active && seat === this.#seat);
  }

  connected(connection: Connection): void {
    this.lost();
    this.#connection = connection;
    const signal = { type: 'signal', sender: login1.name } as const;
    this.#watches = [
      connection.match({ ...signal, interface: login1.manager, member: 'SessionNew' }, (message) => {
        const [id, path] = message.body as [string, string];
        void this.#load(id, path);
      }),
      connection.match({ ...signal, interface: login1.manager, member: 'SessionRemoved' }, (message) => {
        const [, path] = message.body as [string, string];
        if (this.#entries.delete(path)) this.#onChanged();
      }),
      connection.match(
        {
          ...signal,
          interface: propertiesInterface,
          member: 'PropertiesChanged',
          pathNamespace: sessionsPath,
        },
        (message) => {
          const [, changed] = message.body as [string, Map<string, Variant>, string[]];
          const entry = this.#entries.get(message.path ?? '');
          if (entry !== undefined && apply(entry, changed)) this.#onChanged();
        },
      ),
      connection.watchName(login1.name, {
        // What was known stays on the bar until the new session manager tells: it kept its sessions over a restart.
        appeared: () => void this.#loadAll(),
      }),
    ];
  }

  lost(): void {
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]();
    this.#connection = undefined;
  }

  /** Rejects with the session manager's error. */
  async activate(id: string): Promise<void> {
    if (this.#connection === undefined) throw new Error('the session manager is away; try again');
    await this.#connection.proxy(login1.name, login1.path).call(login1.manager, 'ActivateSession', 's', id);
  }

  /** Ends a session that does not answer; others end by themselves. Rejects with the session manager's error. */
  async end(id: string): Promise<void> {
    const entry = [...this.#entries.values()].find((known) => known.id === id && known.seat === this.#seat);
    if (!entry?.hung) throw new Error('the session answers again');
    if (this.#connection === undefined) throw new Error('the session manager is away; try again');
    await this.#connection.proxy(login1.name, login1.path).call(login1.manager, 'TerminateSession', 's', id);
  }

  async #loadAll(): Promise<void> {
    const connection = this.#connection;
    let listed: [string, number, string, string, string][];
    try {
      [listed] = (await connection!.proxy(login1.name, login1.path).call(login1.manager, 'ListSessions')) as [
        typeof listed,
      ];
    } catch {
      return; // It went away again; the next one is asked when it appears.
    }
    if (connection !== this.#connection) return;
    this.#entries.clear();
    this.#onChanged();
    await Promise.all(listed.map(([id, , , , path]) => this.#load(id, path)));
  }

  async #load(id: string, path: string): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    const entry: Entry = {
      id,
      name: id,
      class: 'user',
      state: 'online',
      active: false,
      locked: false,
      hung: false,
      seat: '',
      uid: undefined,
    };
    // In the list before its properties are known, so that changes meanwhile find it and the order is that of arrival.
    this.#entries.set(path, entry);
    const proxy = connection.proxy(login1.name, path);
    try {
      const [session, extra] = await Promise.all([proxy.getAll(login1.session), titleOf(proxy)]);
      if (this.#entries.get(path) !== entry) return;
      apply(entry, session);
      apply(entry, extra);
      this.#onChanged();
    } catch (error) {
      // The session ended while we asked: SessionRemoved comes or came.
      if (!(error instanceof DBusError)) throw error;
    }
  }
}

/** Another session manager than ours has no titles. */
async function titleOf(proxy: ReturnType<Connection['proxy']>): Promise<Map<string, Variant>> {
  try {
    return await proxy.getAll(switchyard.session);
  } catch (error) {
    if (error instanceof DBusError) return new Map();
    throw error;
  }
}

/** Takes over the properties that the bar shows; false when there are none among them. */
function apply(entry: Entry, properties: Map<string, Variant>): boolean {
  let applied = false;
  for (const [name, { value }] of properties) {
    switch (name) {
      case 'Seat':
        entry.seat = (value as [string, string])[0];
        break;
      case 'User':
        entry.uid = (value as [number, string])[0];
        break;
      case 'Title':
        entry.name = (value as string) || entry.id;
        break;
      case 'Class':
        entry.class = value as string;
        break;
      case 'State':
        entry.state = value as string;
        break;
      case 'Active':
        entry.active = value as boolean;
        break;
      case 'Hung':
        entry.hung = value as boolean;
        break;
      case 'LockedHint':
        entry.locked = value as boolean;
        break;
      default:
        continue;
    }
    applied = true;
  }
  return applied;
}
