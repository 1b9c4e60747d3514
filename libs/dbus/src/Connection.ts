import { Socket, SystemError } from '@switchyard/sys';
import { notLocal, parseAddresses, sessionBusAddress, socketOfAddress, systemBusAddress } from './Address.js';
import { BusDriver } from './BusDriver.js';
import type { Call, CallOptions, Emission } from './Call.js';
import { CallServer } from './CallServer.js';
import { CredentialsCache } from './CredentialsCache.js';
import { DBusError, ErrorName, ProtocolError } from './DBusError.js';
import { Exports } from './Exports.js';
import { closeFdsIn } from './FdsIn.js';
import { MessageFlag, MessageType } from './Frame.js';
import { FrameReader } from './FrameReader.js';
import type { Interface } from './Interface.js';
import type { MatchRule } from './MatchRule.js';
import { Message, type MessageFields } from './Message.js';
import { MessageStream, type StreamOptions } from './MessageStream.js';
import { NameOwners, type NameWatcher } from './NameOwners.js';
import { asMessage, Outgoing } from './Outgoing.js';
import { PendingCalls } from './PendingCalls.js';
import { RemoteObject } from './RemoteObject.js';
import { SaslClient } from './SaslClient.js';
import { type Match, Subscriptions } from './Subscriptions.js';
import { Turns } from './Turns.js';
import { ExportedObject } from './typed/ExportedObject.js';
import type { InterfaceTypes, TypedInterface } from './typed/InterfaceTypes.js';
import type { Variant } from './Variant.js';

/** What libdbus, GDBus and sd-bus wait for a reply. */
const defaultTimeout = 25_000;

export type ConnectOptions = {
  /** Of what is sent; what comes may have either. Default: little, which every machine that runs this has. */
  byteOrder?: 'little' | 'big';
};

/**
 * A connection to a bus: calls, signals, names, exported objects.
 *
 * Sending an fd moves it: it is closed here when it has left. Order is kept: a signal that came after a reply is
 * handled after the code that awaited the reply.
 */
export class Connection {
  readonly closed: Promise<Error | undefined>;
  readonly #socket: Socket;
  readonly #sasl: SaslClient;
  readonly #reader: FrameReader;
  readonly #outgoing: Outgoing;
  readonly #calls = new PendingCalls();
  readonly #exports = new Exports((signal) => this.emit(signal));
  readonly #server: CallServer;
  readonly #subscriptions: Subscriptions;
  readonly #driver: BusDriver;
  readonly #owners: NameOwners;
  readonly #credentials: CredentialsCache;
  readonly #turns: Turns;
  #writeError: Error | undefined;
  #extended = false;
  #uniqueName = '';
  #ended = false;
  #resolveClosed!: (error: Error | undefined) => void;

  /** Connects, authenticates as this process's uid and says Hello. Tries the addresses of a list in order. */
  static async connect(address: string, options: ConnectOptions = {}): Promise<Connection> {
    let failure: unknown;
    for (const one of parseAddresses(address)) {
      const path = socketOfAddress(one);
      if (path === undefined) {
        failure ??= notLocal(address);
        continue;
      }
      try {
        const connection = new Connection(Socket.connect(path), options);
        await connection.#hello(one.options.get('guid'));
        return connection;
      } catch (error) {
        failure = error;
      }
    }
    throw failure ?? new TypeError('D-Bus address is empty');
  }

  /** Connects to the login session's bus. */
  static async session(): Promise<Connection> {
    const address = sessionBusAddress();
    if (address === undefined)
      throw new DBusError(
        ErrorName.notSupported,
        'No session bus: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set',
      );
    return await Connection.connect(address);
  }

  /** Connects to the machine's bus. */
  static system(): Promise<Connection> {
    return Connection.connect(systemBusAddress());
  }

  private constructor(socket: Socket, { byteOrder = 'little' }: ConnectOptions) {
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve));
    this.#socket = socket;
    this.#sasl = new SaslClient(process.geteuid?.() ?? 0);
    this.#reader = new FrameReader(socket, this.#sasl, (frame, fds) =>
      this.#turns.take(new Message(frame, fds, this.#extended, false)),
    );
    this.#driver = new BusDriver({
      call: (call) => this.call(call),
      send: (call, settle) => this.#send(call, settle),
      match: (rule, handler) => this.match(rule, handler),
      isOpen: () => !this.#ended,
    });
    this.#owners = new NameOwners(this.#driver);
    this.#subscriptions = new Subscriptions({
      setMatch: (member, rule) => this.#driver.setMatch(member, rule),
      follow: (name) => this.#owners.follow(name),
      ownerOf: (name) => this.#owners.ownerOf(name),
    });
    this.#credentials = new CredentialsCache(
      (sender) => this.#driver.credentials(sender),
      (sender, vanished) => this.watchName(sender, { vanished }),
    );
    this.#turns = new Turns({
      dispatch: (message) => this.#dispatch(message),
      reading: (on) => {
        if (this.#ended) return;
        if (on) socket.resumeReading();
        else socket.pauseReading();
      },
    });
    this.#server = new CallServer(this.#exports.tree, {
      connection: this,
      isOpen: () => !this.#ended,
      send: (fields) => this.#write({ ...fields, serial: this.#outgoing.nextSerial() }),
      credentials: (sender) => this.#credentials.get(sender),
    });
    // When writing fails, what the bus sent before can still be read; its end comes after that.
    socket.watch({
      readable: () => this.#read(),
      failed: (error) => (this.#writeError = error),
      drained: () => this.#outgoing.drained(),
    });
    this.#outgoing = new Outgoing(socket, this.#sasl, byteOrder);
  }

  get uniqueName(): string {
    return this.#uniqueName;
  }

  /** Bytes that were sent here and that the bus has not taken yet: it reads less from those whose receivers have no room. */
  get pendingBytes(): number {
    return this.#outgoing.pending;
  }

  /** Resolves when all that was sent has left; for senders of much. Rejects with Disconnected when the connection ends before. */
  drained(): Promise<void> {
    if (this.#ended) return Promise.reject(disconnected());
    return this.#outgoing.whenDrained();
  }

  /** The returned values; fds among them are the caller's. Rejects with DBusError. */
  call(call: Call): Promise<unknown[]> {
    return this.callAndTake(call, (reply) => reply.body);
  }

  /** As `call`, but resolves to what `take` makes of the whole message: its signature, payload, metadata. fds that it does not take are closed when it returns. */
  callAndTake<Result>(call: Call, take: (reply: Message) => Result): Promise<Result> {
    return new Promise((resolve, reject) =>
      this.#send(call, (reply) => {
        if (!(reply instanceof Message)) return reject(reply);
        try {
          resolve(take(reply));
        } catch (error) {
          reject(error);
        }
      }),
    );
  }

  /** Calls without wanting a reply. On a closed connection it goes nowhere. */
  callNoReply(call: Omit<Call, 'timeout'>): void {
    this.#write(
      asMessage(call, MessageType.methodCall, MessageFlag.noReplyExpected, this.#outgoing.nextSerial()),
    );
  }

  /** On a closed connection it goes nowhere, as a signal that nobody matches. */
  emit(signal: Emission): void {
    this.#write(asMessage(signal, MessageType.signal, 0, this.#outgoing.nextSerial()));
  }

  /** Calls `handler` for each message that the rule wants, from when the bus has the rule (`ready`). fds in their bodies go to the handler that first takes `message.body`. */
  match(rule: MatchRule, handler: (message: Message) => void): Match {
    return this.#subscriptions.add(rule, handler);
  }

  /** What the rule wants as a stream, for `for await`. What a handler does with `message.body` is done: it is decoded, and fds in it belong to the stream's reader. */
  messages(rule: MatchRule, options?: StreamOptions): MessageStream<Message> {
    return new MessageStream(
      (push) =>
        this.match(rule, (message) => {
          void message.body;
          push(message);
        }),
      this.closed,
      options,
      (message) => closeFdsIn(message.body),
    );
  }

  /** Flags of NameFlag; resolves to one of RequestNameReply. */
  requestName(name: string, flags = 0): Promise<number> {
    return this.#driver.requestName(name, flags);
  }

  releaseName(name: string): Promise<number> {
    return this.#driver.releaseName(name);
  }

  /** Tells whether the name, well-known or unique, has an owner: first what is, then every change. */
  watchName(name: string, on: NameWatcher): Disposable {
    return this.#owners.watch(name, on);
  }

  /** Adds an interface to the object at `path`; Properties, Introspectable and Peer come by themselves. */
  export(path: string, implementation: Interface): Disposable {
    return this.#exports.tree.add(path, implementation);
  }

  /** Makes `path` an ObjectManager: it lists all that is exported below it, and tells of what comes and goes. */
  manageObjects(path: string): Disposable {
    return this.#exports.manage(path);
  }

  /** Puts a plain object on the bus, as one of the interfaces that `yard bus codegen` generates: `exportObject('/lamp', Lamp1, new Lamp())`. */
  exportObject<Types extends InterfaceTypes>(
    path: string,
    description: TypedInterface<Types>,
    object: Types['object'],
  ): ExportedObject<Types> {
    return new ExportedObject(this, path, description, object);
  }

  /** Removes the object at `path` with all its interfaces. */
  unexport(path: string): void {
    this.#exports.tree.remove(path);
  }

  /** Another connection's object; `options` are for all that is asked of it. */
  proxy(destination: string, path: string, options: CallOptions = {}): RemoteObject {
    return new RemoteObject(this, destination, path, options);
  }

  /** From now on fields of the extension are believed: only the bus that it was negotiated with puts them there. */
  becomeExtended(): void {
    this.#extended = true;
  }

  /** `changed`: the values, or the names of properties that are exported at `path` (those that don't emit are left out). */
  emitPropertiesChanged(
    path: string,
    name: string,
    changed: ReadonlyMap<string, Variant> | Iterable<string>,
  ): void {
    this.#exports.propertiesChanged(path, name, changed);
  }

  /** What was sent leaves as far as the kernel takes it at once; calls that wait fail with Disconnected. */
  close(): void {
    this.#end(undefined);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #hello(guid: string | undefined): Promise<void> {
    try {
      this.#uniqueName = await this.#driver.hello(defaultTimeout);
    } catch (error) {
      this.#end(undefined);
      throw (await this.closed) ?? error;
    }
    if (guid === undefined || guid === this.#sasl.guid) return;
    this.#end(undefined);
    throw new DBusError(
      ErrorName.badAddress,
      `The bus has guid ${this.#sasl.guid}, its address says ${guid}`,
    );
  }

  /** `settle` runs in the order of messages, before anything later is looked at. */
  #send(call: Call, settle: (reply: Message | DBusError) => void): void {
    if (this.#ended) {
      closeFdsIn(call.body);
      call.payload?.close();
      settle(disconnected());
      return;
    }
    const serial = this.#outgoing.nextSerial();
    this.#write(asMessage(call, MessageType.methodCall, 0, serial));
    this.#calls.add(serial, call.timeout ?? defaultTimeout, call, settle);
  }

  #write(fields: MessageFields): void {
    if (this.#ended) {
      closeFdsIn(fields.body);
      fields.payload?.close();
      return;
    }
    this.#outgoing.write(fields);
  }

  #read(): void {
    this.#turns.begin();
    try {
      if (this.#reader.read() === 0) this.#end(this.#sasl.done ? this.#writeError : refused());
    } catch (error) {
      if (!(error instanceof ProtocolError) && !(error instanceof SystemError)) throw error;
      this.#end(error);
    }
  }

  /** True when it was a reply that somebody awaits. */
  #dispatch(message: Message): boolean {
    const isAwaited = !this.#ended && message.isReply && this.#calls.take(message);
    if (!this.#ended && message.type === MessageType.methodCall) this.#server.serve(message);
    else if (!this.#ended) this.#subscriptions.dispatch(message);
    message.closeFds();
    message.keep();
    return isAwaited;
  }

  #end(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reader.stop();
    this.#turns.clear();
    if (!error) this.#socket.flush();
    this.#socket.close();
    this.#credentials.clear();
    // Who looks at both must learn first that the connection is gone, and then that so are its calls.
    this.#resolveClosed(error);
    this.#calls.failAll(disconnected());
    this.#outgoing.fail(disconnected());
  }
}

function disconnected(): DBusError {
  return new DBusError(ErrorName.disconnected, 'The connection to the bus is closed');
}

function refused(): DBusError {
  return new DBusError(ErrorName.authFailed, 'The bus closed the connection before it was authenticated');
}
