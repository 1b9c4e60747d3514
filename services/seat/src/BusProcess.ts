import type { Connection } from '@switchyard/dbus';
import { identifyProcess, isRunning, type Log, type ProcessIdentity } from '@switchyard/runtime';

const bus = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};
/** A bus that is only busy answers sooner. */
const PATIENCE_MS = 2000;

/**
 * The process of the bus that we are on. Nothing can be shown while it hangs, the emergency session included, since
 * providers hear over it whose turn it is: so it is killed when somebody calls for attention, and whoever runs it
 * starts another.
 */
export class BusProcess {
  readonly #connection: Connection;
  readonly #identity: ProcessIdentity;
  readonly #log: Log;

  private constructor(connection: Connection, identity: ProcessIdentity, log: Log) {
    this.#connection = connection;
    this.#identity = identity;
    this.#log = log;
  }

  /** Undefined when the bus does not say which process it is. */
  static async of(connection: Connection, log: Log): Promise<BusProcess | undefined> {
    const [pid] = (await connection.call({
      ...{ ...bus, member: 'GetConnectionUnixProcessID' },
      ...{ signature: 's', body: [bus.destination] },
    })) as [number];
    const identity = identifyProcess(pid);
    return identity && new BusProcess(connection, identity, log);
  }

  /** Kills it when it does not answer. */
  async endIfSilent(): Promise<void> {
    try {
      await this.#connection.call({ ...bus, member: 'GetId', timeout: PATIENCE_MS });
    } catch (error) {
      // It ended, or was restarted, meanwhile.
      if (!isRunning(this.#identity)) return;
      this.#log.warn({ pid: this.#identity.pid }, `the bus is killed: ${(error as Error).message}`);
      process.kill(this.#identity.pid, 'SIGKILL');
    }
  }
}
