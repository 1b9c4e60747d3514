import type { Interface } from '../wire/Interface.js';
import { MalformedMessage, type MessageReader } from '../wire/MessageReader.js';
import type { MessageWriter } from '../wire/MessageWriter.js';
import type { Client } from './Client.js';

export type ResourceClass<R extends Resource = Resource> = {
  readonly interface: Interface;
  new (client: Client, id: number, version: number): R;
};

/**
 * A client's object as the server holds it. The generated subclass has one `send…` method an event and decodes requests
 * into calls of its handler, which has one method a request.
 *
 * - An event newer than the version that the client bound is not sent, without a word: servers need not compare versions.
 * - An event of a destroyed resource or a gone client is not sent either; an Fd in it is closed all the same.
 * - An event that names a destroyed resource or another client's one is a bug of the server and throws.
 * - A destructor request destroys the resource after its handler returned; an event that is a destructor after it was sent.
 */
export abstract class Resource<Handler = unknown, ErrorCode extends number = number> {
  readonly client: Client;
  readonly id: number;
  readonly version: number;
  #handler: Handler | undefined;
  #alive = true;
  #destroyed: Set<() => void> | undefined;

  /** Only the client makes resources: `Client.create` for the server's own, requests with a new_id for the others. */
  constructor(client: Client, id: number, version: number) {
    this.client = client;
    this.id = id;
    this.version = version;
  }

  abstract get interface(): Interface;

  /** Decodes one request and calls the handler. For the runtime. */
  abstract dispatch(opcode: number, message: MessageReader): void;

  get alive(): boolean {
    return this.#alive;
  }

  get implemented(): boolean {
    return this.#handler !== undefined || this.interface.requests.length === 0;
  }

  /** What `implement` was given; mostly the server's own object, found again with instanceof. */
  get handler(): Handler {
    if (this.#handler === undefined) throw new Error(`${this} has no handler`);
    return this.#handler;
  }

  /** Must be called before the request (or the global's bind) that brought the resource returns. */
  implement(handler: Handler): this {
    this.#handler = handler;
    return this;
  }

  /**
   * Called once, while `handler` and `client` may still be used: by a destructor, by `destroy`, or when the client goes.
   * Returns what takes the callback back: an object that a client can make again and again for the same other one must
   * not leave something there each time.
   */
  onDestroy(callback: () => void): () => void {
    this.#destroyed ??= new Set();
    const callbacks = this.#destroyed;
    // Of its own, so that the same function may be given twice.
    const own = (): void => callback();
    callbacks.add(own);
    return () => void callbacks.delete(own);
  }

  /** Ends the client with this error on this object. */
  postError(code: ErrorCode, message: string): void {
    this.client.postError(this, code, message);
  }

  /**
   * Destroys it without the client having asked. Only for objects whose end the client learns otherwise: the protocol
   * says which.
   */
  destroy(): void {
    if (!this.#alive) return;
    // The callbacks run while the id is still valid: a `leave` that names this resource can be sent from them.
    const callbacks = this.#destroyed ?? [];
    this.#destroyed = undefined;
    for (const callback of callbacks) this.client.guard(this, 'onDestroy', callback);
    // One of them may have come here itself.
    if (!this.#alive) return;
    this.#alive = false;
    this.client.removeResource(this);
  }

  toString(): string {
    return `${this.interface.name}@${this.id}`;
  }

  /** Begins an event; undefined when it is not to be sent. */
  protected event(opcode: number, since: number): MessageWriter | undefined {
    if (!this.#alive || since > this.version) return undefined;
    return this.client.beginEvent(this.id, opcode);
  }

  /** The id of an event's object argument. */
  protected reference(resource: Resource | null): number {
    if (resource === null) return 0;
    if (resource.client !== this.client)
      throw new Error(`${this}: an event names another client's ${resource}`);
    if (!resource.alive) throw new Error(`${this}: an event names ${resource}, which is destroyed`);
    return resource.id;
  }

  protected received<R extends Resource>(type: ResourceClass<R>, id: number): R {
    return this.receivedOrNull(type, id) ?? malformed('a null object where none may be');
  }

  protected receivedOrNull<R extends Resource>(type: ResourceClass<R>, id: number): R | null {
    if (id === 0) return null;
    const resource = this.client.resource(id) ?? malformed(`unknown object ${id}`);
    return resource instanceof type ? resource : malformed(`${resource} is not a ${type.interface.name}`);
  }

  protected receivedAny(id: number): Resource {
    return this.client.resource(id) ?? malformed(`unknown object ${id}`);
  }

  /** The resource that a request's new_id argument brings. */
  protected created<R extends Resource>(type: ResourceClass<R>, id: number): R {
    return this.client.createRequested(type, id, this.version);
  }
}

function malformed(what: string): never {
  throw new MalformedMessage(what);
}
