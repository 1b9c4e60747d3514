import { type Socket, SystemError } from '@switchyard/sys';
import { connectSocket } from './Address.js';
import { DBusError, ErrorName, ProtocolError } from './DBusError.js';
import { type Frame, MessageType } from './Frame.js';
import { FrameReader } from './FrameReader.js';
import { formatMatchRule, type MatchRule } from './MatchRule.js';
import { Message, MessageEncoder } from './Message.js';
import { SaslClient } from './SaslClient.js';

const driver = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' } as const;
const helloSerial = 1;
const monitorSerial = 2;

/** `monitor` is whose message it is: messages may come before `start` has resolved. */
export type MonitorHandler = (message: Message, bytes: Buffer, monitor: Monitor) => void;

/**
 * A connection that sees what all others say to each other (BecomeMonitor): for root and the bus's own user. `message` has no
 * fds; `bytes` are the message as it went over the bus, valid until the handler returns.
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
  #uniqueName = '';
  #started: { resolve(): void; reject(error: Error): void } | undefined;
  #finish!: (error: Error | undefined) => void;
  #ended = false;

  /** Sees what one of `rules` wants; without any, everything. Rejects with AccessDenied for those who may not. */
  static async start(
    address: string,
    rules: readonly MatchRule[],
    onMessage: MonitorHandler,
  ): Promise<Monitor> {
    const monitor = new Monitor(connectSocket(address), onMessage);
    await monitor.#begin(rules);
    return monitor;
  }

  private constructor(socket: Socket, onMessage: MonitorHandler) {
    this.closed = new Promise((resolve) => (this.#finish = resolve));
    this.#socket = socket;
    this.#onMessage = onMessage;
    this.#reader = new FrameReader(socket, this.#sasl, (frame, fds) => {
      for (const fd of fds) fd.close();
      this.#take(frame);
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
    send({
      serial: monitorSerial,
      interface: 'org.freedesktop.DBus.Monitoring',
      member: 'BecomeMonitor',
      signature: 'asu',
      body: [rules.map(formatMatchRule), 0],
    });
    return started;
  }

  #take(frame: Frame): void {
    if (!this.#started) {
      const bytes = frame.bytes.subarray(frame.start, frame.start + frame.length);
      const message = new Message(frame);
      // That our own name is lost is no news.
      if (message.destination !== this.#uniqueName) this.#onMessage(message, bytes, this);
      return;
    }
    const { replySerial } = frame;
    if (replySerial !== helloSerial && replySerial !== monitorSerial) return;
    const reply = new Message(frame);
    if (reply.type === MessageType.error) this.#end(reply.toError());
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
