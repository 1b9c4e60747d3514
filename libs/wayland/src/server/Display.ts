import { type Fd, Listener, type Socket } from '@switchyard/sys';
import { Client } from './Client.js';
import { Global, type GlobalOptions } from './Global.js';
import { ListeningSocket } from './ListeningSocket.js';
import type { Resource, ResourceClass } from './Resource.js';

/** A client that has seen the global before its removal binds it within this, or is told that it is invalid. */
const REMOVED_GLOBAL_GRACE_MS = 5000;

export type DisplayOptions = {
  /** A handler of ours threw: a bug. The client gets `implementation`, this gets the error. Default: stderr. */
  handlerFailed?: (error: unknown, resource: Resource, what: string) => void;
  /** Before a wl_display.sync is answered: what the client's earlier requests led to should be sent to it now. */
  synchronizing?: (client: Client) => void;
  /** A client was ended with a protocol error; for the log. */
  clientFailed?: (client: Client, resource: Resource, code: number, message: string) => void;
};

export type ListenOptions = {
  /** File mode of the socket; the umask applies otherwise. */
  mode?: number;
  /** Called before the client's first request is read. */
  onClient?: (client: Client) => void;
};

export type AdoptOptions = Pick<ListenOptions, 'onClient'> & {
  /** Nothing can be accepted any more: whoever gave it has shut it down. Without this, that is a failure of ours. */
  failed?: () => void;
};

type GlobalListener = { added: (global: Global) => void; removed: (global: Global) => void };

/** A Wayland server: its clients, its globals, its sockets. */
export class Display {
  readonly #options: DisplayOptions;
  readonly #globals = new Map<number, Global>();
  readonly #removed = new Map<number, Global>();
  readonly #clients = new Set<Client>();
  readonly #listeners = new Set<Disposable>();
  readonly #registries = new Set<GlobalListener>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #nextName = 1;
  #serial = 0;

  constructor(options: DisplayOptions = {}) {
    this.#options = options;
  }

  get clients(): ReadonlySet<Client> {
    return this.#clients;
  }

  get globals(): Iterable<Global> {
    return this.#globals.values();
  }

  /** Serials go around after 2³², as clients know; 0 is never used, since some take it for "none". */
  nextSerial(): number {
    this.#serial = (this.#serial + 1) >>> 0 || 1;
    return this.#serial;
  }

  get serial(): number {
    return this.#serial;
  }

  /**
   * Offers an interface. `bound` is called for each bind, with the resource in the version that the client wanted, and
   * must implement it.
   */
  addGlobal<R extends Resource>(
    type: ResourceClass<R>,
    version: number,
    bound: (resource: R) => void,
    options: GlobalOptions = {},
  ): Global {
    const global = Global.create(this.#nextName++, type, version, bound, options, (removed) =>
      this.#remove(removed),
    );
    this.#globals.set(global.name, global);
    for (const registry of this.#registries) registry.added(global);
    return global;
  }

  /** Serves a connected socket, which is the client's from now on. */
  addClient(socket: Socket): Client {
    const client = new Client(this, socket);
    this.#clients.add(client);
    return client;
  }

  /**
   * Serves a socket in the file system, and claims its name with `PATH.lock`. A file that a dead server left is replaced;
   * a name that a live one holds throws.
   *
   * @param path absolute, at most 107 bytes.
   */
  listen(path: string, options: ListenOptions = {}): ListeningSocket {
    const socket = ListeningSocket.listen(path, options.mode, (connection) =>
      this.#accept(connection, options),
    );
    this.#listeners.add(socket);
    return socket;
  }

  /** Serves a socket that listens already, handed on by who started us (LISTEN_FDS). Its file is not ours to remove. */
  adoptListener(fd: Fd, options: AdoptOptions = {}): Listener {
    const { failed } = options;
    const listener = Listener.adopt(fd, {
      onConnection: (connection) => this.#accept(connection, options),
      ...(failed === undefined ? {} : { failed }),
    });
    this.#listeners.add(listener);
    return listener;
  }

  /** Ends all clients and sockets. */
  destroy(): void {
    for (const listener of this.#listeners) listener[Symbol.dispose]();
    this.#listeners.clear();
    for (const client of [...this.#clients]) client.destroy();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** For the runtime: a global that may be bound, removed a moment ago or not. */
  bindable(name: number): Global | undefined {
    return this.#globals.get(name) ?? this.#removed.get(name);
  }

  /** For the runtime. */
  subscribeGlobals(added: (global: Global) => void, removed: (global: Global) => void): () => void {
    const listener = { added, removed };
    this.#registries.add(listener);
    return () => this.#registries.delete(listener);
  }

  /** For the runtime. */
  removeClient(client: Client): void {
    this.#clients.delete(client);
  }

  /** For the runtime. */
  handlerFailed(error: unknown, resource: Resource, what: string): void {
    if (this.#options.handlerFailed === undefined) console.error(`${resource}.${what}:`, error);
    else this.#options.handlerFailed(error, resource, what);
  }

  /** For the runtime. */
  synchronizing(client: Client): void {
    this.#options.synchronizing?.(client);
  }

  /** For the runtime. */
  clientFailed(client: Client, resource: Resource, code: number, message: string): void {
    this.#options.clientFailed?.(client, resource, code, message);
  }

  #accept(connection: Socket, options: Pick<ListenOptions, 'onClient'>): void {
    const client = this.addClient(connection);
    options.onClient?.(client);
  }

  #remove(global: Global): void {
    if (!this.#globals.delete(global.name)) return;
    this.#removed.set(global.name, global);
    for (const registry of this.#registries) registry.removed(global);
    const timer = setTimeout(() => {
      this.#removed.delete(global.name);
      this.#timers.delete(timer);
    }, REMOVED_GLOBAL_GRACE_MS);
    timer.unref();
    this.#timers.add(timer);
  }
}
