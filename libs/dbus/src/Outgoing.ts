import type { Socket } from '@switchyard/sys';
import type { Call, Emission } from './Call.js';
import { DBusError, ErrorName } from './DBusError.js';
import { MessageEncoder, type MessageFields } from './Message.js';
import type { SaslClient } from './SaslClient.js';

type Waiter = { resolve(): void; reject(error: Error): void };

/** What a connection sends: numbered, encoded, written; all of one turn of the event loop in one go. */
export class Outgoing {
  readonly #socket: Socket;
  readonly #sasl: SaslClient;
  readonly #encoder: MessageEncoder;
  readonly #waiters: Waiter[] = [];
  #serial = 0;

  constructor(socket: Socket, sasl: SaslClient, byteOrder: 'little' | 'big') {
    this.#socket = socket;
    this.#sasl = sasl;
    this.#encoder = new MessageEncoder(byteOrder === 'little');
    socket.write(Buffer.from(sasl.opening, 'latin1'));
  }

  /** Bytes that the kernel has not taken yet. */
  get pending(): number {
    return this.#socket.pending;
  }

  nextSerial(): number {
    this.#serial = this.#serial === 0xffffffff ? 1 : this.#serial + 1;
    return this.#serial;
  }

  /** fds move. Throws TypeError when a value does not fit its type, NotSupported when the bus passes no fds; nothing has moved then. */
  write(fields: MessageFields): void {
    const { head, body, fds } = this.#encoder.encode(fields);
    if (fds.length > 0 && this.#sasl.done && !this.#sasl.unixFds)
      throw new DBusError(ErrorName.notSupported, 'This bus does not pass fds');
    this.#socket.write(head, fds);
    if (body.length > 0) this.#socket.write(body);
  }

  /** Resolves when nothing is pending. */
  whenDrained(): Promise<void> {
    if (this.pending === 0) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  drained(): void {
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  /** Nothing leaves any more. */
  fail(error: Error): void {
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }
}

/** A call or a signal as a message. Written out, since spreading an object is what costs most of a call. */
export function asMessage(one: Call | Emission, type: number, flags: number, serial: number): MessageFields {
  return {
    type,
    flags,
    serial,
    path: one.path,
    interface: one.interface,
    member: one.member,
    destination: one.destination,
    signature: one.signature,
    body: one.body,
    payload: one.payload,
    priority: one.priority,
    deadline: one.deadline,
  };
}
