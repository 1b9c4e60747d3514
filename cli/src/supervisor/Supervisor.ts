import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BusLink, type Connection, DBusError, Variant } from '@switchyard/dbus';
import { identifyProcess, type Log, type RuntimeDir, residentBytes } from '@switchyard/runtime';
import { Listener, SystemError } from '@switchyard/sys';
import { Failure } from '../Failure.js';
import { removeYardFile, writeYardFile, type YardFile } from '../YardFile.js';
import { endProcesses, treeProcesses, treeVariable } from './Descendants.js';
import { NotifySocket } from './NotifySocket.js';
import { adoptOrphans } from './Orphans.js';
import { findProgram } from './Program.js';
import { Service } from './Service.js';
import { SessionProcess } from './SessionProcess.js';
import { supervisorInterface, supervisorPath } from './SupervisorInterface.js';
import { consoleCommand, type SeatOptions, serviceCommands } from './services.js';
import { readTreeFile, writeTreeFile } from './TreeFile.js';

/** Exit statuses of sessions that nobody has asked for yet are kept for this many. */
const mostStatuses = 256;
/** A console that ends while nothing else is on the seat comes again after this time, so that one that cannot start does not spin. */
const consolePause = 500;
/** How long the services have to come up, and the bus to answer, before `yard up` gives up. */
const startPatience = 15_000;

export interface TreeOptions extends SeatOptions {
  readonly console: boolean;
  /** Programs that start as sessions with the tree. */
  readonly sessions: readonly string[];
}

export interface RunRequest {
  /** Empty: a terminal. */
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
  readonly title?: string | undefined;
  readonly seat?: string | undefined;
  readonly background?: boolean | undefined;
  /** stdin, stdout, stderr; without them /dev/null and a log. The caller keeps them. */
  readonly stdio?: readonly [number, number, number] | undefined;
}

/** The process that `yard up` becomes: it starts the services and the sessions' programs, and starts again what dies. */
export class Supervisor {
  readonly #directory: RuntimeDir;
  readonly #options: TreeOptions;
  readonly #log: Log;
  readonly #services = new Map<string, Service>();
  readonly #sessions = new Map<number, SessionProcess>();
  readonly #statuses = new Map<number, number>();
  #tree: string = randomUUID();
  #lock: Listener | undefined;
  #notify: NotifySocket | undefined;
  #bus: BusLink | undefined;
  #ending: Promise<void> | undefined;
  #yard: YardFile | undefined;
  /** Resolves when the tree is down. */
  readonly ended: Promise<void>;
  #tellEnded!: () => void;

  constructor(directory: RuntimeDir, options: TreeOptions, log: Log) {
    this.#directory = directory;
    this.#options = options;
    this.#log = log;
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  /** Brings the tree up; on failure takes down what has started and throws. */
  async start(progress: (what: string) => void): Promise<YardFile> {
    this.#occupy();
    try {
      return await this.#bringUp(progress);
    } catch (error) {
      await this.shutdown();
      throw error;
    }
  }

  async #bringUp(progress: (what: string) => void): Promise<YardFile> {
    const left = readTreeFile(this.#directory);
    if (left) this.#tree = left.tree;
    adoptOrphans((pid) => this.#isOwnChild(pid));
    this.#notify = new NotifySocket(this.#directory.notifySocket, (pid, ready, status) => {
      for (const service of this.#services.values()) {
        if (service.process?.pid === pid) service.notified(ready, status);
      }
    });

    const starting: Promise<void>[] = [];
    for (const { name, argv } of serviceCommands(this.#directory.path, this.#options)) {
      const service = new Service({
        name,
        argv,
        environment: this.#environment(process.env),
        directory: this.#directory,
        log: this.#log,
        changed: () => this.#save(),
      });
      this.#services.set(name, service);
      const before = left?.services.find((entry) => entry.name === name);
      if (before && service.adopt(before)) {
        progress(`${name}: taken over`);
        continue;
      }
      const start = service.start().then(() => progress(`${name}: ready`));
      if (name === 'bus') await start;
      else starting.push(start);
    }
    this.#save();
    await within(startPatience, 'the services did not become ready', Promise.all(starting));
    this.#yard = await within(startPatience, 'the bus does not answer', this.#joinBus());
    writeYardFile(this.#directory, this.#yard);
    if (!left) await this.#startSessions();
    return this.#yard;
  }

  /** Starts a program as a session. Throws DBusError when there is no such program, or no session for it. */
  async run(request: RunRequest): Promise<{ session: string; pid: number }> {
    const connection = this.#connection();
    const isConsole = request.argv.length === 0;
    const argv = isConsole ? consoleCommand(this.#directory.path) : request.argv;
    const path = request.environment['PATH'] ?? process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
    if (!findProgram(argv[0]!, path, request.directory)) {
      throw new DBusError(
        'org.switchyard.Error.NoSuchProgram',
        `${argv[0]}: no such program in ${argv[0]!.includes('/') ? request.directory : path}`,
      );
    }
    const title = request.title ?? (isConsole ? 'Terminal' : argv[0]!.split('/').at(-1)!);
    const log = request.stdio
      ? undefined
      : openSync(this.#directory.log(`run-${fileName(title)}`), 'a', 0o600);
    let leader: SessionProcess;
    try {
      leader = new SessionProcess({
        argv,
        environment: this.#sessionEnvironment(request),
        directory: request.directory,
        stdio: request.stdio ?? ['ignore', log!, log!],
      });
    } finally {
      if (log !== undefined) closeSync(log);
    }
    this.#sessions.set(leader.pid, leader);
    void leader.exit.then((status) => this.#sessionEnded(leader.pid, status));
    try {
      const [id, waylandDisplay] = (await connection.call({
        destination: 'org.switchyard.Display',
        path: '/org/switchyard/Display1',
        interface: 'org.switchyard.Display1',
        member: 'CreateSession',
        signature: 'a{sv}',
        body: [
          new Map<string, Variant>([
            ['title', new Variant('s', title)],
            ['seat', new Variant('s', request.seat ?? this.#options.seat)],
            ['leader', new Variant('u', leader.pid)],
            ['background', new Variant('b', request.background ?? false)],
          ]),
        ],
      })) as [string, string];
      leader.open(id, waylandDisplay);
      return { session: id, pid: leader.pid };
    } catch (error) {
      leader.refuse();
      throw error;
    }
  }

  /** The exit status of a session's program, once it has one. */
  wait(pid: number): Promise<number> {
    const status = this.#statuses.get(pid);
    if (status !== undefined) return Promise.resolve(status);
    const leader = this.#sessions.get(pid);
    if (!leader)
      throw new DBusError(
        'org.freedesktop.DBus.Error.UnixProcessIdUnknown',
        `${pid} leads no session of this tree`,
      );
    return leader.exit;
  }

  status(): [name: string, pid: number, started: bigint, rss: bigint, restarts: number, state: string][] {
    const own = [
      'supervisor',
      process.pid,
      BigInt(Math.round(performance.timeOrigin * 1000)),
      BigInt(residentBytes(process.pid)),
      0,
      'ready',
    ] as [string, number, bigint, bigint, number, string];
    const services = [...this.#services.values()].map(
      (service): [string, number, bigint, bigint, number, string] => [
        service.name,
        service.process?.pid ?? 0,
        service.startedAt,
        BigInt(service.process ? residentBytes(service.process.pid) : 0),
        service.restarts,
        service.state,
      ],
    );
    return [own, ...services];
  }

  /** Sessions first, then the services, then whatever else the tree left; resolves when nothing of it runs. */
  shutdown(): Promise<void> {
    this.#ending ??= this.#takeDown();
    return this.#ending;
  }

  async #takeDown(): Promise<void> {
    removeYardFile(this.#directory);
    const servicePids = () => new Set([...this.#services.values()].map((service) => service.process?.pid));
    await endProcesses(() => treeProcesses(this.#tree).filter(({ pid }) => !servicePids().has(pid)));
    this.#bus?.close();
    for (const name of ['web', 'display', 'seat', 'bus']) await this.#services.get(name)?.stop();
    await endProcesses(() => treeProcesses(this.#tree));
    this.#notify?.[Symbol.dispose]();
    this.#lock?.close();
    for (const name of ['state', 'sessions', 'bus'])
      rmSync(join(this.#directory.path, name), { recursive: true, force: true });
    this.#tellEnded();
  }

  /** The runtime directory is ours alone, and no other supervisor is at work in it. */
  #occupy(): void {
    const { path, state, sessions, logs } = this.#directory;
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      const stat = lstatSync(path);
      if (!stat.isDirectory())
        throw new Failure(`${path} is no directory; choose another with --runtime-dir`);
      if (stat.uid !== process.getuid?.()) {
        throw new Failure(`${path} belongs to uid ${stat.uid}; choose another directory with --runtime-dir`);
      }
      chmodSync(path, 0o700);
      for (const folder of [state, sessions, logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#lock = Listener.listen(join(path, 'supervisor'), {
        mode: 0o600,
        onConnection: (socket) => socket.close(),
      });
    } catch (error) {
      if (error instanceof SystemError && error.code === 'EADDRINUSE') {
        throw new Failure(
          `another yard is starting or running in ${path}; wait for it, or choose another directory with --runtime-dir`,
        );
      }
      if (error instanceof Failure) throw error;
      throw new Failure(
        `cannot use ${path} as runtime directory: ${(error as Error).message}; choose another with --runtime-dir`,
      );
    }
  }

  /** Meets the services on the bus: claims our name, and learns what yard.json tells. */
  #joinBus(): Promise<YardFile> {
    return new Promise((resolve, reject) => {
      this.#bus = new BusLink(this.#directory.busAddress, {
        connected: async (connection) => {
          connection.export(supervisorPath, supervisorInterface(this));
          await connection.requestName('org.switchyard.Supervisor');
          if (!this.#yard) this.#describe(connection).then(resolve, reject);
        },
      });
    });
  }

  async #describe(connection: Connection): Promise<YardFile> {
    const url = await connection
      .proxy('org.switchyard.Web', '/org/switchyard/Web1')
      .get('org.switchyard.Web1', 'Url');
    const display = connection.proxy('org.switchyard.Display', '/org/switchyard/Display1');
    return {
      pid: process.pid,
      startTime: identifyProcess(process.pid)!.startTime,
      seat: this.#options.seat,
      seats: [this.#options.seat],
      url: String(url),
      waylandDisplay: String(await display.get('org.switchyard.Display1', 'WaylandDisplay')),
      bus: this.#directory.busAddress,
      runtimeDir: this.#directory.path,
    };
  }

  async #startSessions(): Promise<void> {
    const base = { environment: process.env, directory: process.cwd() };
    if (this.#options.console) await this.run({ ...base, argv: [], directory: process.env['HOME'] ?? '/' });
    for (const command of this.#options.sessions) {
      await this.run({
        ...base,
        argv: ['/bin/sh', '-c', `exec ${command}`],
        title: command.split(/\s/)[0]!.split('/').at(-1),
      });
    }
  }

  #sessionEnded(pid: number, status: number): void {
    this.#sessions.delete(pid);
    this.#statuses.set(pid, status);
    if (this.#statuses.size > mostStatuses) this.#statuses.delete(this.#statuses.keys().next().value!);
    if (this.#sessions.size === 0 && this.#options.console && !this.#ending)
      setTimeout(() => this.#consoleAgain(), consolePause);
  }

  /** A seat is never left without a session to type into. */
  async #consoleAgain(): Promise<void> {
    if (this.#ending || this.#sessions.size > 0) return;
    try {
      await this.run({ argv: [], environment: process.env, directory: process.env['HOME'] ?? '/' });
    } catch (error) {
      this.#log.warn({ error: String(error) }, 'the console did not start; trying again');
      setTimeout(() => this.#consoleAgain(), consolePause * 4);
    }
  }

  #environment(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return {
      ...base,
      [treeVariable]: this.#tree,
      YARD_RUNTIME_DIR: this.#directory.path,
      NOTIFY_SOCKET: this.#directory.notifySocket,
    };
  }

  #sessionEnvironment(request: RunRequest): NodeJS.ProcessEnv {
    const environment: NodeJS.ProcessEnv = {
      XDG_RUNTIME_DIR: this.#directory.path,
      PATH: process.env['PATH'],
      ...this.#environment(request.environment),
      XDG_SEAT: request.seat ?? this.#options.seat,
      XDG_SESSION_TYPE: 'wayland',
      XDG_SESSION_CLASS: 'user',
      YARD_WAYLAND_DISPLAY: this.#yard?.waylandDisplay,
    };
    // The caller's own screen, VT and supervisor are not this session's.
    for (const name of ['DISPLAY', 'WAYLAND_SOCKET', 'XDG_VTNR', 'NOTIFY_SOCKET']) delete environment[name];
    return environment;
  }

  #connection(): Connection {
    const connection = this.#bus?.connection;
    if (!connection)
      throw new DBusError('org.freedesktop.DBus.Error.Disconnected', 'the bus is restarting; try again');
    return connection;
  }

  #isOwnChild(pid: number): boolean {
    return (
      this.#sessions.has(pid) || [...this.#services.values()].some((service) => service.process?.pid === pid)
    );
  }

  #save(): void {
    if (this.#ending) return;
    const services = [...this.#services.values()].flatMap(({ name, process }) =>
      process ? [{ name, ...process }] : [],
    );
    writeTreeFile(this.#directory, { tree: this.#tree, services });
  }
}

function fileName(title: string): string {
  return title.replaceAll(/[^\w.-]+/g, '_').slice(0, 64);
}

async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Failure(`${what} in ${milliseconds / 1000} s; yard log shows why`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
