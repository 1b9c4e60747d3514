import { readFileSync } from 'node:fs';
import { Connection, type Message, MessageType } from '@switchyard/dbus';
import { driver, RawClient, type RawClientOptions } from '@switchyard/dbus/testing';
import { type Socket, SystemError } from '@switchyard/sys';
import { Broker } from './Broker.js';

/** A broker with one client that behaves, and must be served whatever the others do. */
export class WitnessedBroker {
  readonly #broker: Broker;
  readonly #witness: Connection;
  readonly #idleFds: number;

  private constructor(broker: Broker, witness: Connection) {
    this.#broker = broker;
    this.#witness = witness;
    this.#idleFds = broker.fds;
  }

  static async start(): Promise<WitnessedBroker> {
    const broker = await Broker.start();
    return new WitnessedBroker(broker, await Connection.connect(broker.address));
  }

  get address(): string {
    return this.#broker.address;
  }

  /** How many fds the broker holds beyond what it had with its witness alone. */
  get fds(): number {
    return this.#broker.fds - this.#idleFds;
  }

  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.#broker.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1024;
  }

  /** A client that said Hello. */
  async client(options?: RawClientOptions): Promise<RawClient> {
    const client = await RawClient.connect(this.address, options);
    await client.hello();
    return client;
  }

  /** The witness calls the driver. */
  ask(member: string): Promise<unknown[]> {
    return this.#witness.proxy(driver.destination, driver.path).call(driver.interface, member);
  }

  /** Resolves when all but so many others are gone with all that they held; throws when the broker is. */
  async isUnharmed(others = 0): Promise<void> {
    for (;;) {
      const [names] = (await this.ask('ListNames')) as [string[]];
      if (names.length === 2 + others && this.fds === others) return;
    }
  }

  async stop(): Promise<void> {
    this.#witness.close();
    await this.#broker.stop();
  }
}

/** The next message that is a call, or has this member. */
export async function nextOf(client: RawClient, member?: string): Promise<Message> {
  for (;;) {
    const message = await client.next();
    if (!message) throw new Error('the broker closed the connection');
    if (member === undefined ? message.type === MessageType.methodCall : message.member === member)
      return message;
  }
}

const ignored = Buffer.alloc(64 * 1024);

/** Reads; true when the other side has ended. */
export function readsEnd(socket: Socket): boolean {
  try {
    return socket.receive(ignored) === 0;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    socket.watch({});
    return true;
  }
}
