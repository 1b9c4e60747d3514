import type { PeerCredentials, Socket } from '@switchyard/sys';
import { WlDisplayError, WlDisplayResource } from '../generated/wayland.js';
import { Connection } from '../wire/Connection.js';
import { FIRST_SERVER_ID } from '../wire/Interface.js';
import { MalformedMessage } from '../wire/MessageReader.js';
import type { MessageWriter } from '../wire/MessageWriter.js';
import type { Display } from './Display.js';
import { RegistryHandler } from './Registry.js';
import type { Resource, ResourceClass } from './Resource.js';

/** A full desktop shell holds a few thousand; each costs us some hundred bytes. */
export const MAX_OBJECTS = 65_536;

/**
 * What waits for a client that does not read, beyond the kernel's own 200 KiB: at 28 bytes a pointer motion with its
 * frame, and 1000 of them a second, a client may hang for half a minute under a moving mouse before it is ended.
 */
export const MAX_QUEUED_BYTES = 1024 * 1024;

/** They are ours until the client has read them, out of the 1024 or so that this process may have open. */
export const MAX_QUEUED_FDS_OUT = 64;

/** Long enough for any explanation, and with the object's name far below the 4096 bytes of a message. */
const MAX_ERROR_TEXT = 1024;

/**
 * One connection.
 *
 *   open ──error posted──▶ failed ──flushed──▶ closed
 *     └────peer gone | destroy─────────────────▶
 *
 * In `failed` nothing is dispatched or sent any more; `closed` follows within the same turn.
 */
type State = 'open' | 'failed' | 'closed';

export class Client {
  readonly display: Display;
  /** From the kernel, as of the connection. */
  readonly credentials: PeerCredentials;
  readonly #connection: Connection;
  readonly #resources = new Map<number, Resource>();
  readonly #displayResource: WlDisplayResource;
  readonly #freeServerIds: number[] = [];
  #state: State = 'open';
  #pauses = 0;
  /** The first id that the client has never used; ids are handed out without gaps. */
  #nextClientId = 2;
  #nextServerId = FIRST_SERVER_ID;
  #requested: Resource[] = [];
  /** The object of the destructor request that is being handled. */
  #destructing: Resource | undefined;
  #destroyed: (() => void)[] = [];

  /** Made by `Display.addClient`. */
  constructor(display: Display, socket: Socket) {
    this.display = display;
    this.credentials = socket.peer;
    socket.limitPending(MAX_QUEUED_BYTES, MAX_QUEUED_FDS_OUT);
    this.#connection = new Connection(socket, {
      message: (object, opcode) => this.#dispatch(object, opcode),
      malformed: (object, what) => this.#malformed(object, what),
      ended: (error) => {
        if (error?.code === 'ENOBUFS') this.#report('the client does not read its events');
        this.destroy();
      },
    });
    this.#displayResource = new WlDisplayResource(this, 1, 1).implement({
      sync: (_, callback) => {
        display.synchronizing(this);
        callback.sendDone(display.nextSerial());
      },
      getRegistry: (_, registry) => {
        const handler = new RegistryHandler(display, registry);
        registry.implement(handler);
        handler.announceAll();
      },
    });
    this.#resources.set(1, this.#displayResource);
  }

  get pid(): number {
    return this.credentials.pid;
  }

  get uid(): number {
    return this.credentials.uid;
  }

  get alive(): boolean {
    return this.#state === 'open';
  }

  /** Bytes sent to the client that the kernel has not taken yet. */
  get queuedBytes(): number {
    return this.#connection.queuedBytes;
  }

  /** The kernel takes no more for it now. To be asked before other clients' wishes are sent on: they must not end this one. */
  get congested(): boolean {
    this.#connection.flush();
    return this.#connection.queuedBytes > 0;
  }

  get objectCount(): number {
    return this.#resources.size;
  }

  resource(id: number): Resource | undefined {
    return this.#resources.get(id);
  }

  /** A server-side resource (wl_data_offer and the like), to be sent as a new_id. Throws when the client is gone. */
  create<R extends Resource>(type: ResourceClass<R>, version: number): R {
    if (this.#state !== 'open') throw new Error(`${type.interface.name} for a client that is gone`);
    const resource = new type(this, this.#freeServerIds.pop() ?? this.#nextServerId++, version);
    this.#add(resource);
    return resource;
  }

  /**
   * Ends the client with a protocol error: what was sent before and the error are flushed, nothing more is dispatched,
   * and the connection closes within this turn.
   */
  postError(resource: Resource | undefined, code: number, message: string): void {
    if (this.#state !== 'open') return;
    const writer = this.#connection.writer;
    writer.begin(1, 0);
    writer.uint(resource?.id ?? 1);
    writer.uint(code);
    writer.string(message.replaceAll('\0', '').slice(0, MAX_ERROR_TEXT));
    writer.end();
    this.#state = 'failed';
    this.display.clientFailed(this, resource ?? this.#displayResource, code, message);
    // Not at once: the error may come from deep inside a handler that goes on using its resources.
    queueMicrotask(() => this.destroy());
  }

  postNoMemory(): void {
    this.postError(undefined, WlDisplayError.no_memory, 'no memory');
  }

  postImplementationError(message: string): void {
    this.postError(undefined, WlDisplayError.implementation, message);
  }

  /** Called once when the client goes, before its resources are destroyed. */
  onDestroy(callback: () => void): void {
    this.#destroyed.push(callback);
  }

  /** No request is dispatched until `resumeReading`, not even one that has been received. Both are counted. */
  pauseReading(): void {
    if (this.#pauses++ === 0) this.#connection.pause();
  }

  resumeReading(): void {
    if (this.#pauses > 0 && --this.#pauses === 0) this.#connection.resume();
  }

  /** Hands everything to the kernel now instead of at the end of the turn. */
  flush(): void {
    this.#connection.flush();
  }

  /** Flushes, closes the connection, and destroys the resources, the youngest first. */
  destroy(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#connection.flush();
    this.#connection.close();
    const callbacks = this.#destroyed;
    this.#destroyed = [];
    for (const callback of callbacks) this.guard(this.#displayResource, 'onDestroy', callback);
    for (const resource of [...this.#resources.values()].reverse()) resource.destroy();
    this.display.removeClient(this);
  }

  /** Runs a callback of the server's; what it throws ends this client only. For the runtime. */
  guard(resource: Resource, what: string, callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#handlerFailed(resource, what, error);
    }
  }

  /** For the runtime. */
  beginEvent(object: number, opcode: number): MessageWriter | undefined {
    if (this.#state !== 'open') return undefined;
    this.#connection.writer.begin(object, opcode);
    return this.#connection.writer;
  }

  /** The resource of a request's new_id. For the runtime. */
  createRequested<R extends Resource>(type: ResourceClass<R>, id: number, version: number): R {
    if (id === 0) throw new MalformedMessage('a null new id');
    if (id >= FIRST_SERVER_ID) throw new MalformedMessage(`new id ${id} is in the server's range`);
    if (id > this.#nextClientId) throw new MalformedMessage(`new id ${id} is out of order`);
    if (this.#resources.has(id)) throw new MalformedMessage(`new id ${id} is in use`);
    if (id === this.#nextClientId) this.#nextClientId++;
    const resource = new type(this, id, version);
    this.#add(resource);
    this.#requested.push(resource);
    return resource;
  }

  /** For the runtime. */
  removeResource(resource: Resource): void {
    this.#resources.delete(resource.id);
    if (this.#state !== 'open') return;
    if (resource.id < FIRST_SERVER_ID) this.#displayResource.sendDeleteId(resource.id);
    // The client has forgotten an id of ours when it sent the destructor, and not before.
    else if (resource === this.#destructing) this.#freeServerIds.push(resource.id);
  }

  #add(resource: Resource): void {
    this.#resources.set(resource.id, resource);
    if (this.#resources.size > MAX_OBJECTS) this.postNoMemory();
  }

  /** Hot. */
  #dispatch(object: number, opcode: number): void {
    if (this.#state !== 'open') return;
    const resource = this.#resources.get(object);
    if (resource === undefined) {
      this.postError(undefined, WlDisplayError.invalid_object, `invalid object ${object}`);
      return;
    }
    const request = resource.interface.requests[opcode];
    if (request === undefined) {
      this.#invalidMethod(`invalid method ${opcode}, object ${resource}`);
      return;
    }
    if (request.since > resource.version) {
      const versions = `since ${request.since} > ${resource.version}`;
      this.#invalidMethod(`invalid method ${opcode} (${versions}), object ${resource}`);
      return;
    }
    const reader = this.#connection.reader;
    this.#destructing = request.destructor ? resource : undefined;
    try {
      resource.dispatch(opcode, reader);
      if (this.#requested.length > 0) this.#checkImplemented();
    } catch (error) {
      reader.closeFds();
      this.#requested.length = 0;
      if (error instanceof MalformedMessage) {
        this.#invalidMethod(`invalid arguments for ${resource}.${request.name}: ${error.message}`);
        return;
      }
      this.#handlerFailed(resource, request.name, error);
      return;
    }
    if (request.destructor) resource.destroy();
  }

  #checkImplemented(): void {
    const requested = this.#requested;
    this.#requested = [];
    if (this.#state !== 'open') return;
    for (const resource of requested) {
      if (resource.alive && !resource.implemented) throw new Error(`${resource} was not implemented`);
    }
  }

  #report(why: string): void {
    this.display.clientFailed(this, this.#displayResource, WlDisplayError.implementation, why);
  }

  #invalidMethod(message: string): void {
    this.postError(undefined, WlDisplayError.invalid_method, message);
  }

  #malformed(object: number, what: string): void {
    const resource = this.#resources.get(object);
    this.#invalidMethod(`${what}${resource === undefined ? '' : `, object ${resource}`}`);
  }

  #handlerFailed(resource: Resource, what: string, error: unknown): void {
    this.display.handlerFailed(error, resource, what);
    this.postImplementationError(`internal error in ${resource}.${what}`);
  }
}
