import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BusLink, type Connection, DBusError } from '@switchyard/dbus';
import {
  identifyProcess,
  isRunning,
  type Log,
  quickStartEnvironment,
  type RuntimeDir,
  residentBytes,
} from '@switchyard/runtime';
import { Listener } from '@switchyard/sys';
import { Failure } from '../Failure.js';
import { removeYardFile, writeYardFile, type YardFile } from '../YardFile.js';
import { endProcesses, treeProcesses, treeVariable } from './Descendants.js';
import { NotifySocket } from './NotifySocket.js';
import { adoptOrphans } from './Orphans.js';
import { claimRuntimeDir } from './RuntimeClaim.js';
import { Service } from './Service.js';
import { type RunRequest, SessionPrograms } from './SessionPrograms.js';
import { SharedSeats } from './SharedSeats.js';
import { Splash } from './Splash.js';
import { supervisorInterface, supervisorPath } from './SupervisorInterface.js';
import {
  type ConsoleOptions,
  consoleCommand,
  type MachineOptions,
  restoreVtsCommand,
  type SeatOptions,
  seatServices,
  splashCommand,
  treeServices,
} from './services.js';
import { readTreeFile, type TreeFile, writeTreeFile } from './TreeFile.js';
import { TreeSeat } from './TreeSeat.js';

/** A console that ends while nothing else is on the seat comes again after this time, so that one that cannot start does not spin. */
const consolePause = 500;
/** A program that was just started may show its first window within this time (ms). */
const windowPatience = 5000;
/** How long the services have to come up, and the bus to answer, before `yard up` gives up. */
const startPatience = 15_000;

export interface TreeOptions extends Omit<SeatOptions, 'further'>, MachineOptions, ConsoleOptions {
  /** Programs that start as sessions with the tree. */
  readonly sessions: readonly string[];
}

/** The process that `yard up` becomes: it starts the services and the sessions' programs, and starts again what dies. */
export class Supervisor {
  readonly #directory: RuntimeDir;
  readonly #options: TreeOptions;
  readonly #log: Log;
  readonly #services = new Map<string, Service>();
  /** The first one is that of `yard up`. */
  readonly #seats = new Map<string, TreeSeat>();
  #tree: string = randomUUID();
  #claim: Listener | undefined;
  #notify: NotifySocket | undefined;
  #bus: BusLink | undefined;
  #ending: Promise<void> | undefined;
  #yard: YardFile | undefined;
  /** While the tree comes up. */
  #splash: Splash | undefined;
  readonly programs: SessionPrograms;
  readonly shared: SharedSeats;
  /** Resolves when the tree is down. */
  readonly ended: Promise<void>;
  #tellEnded!: () => void;

  constructor(directory: RuntimeDir, options: TreeOptions, log: Log) {
    this.#directory = directory;
    this.#options = options;
    this.#log = log;
    this.programs = new SessionPrograms({
      directory,
      terminal: consoleCommand(directory.path, options),
      environment: (seat) => this.#environment(this.#seats.get(seat)),
      connection: () => this.#connection(),
      displayName: (seat) => this.#seat(seat).displayName,
      ended: (seat) => {
        setTimeout(() => this.#consoleAgain(seat), consolePause);
      },
    });
    this.shared = new SharedSeats({
      seats: this.#seats,
      connection: () => this.#connection(),
      addSeat: (seat) => this.addSeat(seat),
      removeSeat: (name) => this.removeSeat(name),
      run: (request) => this.programs.run(request),
    });
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  /** Brings the tree up; on failure takes down what has started and throws. */
  async start(progress: (what: string) => void): Promise<YardFile> {
    this.#claim = claimRuntimeDir(this.#directory);
    try {
      return await this.#bringUp(progress);
    } catch (error) {
      await this.shutdown();
      throw error;
    }
  }

  async #bringUp(progress: (what: string) => void): Promise<YardFile> {
    const left = await this.#leftover();
    if (left) this.#tree = left.tree;
    adoptOrphans((pid) => this.#isOwnChild(pid));
    this.#notify = new NotifySocket(this.#directory.notifySocket, (pid, what) => {
      for (const service of this.#services.values()) {
        if (service.process?.pid === pid) service.notified(what);
      }
    });
    if (this.#options.splash && !left) {
      this.#splash = new Splash(
        splashCommand(this.#directory.path, this.#options.seat, this.#options),
        { ...quickStartEnvironment(process.env), ...this.#environment(), NOTIFY_SOCKET: undefined },
        this.#directory,
      );
    }

    const once = this.#makeServices(treeServices(this.#directory.path, this.#options));
    const seats = [{ ...this.#options, further: false }, ...(left?.seats ?? [])].map((seat) =>
      this.#makeSeat(seat),
    );
    const starting = [...once, ...seats.flatMap(({ services }) => services)].map(async (service) => {
      const before = left?.services.find(({ name }) => name === service.name);
      const taken = before !== undefined && service.adopt(before);
      if (!taken) {
        // So that nobody comes before the bus, but waits for it.
        if (service.name === 'bus')
          service.keep('bus', Listener.open(this.#directory.busSocket, { mode: 0o600 }));
        await service.start();
      }
      progress(`${service.name}: ${taken ? 'taken over' : 'ready'}`);
    });
    this.#save();
    this.#joinBus();
    await within(startPatience, 'the services did not become ready', Promise.all(starting));
    this.#yard = await within(startPatience, 'the bus does not answer', this.#describe());
    writeYardFile(this.#directory, this.#yard);
    if (this.#splash) await this.#splash.shown(this.#connection(), this.seat);
    if (!left) await this.#startSessions();
    this.#splash?.end();
    this.#splash = undefined;
    return this.#yard;
  }

  #makeServices(commands: readonly { name: string; argv: string[] }[]): Service[] {
    return commands.map(({ name, argv }) => {
      const service = new Service({
        name,
        argv,
        environment: {
          ...quickStartEnvironment(process.env),
          ...this.#environment(),
          NOTIFY_SOCKET: this.#directory.notifySocket,
        },
        directory: this.#directory,
        log: this.#log,
        changed: () => {
          this.#save();
          this.#splash?.show([...this.#services.values()]);
        },
      });
      this.#services.set(name, service);
      return service;
    });
  }

  #makeSeat(options: SeatOptions): TreeSeat {
    const seat = new TreeSeat(
      options,
      this.#makeServices(seatServices(this.#directory.path, options, this.#options)),
    );
    this.#seats.set(seat.name, seat);
    return seat;
  }

  /** One more seat; resolves when it can be seen. Throws DBusError. */
  async addSeat(wanted: SeatOptions): Promise<TreeSeat> {
    // Whoever comes in by a greeter has a terminal of his own.
    const options = { ...wanted, console: wanted.console && !this.#options.greeter };
    if (this.#seats.has(options.seat))
      throw new DBusError('org.switchyard.Error.SeatExists', `${options.seat} is there already`);
    const connection = this.#connection();
    const seat = this.#makeSeat(options);
    try {
      await Promise.all(seat.services.map((service) => service.start()));
      await seat.meet(connection);
    } catch (error) {
      await this.#dropSeat(seat);
      throw new DBusError(
        'org.freedesktop.DBus.Error.Failed',
        `${options.seat}: ${(error as Error).message}`,
      );
    }
    this.#seatsChanged();
    if (options.console) await this.programs.run(this.#consoleRequest(seat));
    return seat;
  }

  /** Ends a seat's sessions and services. Throws DBusError. */
  async removeSeat(name: string): Promise<void> {
    const seat = this.#seat(name);
    if (!seat.options.further)
      throw new DBusError(
        'org.freedesktop.DBus.Error.InvalidArgs',
        `${name} is the tree's first seat: yard down ends it with the tree`,
      );
    await this.#dropSeat(seat);
    this.#seatsChanged();
  }

  async #dropSeat(seat: TreeSeat): Promise<void> {
    this.#seats.delete(seat.name);
    await this.programs.endOn(seat.name);
    await seat.stop();
    for (const { name } of seat.services) this.#services.delete(name);
    for (const path of [seat.place.state(this.#directory), seat.place.sessions(this.#directory)])
      rmSync(path, { recursive: true, force: true });
    this.#save();
  }

  #seatsChanged(): void {
    if (!this.#yard) return;
    this.#yard = { ...this.#yard, seats: [...this.#seats.keys()] };
    writeYardFile(this.#directory, this.#yard);
    this.#save();
  }

  #seat(name: string): TreeSeat {
    const seat = this.#seats.get(name);
    if (seat) return seat;
    throw new DBusError(
      'org.freedesktop.login1.NoSuchSeat',
      `no seat ${name} has a display; those that have one: ${[...this.#seats.keys()].join(', ')}`,
    );
  }

  /** The tree of a supervisor that died, when any of its services runs; if none does, its programs are of no use and end. */
  async #leftover(): Promise<TreeFile | undefined> {
    const left = readTreeFile(this.#directory);
    if (!left || left.services.some(isRunning)) return left;
    await endProcesses(() => treeProcesses(left.tree));
    await this.#restoreVts();
    return undefined;
  }

  /** A seat manager that was killed has left VTs on which nobody can type. */
  async #restoreVts(): Promise<void> {
    if (!existsSync(join(this.#directory.state, 'vts.json'))) return;
    const [program, ...rest] = restoreVtsCommand(this.#directory.path);
    const child = spawn(program!, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
    await new Promise<void>((resolve) => {
      child.on('error', () => resolve());
      child.on('exit', () => resolve());
    });
  }

  /** The seats that people sit at. */
  get screens(): string[] {
    return [...this.#seats.values()].filter(({ options }) => !options.shared).map(({ name }) => name);
  }

  get seat(): string {
    return this.#options.seat;
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

  /** A service by its name, or the program of a session by the session's id: killed, and started again. Throws DBusError. */
  async restart(name: string): Promise<void> {
    const service = this.#services.get(name);
    if (service) service.kill();
    else await this.programs.restart(name);
  }

  /** Sessions first, then the services, then whatever else the tree left; resolves when nothing of it runs. */
  shutdown(): Promise<void> {
    this.#ending ??= this.#takeDown();
    return this.#ending;
  }

  async #takeDown(): Promise<void> {
    removeYardFile(this.#directory);
    this.shared[Symbol.dispose]();
    const servicePids = () => new Set([...this.#services.values()].map((service) => service.process?.pid));
    await endProcesses(() => treeProcesses(this.#tree).filter(({ pid }) => !servicePids().has(pid)));
    this.#bus?.close();
    for (const seat of this.#seats.values()) await seat.stop();
    for (const name of ['seat', 'bus']) await this.#services.get(name)?.stop();
    await endProcesses(() => treeProcesses(this.#tree));
    await this.#restoreVts();
    this.#notify?.[Symbol.dispose]();
    this.#claim?.close();
    for (const path of this.#directory.leftovers) rmSync(path, { recursive: true, force: true });
    this.#tellEnded();
  }

  /** Meets the services on the bus. */
  #joinBus(): void {
    this.#bus = new BusLink(this.#directory.busAddress, {
      connected: async (connection) => {
        connection.export(supervisorPath, supervisorInterface(this));
        await connection.requestName('org.switchyard.Supervisor');
        this.shared.connected(connection);
      },
    });
  }

  /** What yard.json tells, as the services that are ready have it. */
  async #describe(): Promise<YardFile> {
    const connection = await this.#bus!.connectedOnce();
    await Promise.all([...this.#seats.values()].map((seat) => seat.meet(connection)));
    const first = this.#seat(this.seat);
    return {
      pid: process.pid,
      startTime: identifyProcess(process.pid)!.startTime,
      seat: this.#options.seat,
      seats: [...this.#seats.keys()],
      url: first.url,
      vnc: first.vnc,
      tlsFingerprint: first.tlsFingerprint,
      waylandDisplay: first.waylandDisplay,
      bus: this.#directory.busAddress,
      runtimeDir: this.#directory.path,
    };
  }

  async #startSessions(): Promise<void> {
    const { seat } = this.#options;
    const base = { environment: process.env, directory: process.cwd(), seat };
    if (this.#options.console) await this.programs.run(this.#consoleRequest(this.#seat(seat)));
    for (const command of this.#options.sessions) {
      const title = command.split(/\s/)[0]!.split('/').at(-1);
      await this.programs.run({ ...base, argv: ['/bin/sh', '-c', `exec ${command}`], title });
    }
  }

  #consoleRequest(seat: TreeSeat): RunRequest {
    return {
      argv: [],
      environment: process.env,
      directory: process.env['HOME'] ?? '/',
      seat: seat.name,
    };
  }

  /** A seat is never left without a session to type into. */
  async #consoleAgain(name: string): Promise<void> {
    const seat = this.#seats.get(name);
    if (!seat?.options.console || !(await this.#isEmpty(seat)) || this.#ending) return;
    try {
      await this.programs.run(this.#consoleRequest(seat));
    } catch (error) {
      this.#log.warn({ seat: name, error: String(error) }, 'the console did not start; trying again');
      setTimeout(() => this.#consoleAgain(name), consolePause * 4);
    }
  }

  /** Whether whoever looks at the seat sees nothing, though programs without a window may run there. */
  async #isEmpty(seat: TreeSeat): Promise<boolean> {
    if (this.#ending) return false;
    if (this.programs.countOn(seat.name) === 0) return true;
    const age = this.programs.youngestOn(seat.name);
    if (age < windowPatience) {
      setTimeout(() => this.#consoleAgain(seat.name), windowPatience - age);
      return false;
    }
    try {
      const connection = this.#connection();
      const display = connection.proxy(seat.displayName, '/org/switchyard/Display1');
      const [shown] = (await display.call('org.switchyard.Display1', 'ListSessions', '')) as [
        [string, number][],
      ];
      if (shown.some(([, windows]) => windows > 0)) return false;
      const [path] = (await connection
        .proxy('org.freedesktop.login1', '/org/freedesktop/login1')
        .call('org.freedesktop.login1.Manager', 'GetSeat', 's', seat.name)) as [string];
      const active = await connection
        .proxy('org.freedesktop.login1', path)
        .get('org.freedesktop.login1.Seat', 'ActiveSession');
      const [front] = active as [string, string];
      // What is in front beside the display's sessions draws by itself.
      return front === '' || shown.some(([id]) => id === front);
    } catch (error) {
      if (error instanceof DBusError) return false;
      throw error;
    }
  }

  /** What every process of the tree, and of this seat, has in its environment. */
  #environment(seat?: TreeSeat): NodeJS.ProcessEnv {
    return {
      [treeVariable]: this.#tree,
      YARD_RUNTIME_DIR: this.#directory.path,
      YARD_WAYLAND_DISPLAY: seat?.waylandDisplay || undefined,
    };
  }

  #connection(): Connection {
    const connection = this.#bus?.connection;
    if (connection) return connection;
    throw new DBusError('org.freedesktop.DBus.Error.Disconnected', 'the bus is restarting; try again');
  }

  #isOwnChild(pid: number): boolean {
    return (
      this.programs.has(pid) ||
      this.#splash?.pid === pid ||
      [...this.#services.values()].some((service) => service.process?.pid === pid)
    );
  }

  #save(): void {
    if (this.#ending) return;
    const services = [...this.#services.values()].flatMap(({ name, process }) =>
      process ? [{ name, ...process }] : [],
    );
    try {
      const seats = [...this.#seats.values()].map(({ options }) => options).filter(({ further }) => further);
      writeTreeFile(this.#directory, { tree: this.#tree, services, seats });
    } catch (error) {
      this.#log.warn(
        { error: String(error) },
        'the tree is not written down; a later supervisor cannot take it over',
      );
    }
  }
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
