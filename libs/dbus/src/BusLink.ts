import { Connection } from './Connection.js';
import type { Interface } from './Interface.js';
import type { MatchRule } from './MatchRule.js';
import type { Message } from './Message.js';
import type { NameWatcher } from './NameOwners.js';
import type { ExportedObject } from './typed/ExportedObject.js';
import type { InterfaceTypes, TypedInterface } from './typed/InterfaceTypes.js';

/** The first pause is short, since a supervised bus is back at once; a bus that stays away is asked once a second. */
const firstPause = 50;
const longestPause = 1000;

export type BusLinkHandlers = {
  /** A new connection, on which all that the link was told to claim is claimed already: do what else there is. It may be lost before this has finished. */
  connected?(connection: Connection): void | Promise<void>;
  /** The connection of the last `connected` is gone. */
  lost?(): void;
};

/** What a link makes anew on every connection. */
type Claim = { make(connection: Connection): Disposable; made: Disposable | undefined };

/**
 * Keeps a connection to a bus for ever. What is claimed here (names, matches, exported objects) is claimed again on every new
 * connection, in the order in which it was first, before `connected`; claims end when they are disposed.
 *
 *   connecting ──▶ connected ──lost──▶ pausing (50 ms, doubling to 1 s) ──▶ connecting
 *       └──refused──▶ pausing
 */
export class BusLink {
  readonly #address: string;
  readonly #on: BusLinkHandlers;
  #connection: Connection | undefined;
  #pause = firstPause;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #claims = new Set<Claim>();
  #waiting: ((connection: Connection) => void)[] = [];

  constructor(address: string, on: BusLinkHandlers = {}) {
    this.#address = address;
    this.#on = on;
    void this.#connect();
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** The connection that is there, or the next one. */
  connectedOnce(): Promise<Connection> {
    if (this.#connection) return Promise.resolve(this.#connection);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Owns a name whenever the bus is there. `told` hears RequestNameReply of each connection, or why not; without it a refusal is thrown where nobody catches it. */
  own(name: string, flags = 0, told?: (result: number | Error) => void): Disposable {
    return this.#claim((connection) => {
      connection.requestName(name, flags).then(told, (error: Error) => {
        if (this.#connection !== connection) return;
        if (!told) throw error;
        told(error);
      });
      return {
        [Symbol.dispose]: () => {
          connection.releaseName(name).catch(() => {});
        },
      };
    });
  }

  /** As Connection.match, on every connection. */
  match(rule: MatchRule, handler: (message: Message) => void): Disposable {
    return this.#claim((connection) => connection.match(rule, handler));
  }

  /** As Connection.watchName, on every connection; when the bus goes, `vanished` is called on the next one only if nobody owns the name there. */
  watchName(name: string, on: NameWatcher): Disposable {
    return this.#claim((connection) => connection.watchName(name, on));
  }

  /** As Connection.export, on every connection. */
  export(path: string, implementation: Interface): Disposable {
    return this.#claim((connection) => connection.export(path, implementation));
  }

  /** As Connection.exportObject; signals and changes that are told while the bus is away go nowhere. */
  exportObject<Types extends InterfaceTypes>(
    path: string,
    description: TypedInterface<Types>,
    object: Types['object'],
    exported: (one: ExportedObject<Types>) => void = () => {},
  ): Disposable {
    return this.#claim((connection) => {
      const one = connection.exportObject(path, description, object);
      exported(one);
      return one;
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#connection?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #claim(make: Claim['make']): Disposable {
    const claim: Claim = { make, made: undefined };
    this.#claims.add(claim);
    if (this.#connection) claim.made = make(this.#connection);
    return {
      [Symbol.dispose]: () => {
        this.#claims.delete(claim);
        claim.made?.[Symbol.dispose]();
        claim.made = undefined;
      },
    };
  }

  async #connect(): Promise<void> {
    let connection: Connection;
    try {
      connection = await Connection.connect(this.#address);
    } catch {
      this.#again();
      return;
    }
    if (this.#closed) return connection.close();
    this.#connection = connection;
    this.#pause = firstPause;
    void connection.closed.then(() => {
      this.#connection = undefined;
      for (const claim of this.#claims) claim.made = undefined;
      if (this.#closed) return;
      this.#on.lost?.();
      this.#again();
    });
    for (const claim of this.#claims) claim.made = claim.make(connection);
    for (const resolve of this.#waiting.splice(0)) resolve(connection);
    try {
      await this.#on.connected?.(connection);
    } catch (error) {
      // Claims fail when the bus goes in between: that is `lost`. Anything else is the owner's mistake.
      if (this.#connection === connection) throw error;
    }
  }

  #again(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#connect(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }
}
