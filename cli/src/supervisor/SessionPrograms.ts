import { closeSync, openSync, statSync, truncateSync } from 'node:fs';
import { type Connection, DBusError, Variant } from '@switchyard/dbus';
import { quickStartEnvironment, type RuntimeDir } from '@switchyard/runtime';
import { EarlySocket } from './EarlySocket.js';
import { findProgram } from './Program.js';
import { SessionProcess } from './SessionProcess.js';
import { x11Command } from './services.js';

/** The exit statuses of this many programs that have ended can still be asked for. */
const mostStatuses = 256;
/** What a program prints is kept up to this much; then its log begins anew, so that none fills the runtime directory… */
const largestLog = 8 * 1024 * 1024;
/** …looked at this often while a program runs. */
const logLook = 500;
const standardPath = '/usr/local/bin:/usr/bin:/bin';

export interface RunRequest {
  /** Empty: a terminal. */
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
  readonly title?: string | undefined;
  readonly seat: string;
  readonly background?: boolean | undefined;
  /** In an X server of its own. */
  readonly x11?: boolean | undefined;
  /** By the names that Display1.CreateSession has for them. */
  readonly privileges?: readonly string[] | undefined;
  /** stdin, stdout, stderr; without them /dev/null and a log. The caller keeps them. */
  readonly stdio?: readonly [number, number, number] | undefined;
}

/** A program that waits for its session. */
export interface HeldProgram {
  readonly request: RunRequest;
  readonly title: string;
  readonly leader: SessionProcess;
  /** Of one that runs already. */
  readonly socket?: EarlySocket | undefined;
}

export interface SessionProgramsOptions {
  readonly directory: RuntimeDir;
  /** The command of a terminal; it waits for its session by itself. */
  readonly terminal: readonly string[];
  /** What every process of the tree has in its environment. */
  readonly environment: () => NodeJS.ProcessEnv;
  readonly connection: () => Connection;
  /** Where this seat's sessions are shown. Throws DBusError when there is no display. */
  readonly display: (seat: string) => { readonly busName: string; readonly commonDisplay: string };
  /** One of a seat's programs has ended. */
  readonly ended: (seat: string) => void;
}

/** The programs that lead sessions, as children of the supervisor. */
export class SessionPrograms {
  readonly #options: SessionProgramsOptions;
  readonly #running = new Map<number, SessionProcess>();
  /** The seats of running programs. */
  readonly #seats = new Map<number, string>();
  /** When they were started (ms). */
  readonly #started = new Map<number, number>();
  /** What was asked for, by pid, so that it can be started again. */
  readonly #requests = new Map<number, { id: string; request: RunRequest }>();
  readonly #statuses = new Map<number, number>();
  /** The logs of running programs, by pid. */
  readonly #logs = new Map<number, string>();
  #logTimer: NodeJS.Timeout | undefined;

  constructor(options: SessionProgramsOptions) {
    this.#options = options;
  }

  /** How long the one of the seat's programs that was started last has been running (ms). */
  youngestOn(seat: string): number {
    let last = Number.NEGATIVE_INFINITY;
    for (const [pid, of] of this.#seats) if (of === seat) last = Math.max(last, this.#started.get(pid)!);
    return performance.now() - last;
  }

  /** How many run on this seat. */
  countOn(seat: string): number {
    let count = 0;
    for (const of of this.#seats.values()) if (of === seat) count++;
    return count;
  }

  /** Ends the programs of a seat that goes away. */
  async endOn(seat: string): Promise<void> {
    for (const [pid, of] of [...this.#seats]) {
      if (of !== seat) continue;
      this.#running.get(pid)?.kill();
      await this.#running.get(pid)?.exit;
    }
  }

  has(pid: number): boolean {
    return this.#running.has(pid);
  }

  /** Starts a program as a session. Throws DBusError when there is no such program, or no session for it. */
  async run(request: RunRequest): Promise<{ session: string; pid: number }> {
    // Whoever asks for a seat that is not there starts nothing.
    this.#options.display(request.seat);
    return this.admit(this.hold(request));
  }

  /** Starts a program that waits for its session. Throws DBusError when there is no such program. */
  hold(request: RunRequest): HeldProgram {
    const program = this.#program(request);
    return { request, title: program.title, leader: this.#spawn(request, program) };
  }

  /** Starts a program for the tree's first seat before that has a display, as far as it comes without one. Throws DBusError. */
  begin(request: RunRequest): HeldProgram {
    const program = this.#program(request);
    const socket = new EarlySocket(this.#options.directory.sessions);
    try {
      const leader = this.#spawn(request, program, socket);
      void leader.exit.then(() => socket.remove());
      return { request, title: program.title, leader, socket };
    } catch (error) {
      socket.remove();
      throw error;
    }
  }

  /** Gives a held program its session. Throws DBusError when there is none for it; the program then ends. */
  async admit({ request, title, leader, socket }: HeldProgram): Promise<{ session: string; pid: number }> {
    try {
      const { busName } = this.#options.display(request.seat);
      const [id, waylandDisplay] = (await this.#options.connection().call({
        destination: busName,
        path: '/org/switchyard/Display1',
        interface: 'org.switchyard.Display1',
        member: 'CreateSession',
        signature: 'a{sv}',
        body: [
          new Map<string, Variant>([
            ['title', new Variant('s', title)],
            ['seat', new Variant('s', request.seat)],
            ['leader', new Variant('u', leader.pid)],
            ['background', new Variant('b', request.background ?? false)],
            ['type', new Variant('s', request.x11 ? 'x11' : 'wayland')],
            ['privileges', new Variant('as', privilegesOf(request))],
            ...(socket?.options ?? []),
          ]),
        ],
      })) as [string, string];
      // While the tree comes up, the display has just told it, before this answer.
      const { commonDisplay } = this.#options.display(request.seat);
      leader.open(id, waylandDisplay, commonDisplay);
      socket?.handedOn(commonDisplay);
      this.#requests.set(leader.pid, { id, request });
      return { session: id, pid: leader.pid };
    } catch (error) {
      leader.refuse();
      throw error;
    }
  }

  /** The same for one that may have done all that it had to do. */
  async admitIfAlive(program: HeldProgram): Promise<void> {
    if (!this.has(program.leader.pid)) return;
    try {
      await this.admit(program);
    } catch (error) {
      if (this.has(program.leader.pid)) throw error;
    }
  }

  /** Kills a session's program, and starts it again as another session. Throws DBusError when it is none of ours. */
  async restart(session: string): Promise<void> {
    for (const [pid, { id, request }] of this.#requests) {
      const leader = this.#running.get(pid);
      if (id !== session || !leader) continue;
      leader.kill();
      await leader.exit;
      // Whom its files belonged to is gone with whoever asked.
      await this.run({ ...request, stdio: undefined });
      return;
    }
    throw new DBusError(
      'org.freedesktop.login1.NoSuchSession',
      `${session} is no session that yard run started: end it, and start it again where it came from`,
    );
  }

  /** The exit status of a session's program, once it has one. */
  wait(pid: number): Promise<number> {
    const status = this.#statuses.get(pid);
    if (status !== undefined) return Promise.resolve(status);
    const leader = this.#running.get(pid);
    if (leader) return leader.exit;
    throw new DBusError(
      'org.freedesktop.DBus.Error.UnixProcessIdUnknown',
      `${pid} leads no session of this tree`,
    );
  }

  #program({ argv, environment, directory, title, x11 }: RunRequest): {
    argv: readonly string[];
    title: string;
  } {
    const [name] = argv;
    if (name === undefined && x11)
      throw new DBusError('org.freedesktop.DBus.Error.InvalidArgs', 'say what to run in the X server');
    if (name === undefined) return { argv: this.#options.terminal, title: title ?? 'Terminal' };
    const path = environment['PATH'] ?? process.env['PATH'] ?? standardPath;
    if (!findProgram(name, path, directory)) {
      throw new DBusError(
        'org.switchyard.Error.NoSuchProgram',
        `${name}: no such program in ${name.includes('/') ? directory : path}`,
      );
    }
    const shown = title ?? name.split('/').at(-1)!;
    if (!x11) return { argv, title: shown };
    if (!findProgram('Xwayland', path, directory))
      throw new DBusError(
        'org.switchyard.Error.NoSuchProgram',
        'there is no Xwayland in PATH: install it (Debian: apt install xwayland)',
      );
    return { argv: x11Command(this.#options.directory.path, argv, title !== undefined), title: shown };
  }

  #spawn(
    request: RunRequest,
    { argv, title }: { argv: readonly string[]; title: string },
    socket?: EarlySocket,
  ): SessionProcess {
    const { directory, stdio } = request;
    const file = this.#options.directory.log(`run-${fileName(title)}`);
    const log = stdio ? undefined : openSync(file, 'a', 0o600);
    try {
      const leader = new SessionProcess({
        argv,
        waits: socket ? 'at its socket' : request.argv.length === 0 ? 'by itself' : 'at the gate',
        environment: { ...this.#environment(request), ...socket?.environment },
        directory,
        stdio: stdio ?? ['ignore', log!, log!],
      });
      this.#running.set(leader.pid, leader);
      this.#seats.set(leader.pid, request.seat);
      this.#started.set(leader.pid, performance.now());
      if (log !== undefined) this.#watchLog(leader.pid, file);
      void leader.exit.then((status) => this.#ended(leader.pid, status));
      return leader;
    } finally {
      if (log !== undefined) closeSync(log);
    }
  }

  #ended(pid: number, status: number): void {
    const seat = this.#seats.get(pid)!;
    this.#running.delete(pid);
    this.#seats.delete(pid);
    this.#started.delete(pid);
    this.#requests.delete(pid);
    this.#logs.delete(pid);
    if (this.#logs.size === 0) clearInterval(this.#logTimer);
    this.#statuses.set(pid, status);
    if (this.#statuses.size > mostStatuses) this.#statuses.delete(this.#statuses.keys().next().value!);
    this.#options.ended(seat);
  }

  #watchLog(pid: number, file: string): void {
    if (this.#logs.size === 0) this.#logTimer = setInterval(() => this.#shortenLogs(), logLook);
    this.#logs.set(pid, file);
  }

  /** Programs append (O_APPEND), so what they write next stands at the new beginning. */
  #shortenLogs(): void {
    for (const file of this.#logs.values()) {
      try {
        if (statSync(file).size > largestLog) truncateSync(file);
      } catch {
        // Somebody removed it.
      }
    }
  }

  #environment(request: RunRequest): NodeJS.ProcessEnv {
    const environment: NodeJS.ProcessEnv = {
      XDG_RUNTIME_DIR: this.#options.directory.path,
      PATH: standardPath,
      ...request.environment,
      ...this.#options.environment(),
      XDG_SEAT: request.seat,
      XDG_SESSION_TYPE: 'wayland',
      XDG_SESSION_CLASS: 'user',
    };
    // The caller's own screen, VT and supervisor are not this session's.
    for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'WAYLAND_SOCKET', 'XDG_VTNR', 'NOTIFY_SOCKET'])
      delete environment[name];
    return request.argv.length === 0 ? quickStartEnvironment(environment) : environment;
  }
}

/** An X server's clipboard is joined with the user's. */
function privilegesOf({ privileges = [], x11 }: RunRequest): string[] {
  return x11 ? [...new Set([...privileges, 'clipboard'])] : [...privileges];
}

function fileName(title: string): string {
  return title.replaceAll(/[^\w.-]+/g, '_').slice(0, 64);
}
