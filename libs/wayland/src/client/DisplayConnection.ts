import { isAbsolute, join } from 'node:path';
import { Fd, Socket } from '@switchyard/sys';
import { WlDisplayError, WlDisplayProxy } from '../generated/wayland.js';
import { Connection } from '../wire/Connection.js';
import { FIRST_SERVER_ID } from '../wire/Interface.js';
import { MalformedMessage } from '../wire/MessageReader.js';
import type { MessageWriter } from '../wire/MessageWriter.js';
import { Globals } from './Globals.js';
import type { ObjectProxy, ProxyClass } from './ObjectProxy.js';
import { DisconnectedError, ProtocolError } from './ProtocolError.js';

/**
 * A client's connection to a Wayland server.
 *
 *   open ──wl_display.error | server gone | disconnect()──▶ closed
 */
export class DisplayConnection {
  /** Object 1. */
  readonly display: WlDisplayProxy;
  /** Resolves when the connection has ended: undefined after `disconnect`, else why. Never rejects. */
  readonly closed: Promise<ProtocolError | DisconnectedError | undefined>;
  readonly #connection: Connection;
  readonly #proxies = new Map<number, ObjectProxy>();
  readonly #freeIds: number[] = [];
  readonly #waiting = new Set<(error: Error) => void>();
  #nextId = 2;
  #created: ObjectProxy[] = [];
  #error: ProtocolError | DisconnectedError | undefined;
  #resolveClosed: (error: ProtocolError | DisconnectedError | undefined) => void = () => {};

  /** Takes the socket over. */
  constructor(socket: Socket) {
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#connection = new Connection(socket, {
      message: (object, opcode) => this.#dispatch(object, opcode),
      malformed: (_, what) => this.#broken(what),
      ended: (error) =>
        this.#end(
          new DisconnectedError('the server closed it', error === undefined ? undefined : { cause: error }),
        ),
    });
    this.display = new WlDisplayProxy(this, 1, 1).implement({
      // Decoded by hand in #dispatch: it may name an object that we no longer know.
      error: () => {},
      deleteId: (_, id) => this.#idDeleted(id),
    });
    this.#proxies.set(1, this.display);
  }

  /**
   * Connects as libwayland does: to the connected socket in WAYLAND_SOCKET, else to WAYLAND_DISPLAY (`wayland-0` when
   * unset), which is a path or a name in XDG_RUNTIME_DIR.
   *
   * @param display instead of the environment: an absolute path, or a name in XDG_RUNTIME_DIR.
   * @throws SystemError when nobody listens there.
   */
  static connect(display?: string): DisplayConnection {
    const inherited = process.env['WAYLAND_SOCKET'];
    if (display === undefined && inherited !== undefined) {
      // Not for our children: the connection is this process's.
      delete process.env['WAYLAND_SOCKET'];
      const number = Number(inherited);
      if (!Number.isInteger(number) || number < 0)
        throw new Error(`WAYLAND_SOCKET is not an fd number: ${inherited}`);
      return new DisplayConnection(Socket.adopt(Fd.adopt(number, 'WAYLAND_SOCKET'), 'stream'));
    }
    const name = display ?? process.env['WAYLAND_DISPLAY'] ?? 'wayland-0';
    if (isAbsolute(name)) return new DisplayConnection(Socket.connect(name));
    const directory = process.env['XDG_RUNTIME_DIR'];
    if (directory === undefined || !isAbsolute(directory)) {
      throw new Error(`XDG_RUNTIME_DIR is not set: cannot tell where the Wayland socket ${name} is`);
    }
    return new DisplayConnection(Socket.connect(join(directory, name)));
  }

  get open(): boolean {
    return this.#connection.open;
  }

  /** Bytes sent that the kernel has not taken yet: the server is slow. */
  get queuedBytes(): number {
    return this.#connection.queuedBytes;
  }

  /**
   * Resolves when the server has handled every request sent so far, and we every event of that.
   * Rejects with ProtocolError or DisconnectedError when the connection ends instead.
   */
  roundtrip(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.open) return reject(this.#endError());
      this.#waiting.add(reject);
      this.display.sync({
        done: () => {
          this.#waiting.delete(reject);
          resolve();
        },
      });
    });
  }

  /** The server's globals, complete as of now and kept up to date. */
  async globals(): Promise<Globals> {
    const globals = new Globals(this);
    await this.roundtrip();
    return globals;
  }

  /** Sends everything now instead of at the end of the turn. */
  flush(): void {
    this.#connection.flush();
  }

  /** Flushes and closes. */
  disconnect(): void {
    if (!this.open) return;
    this.#connection.flush();
    this.#end(undefined);
  }

  /** No event is dispatched until `resumeReading`: the server then feels that its events are not taken. */
  pauseReading(): void {
    this.#connection.pause();
  }

  resumeReading(): void {
    this.#connection.resume();
  }

  /** Whether the connection alone keeps the process running; it does at first. */
  ref(): void {
    this.#connection.ref();
  }

  unref(): void {
    this.#connection.unref();
  }

  /** For the runtime. */
  proxy(id: number): ObjectProxy | undefined {
    return this.#proxies.get(id);
  }

  /** For the runtime. */
  beginRequest(object: number, opcode: number): MessageWriter | undefined {
    if (!this.open) return undefined;
    this.#connection.writer.begin(object, opcode);
    return this.#connection.writer;
  }

  /** For the runtime. */
  createProxy<P extends ObjectProxy>(type: ProxyClass<P>, version: number, handler: unknown): P {
    const proxy = new type(this, this.#freeIds.pop() ?? this.#nextId++, version);
    if (handler !== undefined) proxy.implement(handler);
    this.#proxies.set(proxy.id, proxy);
    return proxy;
  }

  /** For the runtime. */
  acceptProxy<P extends ObjectProxy>(type: ProxyClass<P>, id: number, version: number): P {
    if (id < FIRST_SERVER_ID) throw new MalformedMessage(`new id ${id} is in the client's range`);
    // One that we destroyed may come again: the server has seen the destructor by then.
    if (this.#proxies.get(id)?.alive) throw new MalformedMessage(`new id ${id} is in use`);
    const proxy = new type(this, id, version);
    this.#proxies.set(id, proxy);
    this.#created.push(proxy);
    return proxy;
  }

  /** For the runtime. A destroyed proxy stays known until the server is done with its id, so that late events decode. */
  forgetProxy(proxy: ObjectProxy): void {
    if (!this.open) this.#proxies.delete(proxy.id);
  }

  #idDeleted(id: number): void {
    const proxy = this.#proxies.get(id);
    if (proxy === undefined || id >= FIRST_SERVER_ID || id === 1) return;
    this.#proxies.delete(id);
    proxy.forget();
    this.#freeIds.push(id);
  }

  #dispatch(object: number, opcode: number): void {
    const proxy = this.#proxies.get(object);
    if (proxy === undefined) {
      this.#broken(`an event for the unknown object ${object}`);
      return;
    }
    const event = proxy.interface.events[opcode];
    if (event === undefined) {
      this.#broken(`unknown event ${opcode} of ${proxy}`);
      return;
    }
    const reader = this.#connection.reader;
    try {
      if (object === 1 && opcode === 0) {
        this.#protocolError();
        return;
      }
      proxy.dispatch(opcode, reader);
      if (!proxy.wanted) this.#drop();
      if (event.destructor) proxy.forget();
      if (this.#created.length > 0) this.#checkImplemented();
    } catch (error) {
      reader.closeFds();
      this.#created.length = 0;
      if (error instanceof MalformedMessage) {
        this.#broken(`${proxy}.${event.name}: ${error.message}`);
        return;
      }
      // The program's own bug: it belongs to the program, and must not stop the messages behind this one.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  /** What an unwanted event brings is destroyed from the start, so that its own events are dropped too. */
  #drop(): void {
    this.#connection.reader.closeFds();
    for (const proxy of this.#created.splice(0)) proxy.forget();
  }

  #checkImplemented(): void {
    const created = this.#created;
    this.#created = [];
    for (const proxy of created) {
      if (proxy.alive && !proxy.implemented)
        throw new Error(`${proxy} was not implemented by its event's handler`);
    }
  }

  #protocolError(): void {
    const { reader } = this.#connection;
    const object = reader.uint();
    const code = reader.uint();
    const type = this.#proxies.get(object)?.interface;
    // The registry has no errors of its own; servers post wl_display's on it.
    const names = type === undefined || Object.keys(type.errors).length === 0 ? WlDisplayError : type.errors;
    const codeName = Object.entries(names).find(([, value]) => value === code)?.[0];
    this.#end(new ProtocolError(type?.name, object, code, codeName, reader.stringOrNull() ?? ''));
  }

  #broken(what: string): void {
    this.#end(new DisconnectedError(`the server broke the protocol: ${what}`));
  }

  #endError(): Error {
    return this.#error ?? new DisconnectedError('disconnect() was called');
  }

  #end(error: ProtocolError | DisconnectedError | undefined): void {
    if (!this.open) return;
    this.#error = error;
    this.#connection.close();
    for (const reject of [...this.#waiting]) reject(this.#endError());
    this.#waiting.clear();
    this.#resolveClosed(error);
  }
}
