import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { BusLink, type Connection, DBusError } from '@switchyard/dbus';
import {
  identifyProcess,
  type Log,
  quickStartEnvironment,
  type RuntimeDir,
  residentBytes,
} from '@switchyard/runtime';
import type { Listener } from '@switchyard/sys';
import { removeYardFile, writeYardFile, type YardFile } from '../YardFile.js';
import { endProcesses, treeProcesses, treeVariable } from './Descendants.js';
import { NotifySocket } from './NotifySocket.js';
import { adoptOrphans } from './Orphans.js';
import { within } from './Patience.js';
import { previousTree, restoreVts } from './PreviousTree.js';
import { claimRuntimeDir } from './RuntimeClaim.js';
import { SeatTerminals } from './SeatTerminals.js';
import { type HeldProgram, SessionPrograms } from './SessionPrograms.js';
import { SharedSeats } from './SharedSeats.js';
import { Splash } from './Splash.js';
import { supervisorInterface, supervisorPath } from './SupervisorInterface.js';
import {
  type ConsoleOptions,
  type MachineOptions,
  type SeatOptions,
  splashCommand,
  terminalCommand,
  treeServices,
} from './services.js';
import { type TreeFile, TreeRecord } from './TreeFile.js';
import type { TreeSeat } from './TreeSeat.js';
import { TreeSeats } from './TreeSeats.js';
import { type ServiceRow, TreeServices } from './TreeServices.js';

/** How long the services have to come up, and the bus to answer, before `yard up` gives up. */
const START_PATIENCE_MS = 15_000;

export interface TreeOptions extends Omit<SeatOptions, 'further'>, MachineOptions, ConsoleOptions {
  /** Programs that start as sessions with the tree. */
  readonly sessions: readonly string[];
}

/** Who hears how far a start is. */
export interface StartEvents {
  readonly progress: (what: string) => void;
  /** The first seat's page can be opened; what it shows comes as soon as there is something. */
  readonly reachable: (url: string) => void;
}

/** The process that `yard up` becomes: it starts the services and the sessions' programs, and starts again what dies. */
export class Supervisor {
  readonly #directory: RuntimeDir;
  readonly #options: TreeOptions;
  readonly #services: TreeServices;
  readonly #terminals: SeatTerminals;
  /** For a later supervisor, that takes the tree over. */
  readonly #record: TreeRecord;
  #tree: string = randomUUID();
  #claim: Listener | undefined;
  #notify: NotifySocket | undefined;
  #bus: BusLink | undefined;
  #ending: Promise<void> | undefined;
  #yard: YardFile | undefined;
  /** While the tree comes up. */
  #splash: Splash | undefined;
  readonly seats: TreeSeats;
  readonly programs: SessionPrograms;
  readonly shared: SharedSeats;
  /** Resolves when the tree is down. */
  readonly ended: Promise<void>;
  #tellEnded!: () => void;

  constructor(directory: RuntimeDir, options: TreeOptions, log: Log) {
    this.#directory = directory;
    this.#options = options;
    const connection = () => this.#connection();
    this.#record = new TreeRecord(
      directory,
      () => this.#running(),
      (error) =>
        log.warn(
          { error: String(error) },
          'the tree is not written down; a later supervisor cannot take it over',
        ),
    );
    this.#services = new TreeServices({
      directory,
      log,
      environment: () => this.#environment(),
      changed: () => {
        this.#record.changed();
        this.#splash?.show(this.#services.all);
      },
    });
    this.programs = new SessionPrograms({
      directory,
      terminal: terminalCommand(directory.path, options),
      environment: () => this.#environment(),
      connection,
      display: (name) => {
        const seat = this.seats.get(name);
        return { busName: seat.displayName, commonDisplay: seat.waylandDisplay };
      },
      ended: (seat) => this.#terminals.ended(seat),
    });
    this.#terminals = new SeatTerminals({
      programs: this.programs,
      log,
      connection,
      seat: (name) => this.seats.find(name),
    });
    this.seats = new TreeSeats({
      directory,
      services: this.#services,
      machine: options,
      connection,
      changed: () => this.#seatsChanged(),
      ready: (seat) => this.#terminals.start(seat),
      endPrograms: (seat) => this.programs.endOn(seat),
    });
    this.shared = new SharedSeats({
      seats: this.seats,
      connection,
      run: (request) => this.programs.run(request),
    });
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  get seat(): string {
    return this.#options.seat;
  }

  /** Brings the tree up; on failure takes down what has started and throws. */
  async start(events: StartEvents): Promise<YardFile> {
    this.#claim = claimRuntimeDir(this.#directory);
    try {
      return await this.#bringUp(events);
    } catch (error) {
      await this.shutdown();
      throw error;
    }
  }

  async #bringUp({ progress, reachable }: StartEvents): Promise<YardFile> {
    const left = await previousTree(this.#directory);
    if (left) this.#tree = left.tree;
    adoptOrphans((pid) => this.#isOwnChild(pid));
    this.#services.make(treeServices(this.#directory.path, this.#options));
    const first = this.seats.make({ ...this.#options, further: false });
    for (const options of left?.seats ?? []) this.seats.make(options);
    this.#notify = new NotifySocket(this.#directory.notifySocket, (pid, what) => {
      this.#services.notified(pid, what);
      if (what.url !== undefined && first.services.some(({ process }) => process?.pid === pid))
        reachable(what.url);
    });
    if (this.#options.splash && !left) this.#splash = this.#showSplash();

    // A program takes longer than any service until it shows something.
    const begun = left ? [] : this.#beginSessions();
    const starting = this.#services.start(left, (service, taken) => {
      progress(`${service.name}: ${taken ? 'taken over' : 'ready'}`);
    });
    this.#record.changed();
    this.#joinBus();
    if (!left) this.#terminals.hold(first);
    await within(START_PATIENCE_MS, 'the services did not become ready', starting);
    const answered = <T>(answer: Promise<T>) => within(START_PATIENCE_MS, 'the bus does not answer', answer);
    const connection = await answered(this.#bus!.connectedOnce());
    const [yard] = await Promise.all([
      answered(this.#describe(connection, first)),
      left ? undefined : this.#admitFirst(connection, first, begun),
    ]);
    this.#yard = yard;
    this.#splash?.end();
    this.#splash = undefined;
    // Who looks for the tree meanwhile waits for this.
    writeYardFile(this.#directory, this.#yard);
    return this.#yard;
  }

  #showSplash(): Splash {
    const { path } = this.#directory;
    const environment = {
      ...quickStartEnvironment(process.env),
      ...this.#environment(),
      NOTIFY_SOCKET: undefined,
    };
    return new Splash(splashCommand(path, this.seat, this.#options), environment, this.#directory);
  }

  /** Meets the services on the bus, as soon as there is one. */
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
  async #describe(connection: Connection, first: TreeSeat): Promise<YardFile> {
    await Promise.all(this.seats.all.map((seat) => seat.meet(connection)));
    return {
      pid: process.pid,
      startTime: identifyProcess(process.pid)!.startTime,
      seat: first.name,
      seats: this.seats.all.map(({ name }) => name),
      url: first.url,
      vnc: first.vnc,
      tlsFingerprint: first.tlsFingerprint,
      waylandDisplay: first.waylandDisplay,
      bus: this.#directory.busAddress,
      runtimeDir: this.#directory.path,
    };
  }

  /** The first sessions, whose programs wait for them. */
  async #admitFirst(connection: Connection, first: TreeSeat, begun: readonly HeldProgram[]): Promise<void> {
    if (this.#splash) await this.#splash.shown(connection, this.seat);
    await this.#terminals.start(first);
    for (const program of begun) await this.programs.admitIfAlive(program);
  }

  /** They load while the services start. */
  #beginSessions(): HeldProgram[] {
    const request = { environment: process.env, directory: process.cwd(), seat: this.seat };
    return this.#options.sessions.map((command) => {
      const title = command.split(/\s/)[0]!.split('/').at(-1);
      return this.programs.begin({ ...request, argv: ['/bin/sh', '-c', `exec ${command}`], title });
    });
  }

  get status(): ServiceRow[] {
    const { pid } = process;
    const started = BigInt(Math.round(performance.timeOrigin * 1000));
    return [['supervisor', pid, started, BigInt(residentBytes(pid)), 0, 'ready'], ...this.#services.rows];
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
    this.#terminals[Symbol.dispose]();
    await endProcesses(() => treeProcesses(this.#tree).filter(({ pid }) => !this.#services.has(pid)));
    this.#bus?.close();
    for (const seat of this.seats.all) await seat.stop();
    for (const name of ['seat', 'bus']) await this.#services.get(name)?.stop();
    await endProcesses(() => treeProcesses(this.#tree));
    await restoreVts(this.#directory);
    this.#notify?.[Symbol.dispose]();
    this.#claim?.close();
    for (const path of this.#directory.leftovers) rmSync(path, { recursive: true, force: true });
    this.#tellEnded();
  }

  /** What every process of the tree has in its environment. */
  #environment(): NodeJS.ProcessEnv {
    return { [treeVariable]: this.#tree, YARD_RUNTIME_DIR: this.#directory.path };
  }

  #connection(): Connection {
    const connection = this.#bus?.connection;
    if (connection) return connection;
    throw new DBusError('org.freedesktop.DBus.Error.Disconnected', 'the bus is restarting; try again');
  }

  #isOwnChild(pid: number): boolean {
    return this.programs.has(pid) || this.#splash?.pid === pid || this.#services.has(pid);
  }

  #seatsChanged(): void {
    if (!this.#yard) return;
    this.#yard = { ...this.#yard, seats: this.seats.all.map(({ name }) => name) };
    writeYardFile(this.#directory, this.#yard);
    this.#record.changed();
  }

  #running(): TreeFile | undefined {
    if (this.#ending) return undefined;
    const seats = this.seats.all.map(({ options }) => options).filter(({ further }) => further);
    return { tree: this.#tree, services: this.#services.running, seats };
  }
}
