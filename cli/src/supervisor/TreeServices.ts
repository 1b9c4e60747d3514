import { type Log, quickStartEnvironment, type RuntimeDir, residentBytes } from '@switchyard/runtime';
import { Listener } from '@switchyard/sys';
import type { Notification } from './NotifySocket.js';
import { Service } from './Service.js';
import type { ServiceCommand } from './services.js';
import type { TreeFile } from './TreeFile.js';

/** A service as `Status` tells it: name, pid, started (µs), RSS, restarts, state. */
export type ServiceRow = [string, number, bigint, bigint, number, string];

export interface TreeServicesOptions {
  readonly directory: RuntimeDir;
  readonly log: Log;
  /** What every process of the tree has in its environment. */
  readonly environment: () => NodeJS.ProcessEnv;
  /** One of them is in another state, or has said something of itself. */
  readonly changed: () => void;
}

/** The tree's services by name: those that it has once, and those of its seats. */
export class TreeServices {
  readonly #options: TreeServicesOptions;
  readonly #services = new Map<string, Service>();

  constructor(options: TreeServicesOptions) {
    this.#options = options;
  }

  get all(): Service[] {
    return [...this.#services.values()];
  }

  get(name: string): Service | undefined {
    return this.#services.get(name);
  }

  has(pid: number): boolean {
    return this.all.some((service) => service.process?.pid === pid);
  }

  make(commands: readonly ServiceCommand[]): Service[] {
    const { directory, log, environment, changed } = this.#options;
    return commands.map(({ name, argv }) => {
      const service = new Service({
        name,
        argv,
        environment: {
          ...quickStartEnvironment(process.env),
          ...environment(),
          NOTIFY_SOCKET: directory.notifySocket,
        },
        directory,
        log,
        changed,
      });
      this.#services.set(name, service);
      return service;
    });
  }

  remove(services: readonly Service[]): void {
    for (const { name } of services) this.#services.delete(name);
  }

  /**
   * Takes over what `left` says is running, and starts the rest at once: what people see first, since each start takes a moment, and
   * the bus, which nobody has to wait for, last. Each calls `ready`; resolves with the last one.
   */
  async start(left: TreeFile | undefined, ready: (service: Service, taken: boolean) => void): Promise<void> {
    const before = new Map(left?.services.map((identity) => [identity.name, identity]));
    const fresh: Service[] = [];
    for (const service of this.all) {
      const identity = before.get(service.name);
      if (identity !== undefined && service.adopt(identity)) ready(service, true);
      else fresh.push(service);
    }
    // Nobody comes before the bus, and asks again and again: who comes waits for it.
    const bus = fresh.find(({ name }) => name === 'bus');
    bus?.keep('bus', Listener.open(this.#options.directory.busSocket, { mode: 0o600 }));
    await Promise.all(
      fresh.reverse().map(async (service) => {
        await service.start();
        ready(service, false);
      }),
    );
  }

  notified(pid: number, what: Notification): void {
    for (const service of this.all) if (service.process?.pid === pid) service.notified(what);
  }

  get rows(): ServiceRow[] {
    return this.all.map((service) => [
      service.name,
      service.process?.pid ?? 0,
      service.startedAt,
      BigInt(service.process ? residentBytes(service.process.pid) : 0),
      service.restarts,
      service.state,
    ]);
  }

  /** What a later supervisor takes them over by. */
  get running(): TreeFile['services'] {
    return this.all.flatMap(({ name, process }) => (process ? [{ name, ...process }] : []));
  }
}
