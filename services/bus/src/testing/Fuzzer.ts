import { FixedHeader, Frame, MessageEncoder, MessageType, ProtocolError, Variant } from '@switchyard/dbus';
import { driver, handshake, socketPath } from '@switchyard/dbus/testing';
import { Socket } from '@switchyard/sys';
import fc from 'fast-check';
import { readsEnd } from './WitnessedBroker.js';

const { methodCall, signal } = MessageType;
/** Messages in one conversation at most: each costs a connection. */
const longestConversation = 30;

const text = fc.stringMatching(/^[a-z.:/_'=,]{0,30}$/);
const driverCall = fc.record({
  type: fc.constant(methodCall),
  path: fc.constant(driver.path),
  interface: fc.constant(driver.interface),
  destination: fc.constant(driver.destination),
});

/** What clients say to a bus, and nonsense in the same shapes. */
const messages = fc.oneof(
  fc
    .tuple(
      driverCall,
      fc.constantFrom('AddMatch', 'RemoveMatch', 'GetNameOwner', 'GetConnectionCredentials', 'ReleaseName'),
      text,
    )
    .map(([call, member, argument]) => ({ ...call, member, signature: 's', body: [argument] })),
  fc.tuple(driverCall, text, fc.nat(7)).map(([call, name, flags]) => ({
    ...call,
    member: 'RequestName',
    signature: 'su',
    body: [name, flags],
  })),
  fc
    .tuple(fc.constantFrom(':1.0', ':1.1', 'org.x.N1'), fc.integer({ min: 1, max: 3 }), fc.array(text))
    .map(([destination, type, values]) => ({
      type,
      destination,
      path: '/org/x',
      interface: 'org.x.Y',
      member: 'Z',
      errorName: 'org.x.Error',
      replySerial: 3,
      signature: 'asa{sv}',
      body: [values, new Map(values.map((value) => [value, new Variant('(xs)', [5n, value])]))],
    })),
  fc.array(text).map((values) => ({
    type: signal,
    path: '/org/x',
    interface: 'org.x.Y',
    member: 'Z',
    signature: 'sasv',
    body: ['org.x', values, new Variant('as', values)],
  })),
);

const saslLines = [
  'AUTH EXTERNAL 30',
  'AUTH',
  'AUTH EXTERNAL',
  'AUTH ANONYMOUS',
  'DATA',
  'DATA 30',
  'NEGOTIATE_UNIX_FD',
  'BEGIN',
  'CANCEL',
  'ERROR',
  'x'.repeat(20_000),
  '\xff',
];

/** Talks nonsense to a bus that begins like sense; the same nonsense for the same seed. */
export class Fuzzer {
  #seed: number;
  readonly #address: string;
  readonly #samples: Buffer[];
  readonly #opening: Buffer;
  /** Mutated messages that were sent. */
  messages = 0;
  /** Handshakes that went wrong. */
  dialogues = 0;

  constructor(address: string, seed = 1) {
    this.#address = address;
    this.#seed = seed;
    const encoder = new MessageEncoder();
    this.#samples = fc.sample(messages, { numRuns: 2000, seed }).map((fields, i) => {
      const { head, body } = encoder.encode({ ...fields, serial: (i % 100) + 2 });
      return Buffer.concat([head, body]);
    });
    const { head } = encoder.encode({ type: methodCall, serial: 1, ...driver, member: 'Hello' });
    this.#opening = Buffer.concat([handshake(), head]);
  }

  /** One connection that says what leaves it alive, up to 30 messages, and last what ends it. */
  converse(): Promise<void> {
    const parts: Buffer[] = [this.#opening];
    for (let i = 0; i < longestConversation; i++) {
      const bytes = this.#mutate(this.#pick(this.#samples));
      parts.push(bytes);
      this.messages++;
      if (!isWhole(bytes)) break;
    }
    return this.#say(Buffer.concat(parts));
  }

  /** One connection whose handshake goes wrong, or not. */
  greet(): Promise<void> {
    this.dialogues++;
    const lines = Array.from({ length: Math.floor(this.#random() * 12) }, () => this.#pick(saslLines));
    const said = Buffer.from(`${this.#random() < 0.8 ? '\0' : ''}${lines.join('\r\n')}\r\n`, 'latin1');
    if (this.#random() < 0.5) said[Math.floor(this.#random() * said.length)]! ^= 1 << (this.#random() * 8);
    return this.#say(said);
  }

  #random(): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0;
    return this.#seed / 0x1_0000_0000;
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)]!;
  }

  /** One byte changed, seldom more, and more often in the body: what still parses goes deeper, and does not end its connection. */
  #mutate(bytes: Buffer): Buffer {
    const copy = Buffer.from(bytes);
    const body = copy.readUInt32LE(FixedHeader.bodyLength);
    do {
      const at = copy.length - 1 - Math.floor(this.#random() * (this.#random() < 0.6 ? body : copy.length));
      copy[at] =
        this.#random() < 0.5
          ? copy[at]! ^ (1 << Math.floor(this.#random() * 8))
          : Math.floor(this.#random() * 256);
    } while (this.#random() < 0.2);
    return copy;
  }

  /** Resolves when the broker has ended the connection; what is not ended by what it said ends by going. */
  #say(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      const socket = Socket.connect(socketPath(this.#address));
      socket.watch({
        readable: () => {
          if (!readsEnd(socket)) return;
          socket.close();
          resolve();
        },
      });
      socket.write(bytes);
      socket.flush();
      socket.shutdown('write');
    });
  }
}

/** Whether a reader of these bytes goes on after them. */
function isWhole(bytes: Buffer): boolean {
  try {
    if (Frame.measure(bytes, 0, bytes.length) !== bytes.length) return false;
    const frame = new Frame();
    frame.parse(bytes, 0, bytes.length);
    return frame.unixFds === 0;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
