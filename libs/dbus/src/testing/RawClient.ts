import { type Fd, Socket } from '@switchyard/sys';
import { parseAddresses, socketOfAddress } from '../Address.js';
import { FrameReader, MessageType } from '../index.js';
import { Message, MessageEncoder, type MessageFields } from '../Message.js';

export const driver = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const;

export type RawClientOptions = {
  little?: boolean;
  /** Whether it negotiates fd passing; default true. */
  unixFds?: boolean;
  /** Whether it reads what the extension adds to messages. */
  extended?: boolean;
  /** Its messages' serials are above this: those of others may come to it too. */
  serialsAbove?: number;
};

/** The bus's lines of the handshake, which this client takes as they are. */
class Lines {
  #left: number;
  constructor(count: number) {
    this.#left = count;
  }
  get done(): boolean {
    return this.#left === 0;
  }
  feed(bytes: Uint8Array): number {
    let used = 0;
    while (used < bytes.length && this.#left > 0) if (bytes[used++] === 0x0a) this.#left--;
    return used;
  }
}

/** A client that says exactly what a test wants, bytes included, and shows every message that it gets, in order. */
export class RawClient implements Disposable {
  uniqueName = '';
  readonly socket: Socket;
  readonly #encoder: MessageEncoder;
  readonly #reader: FrameReader;
  readonly #inbox: Message[] = [];
  readonly #waiters: ((message: Message | undefined) => void)[] = [];
  #serial = 0;
  #ended = false;

  private constructor(socket: Socket, options: RawClientOptions) {
    const { little = true, unixFds = true, extended = false, serialsAbove = 0 } = options;
    this.socket = socket;
    this.#encoder = new MessageEncoder(little);
    this.#serial = serialsAbove;
    const prelude = new Lines(unixFds ? 2 : 1);
    this.#reader = new FrameReader(socket, prelude, (frame, fds) =>
      this.#take(new Message(frame, fds, extended)),
    );
    socket.watch({ readable: () => this.#read() });
    this.write(handshake(unixFds));
  }

  /** Connected and authenticated; `hello` is the test's to say. */
  static async connect(address: string, options: RawClientOptions = {}): Promise<RawClient> {
    return new RawClient(Socket.connect(socketPath(address)), options);
  }

  encode(fields: Omit<MessageFields, 'serial'> & { serial?: number }): Buffer {
    const { head, body } = this.#encoder.encode({ ...fields, serial: fields.serial ?? ++this.#serial });
    return Buffer.concat([head, body]);
  }

  write(bytes: Uint8Array, fds?: Fd[]): void {
    this.socket.write(bytes, fds);
  }

  /** Returns the serial. fds in the body move. */
  send(fields: Omit<MessageFields, 'serial'> & { serial?: number }): number {
    const serial = fields.serial ?? ++this.#serial;
    const { head, body, fds } = this.#encoder.encode({ ...fields, serial });
    this.socket.write(head, fds);
    if (body.length > 0) this.socket.write(body);
    return serial;
  }

  async hello(): Promise<string> {
    const serial = this.send({ type: MessageType.methodCall, ...driver, member: 'Hello' });
    const reply = await this.replyTo(serial);
    this.uniqueName = reply?.body[0] as string;
    return this.uniqueName;
  }

  /** Calls the driver; everything that came before the reply stays in the inbox. */
  ask(member: string, signature = '', ...body: unknown[]): Promise<Message | undefined> {
    return this.replyTo(this.send({ type: MessageType.methodCall, ...driver, member, signature, body }));
  }

  async replyTo(serial: number): Promise<Message | undefined> {
    const others: Message[] = [];
    for (;;) {
      const message = await this.next();
      if (!message || message.replySerial === serial) {
        this.#inbox.unshift(...others);
        return message;
      }
      others.push(message);
    }
  }

  /** The next message; undefined at the end of the stream. */
  next(): Promise<Message | undefined> {
    const message = this.#inbox.shift();
    if (message || this.#ended) return Promise.resolve(message);
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Everything that came so far and was not looked at. */
  drain(): Message[] {
    return this.#inbox.splice(0);
  }

  /** Resolves when the other side has closed the connection. */
  async ended(): Promise<void> {
    while (await this.next());
  }

  [Symbol.dispose](): void {
    this.#finish();
    this.socket.close();
  }

  #read(): void {
    try {
      if (this.#reader.read() === 0) this.#finish();
    } catch {
      this.#finish();
    }
  }

  #take(message: Message): void {
    const waiter = this.#waiters.shift();
    if (waiter) waiter(message);
    else this.#inbox.push(message);
  }

  #finish(): void {
    this.#ended = true;
    for (const resolve of this.#waiters.splice(0)) resolve(undefined);
  }
}

/** Where a bus's socket is. */
export function socketPath(address: string): string {
  return socketOfAddress(parseAddresses(address)[0]!)!;
}

/** What a client of this process's uid says before its first message. */
export function handshake(unixFds = true): Buffer {
  const identity = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
  return Buffer.from(
    `\0AUTH EXTERNAL ${identity}\r\n${unixFds ? 'NEGOTIATE_UNIX_FD\r\n' : ''}BEGIN\r\n`,
    'latin1',
  );
}
