import type { Interface } from '../wire/Interface.js';
import { MalformedMessage, type MessageReader } from '../wire/MessageReader.js';
import type { MessageWriter } from '../wire/MessageWriter.js';
import type { DisplayConnection } from './DisplayConnection.js';

export type ProxyClass<P extends ObjectProxy = ObjectProxy> = {
  readonly interface: Interface;
  new (display: DisplayConnection, id: number, version: number): P;
};

/** What must be given to make a proxy: its handler, or nothing where the interface has no events. */
export type HandlerOf<P> = P extends ObjectProxy<infer H> ? (undefined extends H ? [] : [handler: H]) : never;

/**
 * A server's object as the client holds it. The generated subclass has one method a request and decodes events into
 * calls of its handler, which has one method an event.
 *
 * - A request newer than the bound version, on a destroyed proxy, or with a destroyed proxy as argument is a bug of the
 *   client and throws. When the connection has ended, requests do nothing.
 * - Events for a destroyed proxy are dropped; their fds are closed.
 * - An event may still name a proxy that the client destroyed a moment ago: see `alive`.
 */
export abstract class ObjectProxy<Handler = unknown> {
  readonly display: DisplayConnection;
  readonly id: number;
  readonly version: number;
  #handler: Handler | undefined;
  #alive = true;

  constructor(display: DisplayConnection, id: number, version: number) {
    this.display = display;
    this.id = id;
    this.version = version;
  }

  abstract get interface(): Interface;

  /** Decodes one event and calls the handler. For the runtime. */
  abstract dispatch(opcode: number, message: MessageReader): void;

  get alive(): boolean {
    return this.#alive;
  }

  get handler(): Handler {
    if (this.#handler === undefined) throw new Error(`${this} has no handler`);
    return this.#handler;
  }

  /** Whether events are still to be delivered. For the runtime. */
  get wanted(): boolean {
    return this.#alive && this.#handler !== undefined;
  }

  get implemented(): boolean {
    return this.#handler !== undefined || this.interface.events.length === 0;
  }

  /** For a proxy that an event brought (wl_data_offer): must be called before that event's handler returns. */
  implement(handler: Handler): this {
    this.#handler = handler;
    return this;
  }

  /** For an interface without destructor: events are dropped from now on, while the server keeps its object. */
  forget(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.display.forgetProxy(this);
  }

  toString(): string {
    return `${this.interface.name}@${this.id}`;
  }

  /** Begins a request; undefined when the connection has ended. */
  protected request(opcode: number, since: number): MessageWriter | undefined {
    if (!this.#alive)
      throw new Error(`${this} is destroyed: ${this.interface.requests[opcode]!.name} cannot be sent`);
    if (since > this.version) {
      const { name } = this.interface.requests[opcode]!;
      throw new Error(`${this}: ${name} needs version ${since}, bound is ${this.version}`);
    }
    return this.display.beginRequest(this.id, opcode);
  }

  protected reference(proxy: ObjectProxy | null): number {
    if (proxy === null) return 0;
    if (proxy.display !== this.display)
      throw new Error(`${this}: a request names ${proxy} of another connection`);
    if (!proxy.alive) throw new Error(`${this}: a request names ${proxy}, which is destroyed`);
    return proxy.id;
  }

  /** The proxy of a request's new_id. */
  protected create<P extends ObjectProxy>(type: ProxyClass<P>, version: number, handler: unknown): P {
    return this.display.createProxy(type, version, handler);
  }

  protected received<P extends ObjectProxy>(type: ProxyClass<P>, id: number): P {
    return this.receivedOrNull(type, id) ?? malformed('a null object where none may be');
  }

  protected receivedOrNull<P extends ObjectProxy>(type: ProxyClass<P>, id: number): P | null {
    if (id === 0) return null;
    const proxy = this.receivedAny(id);
    return proxy instanceof type ? proxy : malformed(`${proxy} is not a ${type.interface.name}`);
  }

  protected receivedAny(id: number): ObjectProxy {
    return this.display.proxy(id) ?? malformed(`unknown object ${id}`);
  }

  /** The proxy of an event's new_id. */
  protected created<P extends ObjectProxy>(type: ProxyClass<P>, id: number): P {
    return this.display.acceptProxy(type, id, this.version);
  }
}

function malformed(what: string): never {
  throw new MalformedMessage(what);
}
