import { type Fd, type Socket, SystemError } from '@switchyard/sys';
import { connectSocket } from './Address.js';
import type { MetadataName } from './BusExtension.js';
import { DBusError, ErrorName, ProtocolError } from './DBusError.js';
import { type Frame, MessageType } from './Frame.js';
import { FrameReader } from './FrameReader.js';
import { formatMatchRule, type MatchRule } from './MatchRule.js';
import { Message, MessageEncoder } from './Message.js';
import { SaslClient } from './SaslClient.js';
import { Variant } from './Variant.js';

const driver = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' } as const;
const helloSerial = 1;
const negotiateSerial = 2;
const monitorSerial = 3;

/** `message` may be kept, but its fds, in body and metadata, are the monitor's, which closes them when the handler returns. `monitor` is whose message it is: messages may come before `start` has resolved. */
export type MonitorHandler = (message: Message, bytes: Buffer, monitor: Monitor) => void;

export type MonitorOptions = {
  /** On Switchyard's bus: what comes with every message (MessageMetadata). */
  metadata?: readonly MetadataName[];
};

/**
 * A connection that sees what all others say to each other (BecomeMonitor): for root and the bus's own user. `bytes` are the
 * message as it went over the bus, valid until the handler returns.
 *
 *   greeting ──reply to BecomeMonitor──▶ watching ──close | the bus goes──▶ ended
 */
export class Monitor implements Disposable {
  /** Resolves when the connection has ended; to why, if it did not end by `close`. */
  readonly closed: Promise<Error | undefined>;
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #sasl = new SaslClient(process.geteuid?.() ?? 0);
  readonly #onMessage: MonitorHandler;
  readonly #metadata: readonly MetadataName[];
  #uniqueName = '';
  #started: { resolve(): void; reject(error: Error): void } | undefined;
  #finish!: (error: Error | undefined) => void;
  #ended = false;

  /**
   * Sees what one of `rules` wants; without any, everything. Rejects with AccessDenied for those who may not, and with
   * NotSupported when metadata is wanted of a bus that has none.
   */
  static async start(
    address: string,
    rules: readonly MatchRule[],
    onMessage: MonitorHandler,
    options: MonitorOptions = {},
  ): Promise<Monitor> {
    const monitor = new Monitor(connectSocket(address), onMessage, options.metadata ?? []);
    await monitor.#begin(rules);
    return monitor;
  }

  private constructor(socket: Socket, onMessage: MonitorHandler, metadata: readonly MetadataName[]) {
    this.#metadata = metadata;
    this.closed = new Promise((resolve) => (this.#finish = resolve));
    this.#socket = socket;
    this.#onMessage = onMessage;
    this.#reader = new FrameReader(socket, this.#sasl, (frame, fds) => {
      try {
        this.#take(frame, fds);
      } finally {
        for (const fd of fds) fd.close();
      }
    });
    socket.watch({ readable: () => this.#read() });
  }

  /** The name that the monitor had; monitors have none any more. */
  get formerName(): string {
    return this.#uniqueName;
  }

  close(): void {
    this.#end(undefined);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #begin(rules: readonly MatchRule[]): Promise<void> {
    const started = new Promise<void>((resolve, reject) => (this.#started = { resolve, reject }));
    const encoder = new MessageEncoder();
    this.#socket.write(Buffer.from(this.#sasl.opening, 'latin1'));
    const send = (fields: {
      serial: number;
      interface: string;
      member: string;
      signature?: string;
      body?: unknown[];
    }) => {
      const { head, body } = encoder.encode({ type: MessageType.methodCall, ...driver, ...fields });
      this.#socket.write(head);
      if (body.length > 0) this.#socket.write(body);
    };
    send({ serial: helloSerial, interface: 'org.freedesktop.DBus', member: 'Hello' });
    if (this.#metadata.length > 0)
      send({
        serial: negotiateSerial,
        interface: 'org.switchyard.Bus1',
        member: 'Negotiate',
        signature: 'a{sv}',
        body: [new Map([['metadata', new Variant('as', this.#metadata)]])],
      });
    send({
      serial: monitorSerial,
      interface: 'org.freedesktop.DBus.Monitoring',
      member: 'BecomeMonitor',
      signature: 'asu',
      body: [rules.map(formatMatchRule), 0],
    });
    return started;
  }

  #take(frame: Frame, fds: readonly Fd[]): void {
    if (!this.#started) {
      const bytes = frame.bytes.subarray(frame.start, frame.start + frame.length);
      const message = new Message(frame, [...fds], this.#metadata.length > 0);
      // That our own name is lost is no news.
      if (message.destination !== this.#uniqueName) this.#onMessage(message, bytes, this);
      return;
    }
    const { replySerial } = frame;
    if (![helloSerial, negotiateSerial, monitorSerial].includes(replySerial)) return;
    const reply = new Message(frame);
    if (reply.type === MessageType.error) this.#end(refusal(reply));
    else if (replySerial === negotiateSerial) return;
    else if (replySerial === helloSerial) this.#uniqueName = reply.body[0] as string;
    else {
      this.#started.resolve();
      this.#started = undefined;
    }
  }

  #read(): void {
    try {
      if (this.#reader.read() !== 0) return;
      this.#end(new DBusError(ErrorName.disconnected, 'The bus has closed the connection'));
    } catch (error) {
      if (!(error instanceof ProtocolError) && !(error instanceof SystemError)) throw error;
      this.#end(error);
    }
  }

  #end(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reader.stop();
    this.#socket.close();
    this.#started?.reject(error ?? new DBusError(ErrorName.disconnected, 'The monitor was closed'));
    this.#finish(error);
  }
}

function refusal(reply: Message): DBusError {
  const error = reply.toError();
  if (reply.replySerial !== negotiateSerial || error.name !== ErrorName.unknownInterface) return error;
  return new DBusError(ErrorName.notSupported, 'This bus is no Switchyard bus: it has no metadata');
}
