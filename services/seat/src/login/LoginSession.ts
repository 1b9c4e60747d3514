import { chownSync, existsSync, mkdirSync, readlinkSync, rmdirSync } from 'node:fs';
import { isatty } from 'node:tty';
import { type Connection, Variant } from '@switchyard/dbus';
import { login1, sessionPath } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { LoginOptions } from './LoginOptions.js';

/** What CreateSession answers. */
type Reply = [
  id: string,
  path: string,
  runtimePath: string,
  fifo: Fd,
  uid: number,
  seat: string,
  vt: number,
  existing: boolean,
];

/** A session that this process leads; it lasts as long as the process has it open. */
export class LoginSession implements Disposable {
  readonly id: string;
  readonly #connection: Connection;
  readonly #options: LoginOptions;
  readonly #runtimePath: string;
  readonly #seat: string;
  readonly #vt: number;
  readonly #type: string;
  readonly #fifo: Fd;
  #madeRuntime = false;

  private constructor(connection: Connection, options: LoginOptions, type: string, reply: Reply) {
    this.#connection = connection;
    this.#options = options;
    this.#type = type;
    [this.id, , this.#runtimePath, this.#fifo, , this.#seat, this.#vt] = reply;
  }

  /** Rejects with CreateSession's DBusError. */
  static async open(connection: Connection, options: LoginOptions): Promise<LoginSession> {
    const tty = options.vt > 0 ? `tty${options.vt}` : terminalOfStdin();
    const type = options.type || (tty === '' ? 'unspecified' : 'tty');
    const properties: [string, Variant][] = options.background
      ? [['Background', new Variant('b', true)]]
      : [];
    const reply = await connection.call({
      destination: login1.name,
      path: login1.path,
      interface: login1.manager,
      member: 'CreateSession',
      signature: 'uusssssussbssa(sv)',
      body: [
        options.user.uid,
        process.pid,
        'yard-open-session',
        type,
        options.class,
        options.desktop,
        options.seat,
        options.vt,
        tty,
        '',
        false,
        '',
        '',
        properties,
      ],
    });
    return new LoginSession(connection, options, type, reply as Reply);
  }

  /** Resolves when the session has its seat. Rejects with Activate's DBusError. */
  async activate(): Promise<void> {
    const path = sessionPath(this.id);
    const target = { destination: login1.name, path, interface: login1.session };
    await this.#connection.call({ ...target, member: 'Activate' });
  }

  /** What a program in the session has in its environment, from what this process has in its own. */
  environment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const { user, desktop } = this.#options;
    const environment: NodeJS.ProcessEnv = { ...own };
    // The caller's own screen, buses and supervisor are not this session's.
    for (const name of [
      'DISPLAY',
      'WAYLAND_DISPLAY',
      'WAYLAND_SOCKET',
      'XAUTHORITY',
      'DBUS_SESSION_BUS_ADDRESS',
      'NOTIFY_SOCKET',
      'XDG_VTNR',
      'XDG_SEAT',
      'XDG_SESSION_DESKTOP',
      'XDG_CURRENT_DESKTOP',
    ])
      delete environment[name];
    const runtime = this.#runtimeDirectory(own['XDG_RUNTIME_DIR']);
    if (runtime === undefined) delete environment['XDG_RUNTIME_DIR'];
    else environment['XDG_RUNTIME_DIR'] = runtime;
    if (this.#seat !== '') environment['XDG_SEAT'] = this.#seat;
    if (this.#vt > 0) environment['XDG_VTNR'] = `${this.#vt}`;
    if (desktop !== '') environment['XDG_SESSION_DESKTOP'] = desktop;
    return {
      ...environment,
      XDG_SESSION_ID: this.id,
      XDG_SESSION_TYPE: this.#type,
      XDG_SESSION_CLASS: this.#options.class,
      HOME: user.home,
      USER: user.name,
      LOGNAME: user.name,
      SHELL: user.shell,
    };
  }

  /** The session ends, unless something else still holds the fifo. */
  [Symbol.dispose](): void {
    this.#fifo.close();
    if (this.#madeRuntime) removeEmpty(this.#runtimePath);
    this.#connection.close();
  }

  /** The manager makes it when it is root; else root makes it here, and others have their own or none. */
  #runtimeDirectory(own: string | undefined): string | undefined {
    const { user } = this.#options;
    const path = this.#runtimePath;
    if (path !== '' && !existsSync(path) && process.getuid?.() === 0) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      chownSync(path, user.uid, user.gid);
      this.#madeRuntime = true;
    }
    if (path !== '' && existsSync(path)) return path;
    return user.uid === process.getuid?.() ? own : undefined;
  }
}

/** What a program left in it may be another session's by now. */
function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It is not empty, or somebody else removed it.
  }
}

/** As CreateSession has it: without /dev/. */
function terminalOfStdin(): string {
  if (!isatty(0)) return '';
  const path = readlinkSync('/proc/self/fd/0');
  return path.startsWith('/dev/') ? path.slice('/dev/'.length) : '';
}
