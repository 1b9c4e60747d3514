import { type CallContext, type Connection, DBusError, type Interface, type Variant } from '@switchyard/dbus';
import type { Keymap } from '@switchyard/input';
import type { Log, RuntimeDir, SeatPlace } from '@switchyard/runtime';
import { addSeals, createMemfd, Fd, type Listener, Mapping } from '@switchyard/sys';
import type { ListeningSocket } from '@switchyard/wayland';
import type { Compositor } from './Compositor.js';
import type { SeatLayout } from './input/SeatLayout.js';
import type { Output } from './output/Output.js';
import { isTrusted } from './Privileges.js';
import type { DisplaySession } from './session/DisplaySession.js';
import { parseSessionRequest } from './session/SessionRequest.js';
import { listenSession } from './session/SessionSocket.js';
import type { Windows } from './session/Windows.js';

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
  readonly #sockets = new Map<DisplaySession, ListeningSocket | Listener>();
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
    const given = options.get('listener')?.value;
    // An option of another type is refused below.
    const listener = given instanceof Fd ? given : undefined;
    try {
      return await this.#create(context, options, listener);
    } catch (error) {
      listener?.close();
      throw error;
    }
  }

  /** `listener` is taken over unless it throws. */
  async #create(
    context: CallContext,
    options: Map<string, Variant>,
    listener: Fd | undefined,
  ): Promise<unknown[]> {
    const request = parseSessionRequest(options, await context.credentials(), this.#compositor.options);
    const session = this.#compositor.createSession(request);
    const serve = () =>
      listener && this.#serve(session, listener, String(options.get('display')?.value ?? ''));
    // A program that waits at its socket goes on while services/seat makes its session.
    const early = this.#compositor.outputs.there ? serve() : undefined;
    const id = await session.open();
    const path = early ?? serve() ?? this.#listen(session, id, request.uid);
    session.setDisplay(path);
    this.#log.debug({ session: id, path }, 'session socket');
    return [id, path];
  }

  /** Serves a socket at which the session's program may wait already; its file is the caller's. */
  #serve(session: DisplaySession, fd: Fd, path: string): string {
    return this.#hold(session, () => ({
      listener: this.#compositor.display.adoptListener(fd, {
        onClient: (client) => {
          this.#compositor.admit(client);
          session.addClient(this.#compositor.stateOf(client));
        },
        failed: () => session.end('its socket was shut down'),
      }),
      path,
    }));
  }

  #listen(session: DisplaySession, id: string, uid: number): string {
    return this.#hold(session, () =>
      listenSession(this.#compositor, { directory: this.#directory, id, uid }, (client) =>
        session.addClient(this.#compositor.stateOf(client)),
      ),
    );
  }

  /** Opens the session's socket, which is closed with it, and gives its path. A session that has none ends. */
  #hold(session: DisplaySession, open: () => { listener: ListeningSocket | Listener; path: string }): string {
    try {
      const { listener, path } = open();
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
    const outputs = kind === 'monitor' ? [this.#outputCalled(id)] : this.#compositor.outputs.list;
    return this.#pixels(session?.windows, outputs);
  }

  #outputCalled(name: string): Output {
    const output = this.#compositor.outputs.list.find(
      (each) => this.#compositor.outputGlobals.nameOf(each) === name,
    );
    if (output) return output;
    throw new DBusError('org.freedesktop.login1.NoSuchDevice', `there is no monitor ${name} here`);
  }

  /** undefined: the seat, while none of our sessions is on it. */
  #sessionFor(kind: string, id: string): DisplaySession | undefined {
    if (kind === 'seat') {
      if (id === this.#compositor.options.seat) return this.#compositor.activeSession;
      throw new DBusError('org.freedesktop.login1.NoSuchSeat', `no seat ${id} here`);
    }
    if (kind === 'monitor') return this.#compositor.activeSession;
    if (kind !== 'session')
      throw new DBusError(
        'org.freedesktop.DBus.Error.InvalidArgs',
        `a screenshot is of a seat, a monitor or a session, not of a ${kind}`,
      );
    for (const session of this.#compositor.sessions) if (session.id === id) return session;
    throw new DBusError('org.freedesktop.login1.NoSuchSession', `the display has no session ${id}`);
  }

  /** Side by side, as they are in front of the person. */
  #pixels(windows: Windows | undefined, outputs: readonly Output[]): unknown[] {
    const left = outputs[0]!.x;
    const last = outputs.at(-1)!;
    const width = last.x + last.mode.width - left;
    const height = Math.max(...outputs.map(({ mode }) => mode.height));
    const fd = createMemfd('yard-screenshot', { size: width * height * 4 });
    try {
      using mapping = Mapping.map(fd, width * height * 4, { write: true });
      for (const output of outputs)
        output.compose(mapping.bytes.subarray((output.x - left) * 4), width * 4, windows);
    } catch (error) {
      fd.close();
      throw error;
    }
    addSeals(fd, ['shrink', 'grow', 'write', 'seal']);
    return [fd, width, height, width * 4];
  }
}
