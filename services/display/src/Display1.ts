import { statSync } from 'node:fs';
import { type CallContext, type Connection, DBusError, type Interface, type Variant } from '@switchyard/dbus';
import type { Keymap } from '@switchyard/input';
import type { Log, RuntimeDir, SeatPlace } from '@switchyard/runtime';
import { addSeals, createMemfd, type Fd, Mapping } from '@switchyard/sys';
import type { ListeningSocket } from '@switchyard/wayland';
import type { Compositor } from './Compositor.js';
import type { SeatLayout } from './input/SeatLayout.js';
import { isPrivilege, isTrusted, type Privilege, privilegeNames } from './Privileges.js';
import type { DisplaySession } from './session/DisplaySession.js';
import { listenSession } from './session/SessionSocket.js';
import type { Windows } from './session/Windows.js';
import { isSealing } from './shm/SharedMemory.js';

export const display1 = {
  name: 'org.switchyard.Display',
  path: '/org/switchyard/Display1',
  interface: 'org.switchyard.Display1',
} as const;

/** org.switchyard.Display1: sessions with sockets of their own, and screenshots. */
export class Display1 {
  readonly #compositor: Compositor;
  readonly #place: SeatPlace;
  readonly #directory: string;
  readonly #waylandDisplay: string;
  readonly #log: Log;
  readonly #sockets = new Map<DisplaySession, ListeningSocket>();
  #connection: Connection | undefined;
  readonly #layout: SeatLayout;
  /** The one that was chosen last. */
  #keymap: Keymap | undefined;

  /** `waylandDisplay`: the common socket. */
  constructor(
    compositor: Compositor,
    place: SeatPlace,
    directory: RuntimeDir,
    waylandDisplay: string,
    layout: SeatLayout,
    log: Log,
  ) {
    this.#compositor = compositor;
    this.#place = place;
    this.#directory = place.sessions(directory);
    this.#waylandDisplay = waylandDisplay;
    this.#layout = layout;
    this.#log = log;
  }

  async serve(connection: Connection): Promise<void> {
    this.#connection = connection;
    connection.export(display1.path, this.#interface());
    await connection.requestName(this.#place.busName(display1.name));
  }

  close(): void {
    for (const listener of this.#sockets.values()) listener.close();
    this.#sockets.clear();
  }

  #interface(): Interface {
    return {
      name: display1.interface,
      methods: {
        CreateSession: {
          in: 'a{sv}',
          inNames: ['options'],
          out: 'ss',
          outNames: ['id', 'wayland_display'],
          call: (context: CallContext, options: Map<string, Variant>) =>
            this.#createSession(context, options),
        },
        ListSessions: {
          out: 'a(su)',
          outNames: ['sessions'],
          call: () => [
            [...this.#compositor.sessions].flatMap(({ id, windows }) =>
              id === undefined ? [] : [[id, windows.toplevels.filter(({ mapped }) => mapped).length]],
            ),
          ],
        },
        SetLayout: {
          in: 's',
          inNames: ['layout'],
          call: (context: CallContext, layout: string) => this.#setLayout(context, layout),
        },
        Screenshot: {
          in: 'ss',
          inNames: ['kind', 'id'],
          out: 'huuu',
          outNames: ['pixels', 'width', 'height', 'stride'],
          call: (context: CallContext, kind: string, id: string) => this.#screenshot(context, kind, id),
        },
      },
      properties: {
        Layout: { type: 's', get: () => this.#layout.name },
        WaylandDisplay: { type: 's', emits: 'const', get: () => this.#waylandDisplay },
      },
    };
  }

  async #createSession(context: CallContext, options: Map<string, Variant>): Promise<unknown[]> {
    const caller = await context.credentials();
    checkOptions(options);
    const text = (key: string, otherwise: string) => (options.get(key)?.value as string) ?? otherwise;
    const seat = text('seat', this.#compositor.options.seat);
    if (seat !== this.#compositor.options.seat)
      throw new DBusError(
        'org.freedesktop.login1.NoSuchSeat',
        `this display shows ${this.#compositor.options.seat}, not ${seat}`,
      );
    const sealing = text('sealing', this.#compositor.options.sealing);
    if (!isSealing(sealing))
      throw new DBusError(
        'org.freedesktop.DBus.Error.InvalidArgs',
        `sealing is auto, require or off, not ${sealing}`,
      );
    const type = text('type', 'wayland');
    if (type !== 'wayland' && type !== 'x11')
      throw new DBusError('org.freedesktop.DBus.Error.InvalidArgs', `type is wayland or x11, not ${type}`);
    const leader = leaderOption(options, caller);
    const uid = uidOption(options, caller);
    const session = this.#compositor.createSession({
      title: text('title', ''),
      fallbackTitle: 'session',
      seat,
      uid,
      leader,
      type,
      class: text('class', 'user'),
      background: options.get('background')?.value === true,
      lazy: false,
      sealing,
      privileges: privilegesOption(options, caller),
    });
    const id = await session.open();
    const path = this.#listen(session, id, uid);
    session.setDisplay(path);
    this.#log.debug({ session: id, path }, 'session socket');
    return [id, path];
  }

  #listen(session: DisplaySession, id: string, uid: number): string {
    try {
      const { listener, path } = listenSession(
        this.#compositor,
        { directory: this.#directory, id, uid },
        (client) => session.addClient(this.#compositor.stateOf(client)),
      );
      this.#sockets.set(session, listener);
      session.onEnd(() => {
        this.#sockets.delete(session);
        listener.close();
      });
      return path;
    } catch (error) {
      session.end();
      throw error;
    }
  }

  async #setLayout(context: CallContext, text: string): Promise<void> {
    const { uid } = await context.credentials();
    if (!isTrusted(uid))
      throw new DBusError(
        'org.freedesktop.DBus.Error.AccessDenied',
        `the seat's keyboard is not uid ${uid}'s`,
      );
    let keymap: Keymap;
    try {
      keymap = this.#layout.choose(text);
    } catch (error) {
      throw new DBusError('org.freedesktop.DBus.Error.InvalidArgs', (error as Error).message);
    }
    this.#compositor.seat.keyboard.setKeymap(keymap);
    this.#keymap?.[Symbol.dispose]();
    this.#keymap = keymap;
    this.#connection?.emitPropertiesChanged(display1.path, display1.interface, ['Layout']);
  }

  async #screenshot(context: CallContext, kind: string, id: string): Promise<unknown[]> {
    const session = this.#sessionFor(kind, id);
    const { uid } = await context.credentials();
    const allowed = uid === 0 || uid === process.getuid?.() || uid === session?.options.uid;
    if (!allowed)
      throw new DBusError(
        'org.freedesktop.DBus.Error.AccessDenied',
        `the pixels of ${kind} ${id} are not uid ${uid}'s`,
      );
    const { width, height } = this.#compositor.outputs;
    return [this.#pixels(session?.windows, width, height), width, height, width * 4];
  }

  /** undefined: the seat, while none of our sessions is on it. */
  #sessionFor(kind: string, id: string): DisplaySession | undefined {
    if (kind === 'seat') {
      if (id === this.#compositor.options.seat) return this.#compositor.activeSession;
      throw new DBusError('org.freedesktop.login1.NoSuchSeat', `no seat ${id} here`);
    }
    if (kind !== 'session')
      throw new DBusError(
        'org.freedesktop.DBus.Error.InvalidArgs',
        `a screenshot is of a seat or a session, not of a ${kind}`,
      );
    for (const session of this.#compositor.sessions) if (session.id === id) return session;
    throw new DBusError('org.freedesktop.login1.NoSuchSession', `the display has no session ${id}`);
  }

  #pixels(windows: Windows | undefined, width: number, height: number): Fd {
    const fd = createMemfd('yard-screenshot', { size: width * height * 4 });
    try {
      using mapping = Mapping.map(fd, width * height * 4, { write: true });
      for (const output of this.#compositor.outputs.list)
        output.compose(mapping.bytes.subarray(output.x * 4), width * 4, windows);
    } catch (error) {
      fd.close();
      throw error;
    }
    addSeals(fd, ['shrink', 'grow', 'write', 'seal']);
    return fd;
  }
}

/** CreateSession's options, and of what type they are. */
const optionTypes: Readonly<Record<string, string>> = {
  ...{ title: 's', seat: 's', type: 's', class: 's', sealing: 's' },
  ...{ leader: 'u', uid: 'u', background: 'b', privileges: 'as' },
};

/** One that nobody knows is a mistake, and not to be passed over: it may be what makes the session safe. */
function checkOptions(options: Map<string, Variant>): void {
  for (const [key, { signature }] of options) {
    const type = Object.hasOwn(optionTypes, key) ? optionTypes[key] : undefined;
    if (type === signature) continue;
    throw new DBusError(
      'org.freedesktop.DBus.Error.InvalidArgs',
      type === undefined ? `there is no option ${key}` : `${key} is of type ${signature}, not ${type}`,
    );
  }
}

/** The clients of whoever runs the seat alone can be given any. */
function privilegesOption(options: Map<string, Variant>, caller: { uid: number }): Privilege[] {
  const names = (options.get('privileges')?.value ?? []) as string[];
  const unknown = names.find((name) => !isPrivilege(name));
  if (unknown !== undefined)
    throw new DBusError(
      'org.freedesktop.DBus.Error.InvalidArgs',
      `there is no privilege ${unknown}; there are ${privilegeNames.join(', ')}`,
    );
  if (names.length > 0 && !isTrusted(caller.uid))
    throw new DBusError(
      'org.freedesktop.DBus.Error.AccessDenied',
      `privileges are root's to give and the display's own user's, not uid ${caller.uid}'s`,
    );
  return names as Privilege[];
}

/** Whose session it is: the caller's, or another's, for whoever lets people in. */
function uidOption(options: Map<string, Variant>, caller: { uid: number }): number {
  const uid = (options.get('uid')?.value as number | undefined) ?? caller.uid;
  if (uid === caller.uid || caller.uid === 0) return uid;
  throw new DBusError(
    'org.freedesktop.DBus.Error.AccessDenied',
    `a session of uid ${uid} is root's to make, not uid ${caller.uid}'s`,
  );
}

/** The process that the caller names, which must be his own, or the caller's. */
function leaderOption(options: Map<string, Variant>, caller: { uid: number; pid: number }): number {
  const leader = options.get('leader')?.value;
  if (leader === undefined) return caller.pid;
  let owner: number | undefined;
  try {
    if (typeof leader === 'number') owner = statSync(`/proc/${leader}`).uid;
  } catch {
    // No such process.
  }
  if (owner === undefined)
    throw new DBusError(
      'org.freedesktop.DBus.Error.InvalidArgs',
      `there is no process ${String(leader)} to lead a session`,
    );
  if (caller.uid !== 0 && caller.uid !== owner)
    throw new DBusError(
      'org.freedesktop.DBus.Error.AccessDenied',
      `process ${String(leader)} is uid ${owner}'s`,
    );
  return leader as number;
}
