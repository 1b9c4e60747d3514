import { BusLink, type CallContext, type Connection, DBusError, type Interface } from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';

/** What is seen there. */
export interface Readable {
  readonly columns: number;
  readonly rows: number;
  text(): string;
  /** As many rows as were asked for, of those that are out of sight. */
  scrollback(rows: number): string;
}

const NAME = 'org.switchyard.Terminal1';
const PATH = '/org/switchyard/Terminal1';

/** What is shown on the bus: it may be another screen from call to call. */
export interface Shown {
  readonly screen: Readable;
  /** Writes what the screen's program prints, from now on, to `fd`, which it takes. Absent where no program prints. */
  record?(fd: Fd): void;
}

/** The terminal on the bus: `org.switchyard.Terminal1.SESSION`, for scripts and assistive programs of the same user. */
export class TerminalBus {
  readonly #link: BusLink;
  readonly #shown: Shown;
  /** Of the sessions that this terminal is and was: who knew it by an old one still finds it. */
  readonly #sessions: Set<string>;
  #size: readonly [number, number];

  constructor(address: string, session: string, shown: Shown) {
    this.#shown = shown;
    const { screen } = shown;
    this.#sessions = new Set([session]);
    this.#size = [screen.columns, screen.rows];
    this.#link = new BusLink(address, {
      connected: async (connection) => {
        connection.export(PATH, this.#interface());
        for (const id of this.#sessions) await connection.requestName(`${NAME}.${id}`);
      },
    });
  }

  /** The window came up in another display: the terminal is another session now, and has its name too. Resolves with its id. */
  async displayChanged(): Promise<string | undefined> {
    const connection = this.#link.connection;
    if (!connection) return undefined;
    const session = await ownSession(connection).catch(() => undefined);
    if (session === undefined || this.#sessions.has(session)) return session;
    this.#sessions.add(session);
    await connection.requestName(`${NAME}.${session}`);
    return session;
  }

  /** Tells listeners when the size is another one. */
  sizeChanged(): void {
    const { columns, rows } = this.#shown.screen;
    if (this.#size[0] === columns && this.#size[1] === rows) return;
    this.#size = [columns, rows];
    this.#link.connection?.emitPropertiesChanged(PATH, NAME, ['Size']);
  }

  close(): void {
    this.#link.close();
  }

  #interface(): Interface {
    return {
      name: NAME,
      methods: {
        Text: {
          out: 's',
          outNames: ['text'],
          call: async (context) => {
            await ownUserOnly(context);
            return [this.#shown.screen.text()];
          },
        },
        Scrollback: {
          in: 'u',
          inNames: ['rows'],
          out: 's',
          outNames: ['text'],
          call: async (context, rows: number) => {
            await ownUserOnly(context);
            return [this.#shown.screen.scrollback(rows)];
          },
        },
        Record: {
          in: 'h',
          inNames: ['output'],
          call: async (context, output: Fd) => {
            try {
              await ownUserOnly(context);
              if (!this.#shown.record) {
                throw new DBusError('org.freedesktop.DBus.Error.NotSupported', 'no program prints here');
              }
            } catch (error) {
              output.close();
              throw error;
            }
            this.#shown.record(output);
            return [];
          },
        },
      },
      properties: {
        Size: { type: '(uu)', get: () => [this.#shown.screen.columns, this.#shown.screen.rows] },
      },
    };
  }
}

/** The id of the session that this process belongs to, as the session manager knows it. */
async function ownSession(connection: Connection): Promise<string> {
  const login1 = 'org.freedesktop.login1';
  const self = connection.proxy(login1, '/org/freedesktop/login1');
  const [path] = await self.call(`${login1}.Manager`, 'GetSessionByPID', 'u', process.pid);
  return String(await connection.proxy(login1, String(path)).get(`${login1}.Session`, 'Id'));
}

/** What a terminal shows may be secret from other users. */
async function ownUserOnly(context: CallContext): Promise<void> {
  const { uid } = await context.credentials();
  if (uid !== 0 && uid !== process.getuid?.()) {
    throw new DBusError(
      'org.freedesktop.DBus.Error.AccessDenied',
      `the terminal of uid ${process.getuid?.()} shows its text to that user and root only, not to uid ${uid}`,
    );
  }
}
