import { closeSync, mkdirSync, writeSync } from 'node:fs';
import { notifyReady } from '@switchyard/runtime/notify';
import { Listener, randomBytes, type Socket } from '@switchyard/sys';
import { Bus } from '../Bus.js';
import type { BusConfig } from '../config/BusConfig.js';
import { readConfig } from '../config/ConfigReader.js';
import { UserDatabase } from '../config/UserDatabase.js';
import type { CommandLine } from './CommandLine.js';
import { configuredSetup, type SetupSource, serviceEnvironment } from './configuredSetup.js';
import { DaemonLog } from './DaemonLog.js';
import { FolderWatch } from './FolderWatch.js';
import { type ListeningPlace, listeningPlaces } from './ListeningPlace.js';
import { PidFile } from './PidFile.js';

/** Anybody may connect as far as the file is concerned; who may stay, the policy says. */
const socketMode = 0o777;
const stderrFd = 2;

/** Node has it on every Unix; its types do not say so. */
type WithGroups = NodeJS.Process & { initgroups(user: string, extraGroup: number): void };

/** A bus that a configuration file describes, as a process: what dbus-daemon is. */
export class Daemon {
  readonly #options: CommandLine;
  readonly #file: string;
  readonly #log = new DaemonLog();
  readonly #listeners: Listener[] = [];
  readonly #watch = new FolderWatch(() => this.#reload());
  #pidFile: PidFile | undefined;
  #bus: Bus | undefined;

  /** `config`: what `file` said. */
  constructor(options: CommandLine, file: string) {
    this.#options = options;
    this.#file = file;
  }

  /** Listens, and tells so those who wait. Throws Error. */
  start(config: BusConfig): void {
    const { printAddress, printPid } = this.#options;
    const guid = randomBytes(16).toString('hex');
    const accept = (socket: Socket) => this.#bus!.accept(socket);
    this.#log.targets = this.#targets(config);
    this.#log.type = config.type;
    const address = this.#listen(config, guid, accept);
    if (printAddress !== undefined) tell(printAddress, `${address}\n`);
    if (printPid !== undefined) tell(printPid, `${process.pid}\n`);
    if (config.pidFile !== undefined && this.#options.pidFile) this.#pidFile = new PidFile(config.pidFile);
    if (config.user !== undefined) becomeUser(config.user);
    const source: SetupSource = {
      read: () => this.#read(),
      systemdActivation: this.#options.systemdActivation,
      environment: serviceEnvironment(process.env, address, config.type),
      warn: (what) => this.#log.warn(what),
    };
    this.#bus = new Bus({
      guid,
      setup: configuredSetup(config, source),
      log: (what, about) =>
        Object.keys(about).length > 0 ? this.#log.debug(what, about) : this.#log.info(what),
    });
    for (const warning of config.warnings) this.#log.warn(warning);
    this.#makeTransientFolder(config);
    process.on('SIGHUP', () => this.#reload());
    notifyReady(`Listening at ${address}`);
    // Not before those who wait have been told.
    setImmediate(() => this.#watchFolders(config));
  }

  close(): void {
    this.#watch.close();
    for (const listener of this.#listeners) listener.close();
    this.#bus?.close();
    this.#pidFile?.remove();
  }

  #listen(config: BusConfig, guid: string, onConnection: (socket: Socket) => void): string {
    const { address } = this.#options;
    const wanted = address === undefined ? config.listen : [address];
    if (wanted.length === 0)
      throw new Error('Configuration file needs one or more <listen> elements giving addresses');
    const told: string[] = [];
    for (const text of wanted)
      for (const place of listeningPlaces(text, process.env)) {
        this.#listeners.push(open(place, onConnection));
        // Clients try the last one first.
        told.unshift(`${place.address},guid=${guid}`);
      }
    return told.join(';');
  }

  /** Where programs may put services while the bus runs: it is there from the start. */
  #makeTransientFolder({ serviceFolders }: BusConfig): void {
    for (const { path, watched } of serviceFolders)
      if (!watched)
        try {
          mkdirSync(path, { recursive: true, mode: 0o700 });
        } catch (error) {
          this.#log.warn(`There is no place for transient services: ${(error as Error).message}`);
        }
  }

  #targets({ syslog }: BusConfig): { stderr: boolean; syslog: boolean } {
    const wanted = this.#options.syslog;
    return {
      stderr: wanted !== 'only',
      syslog: wanted === 'too' || wanted === 'only' || (wanted === 'asConfigured' && syslog),
    };
  }

  #read(): BusConfig {
    const config = readConfig(this.#file);
    for (const warning of config.warnings) this.#log.warn(warning);
    this.#watchFolders(config);
    return config;
  }

  #reload(): void {
    try {
      this.#bus!.reload();
      this.#log.info('Reloaded configuration');
    } catch (error) {
      this.#log.warn(`Unable to reload configuration: ${(error as Error).message}`);
    }
  }

  #watchFolders({ serviceFolders, includedFolders }: BusConfig): void {
    const services = serviceFolders.filter(({ watched }) => watched).map(({ path }) => path);
    this.#watch.folders = [...new Set([...services, ...includedFolders])];
  }
}

function open({ place }: ListeningPlace, onConnection: (socket: Socket) => void): Listener {
  return place.kind === 'inherited'
    ? Listener.adopt(place.fd, { onConnection })
    : Listener.listen(place.socket, { mode: socketMode, onConnection });
}

/** One write, then the end: who reads may read until there is no more. */
function tell(fd: number, text: string): void {
  try {
    writeSync(fd, text);
  } catch (error) {
    throw new Error(`Writing to fd ${fd}: ${(error as Error).message}`);
  }
  if (fd > stderrFd) closeSync(fd);
}

/** `<user>`: after sockets and pid file are made, before a client is heard. */
function becomeUser(text: string): void {
  const user = new UserDatabase().user(text);
  if (!user) throw new Error(`Could not get UID and GID for username "${text}"`);
  if (user.uid === process.getuid?.()) return;
  try {
    (process as WithGroups).initgroups(user.name, user.gid);
    process.setgid!(user.gid);
    process.setuid!(user.uid);
  } catch (error) {
    throw new Error(`Failed to become user "${user.name}": ${(error as Error).message}`);
  }
}
