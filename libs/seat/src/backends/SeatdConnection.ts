import { constants } from 'node:os';
import { type Fd, Socket, SystemError } from '@switchyard/sys';
import { encode, event, failure, header, MESSAGE_MAX, reply, request } from '../SeatdMessage.js';

const { errno } = constants;

/** The fds that may come with one message, and a few that belong to the next. */
const FDS_MAX = 64;

interface Pending {
  /** The message that ends the wait for it. */
  readonly until: number;
  /** An answer before that may come, or not. */
  readonly told: boolean;
  readonly subject: string;
  /** What was answered in place of an answer. */
  refusal: SystemError | undefined;
  /** Called at once, before anything that comes behind the answer is told. */
  answered(payload: DataView, fds: Fd[]): void;
  failed(error: Error): void;
}

/**
 * A client's connection to seatd: requests are answered in order, events come between.
 *
 * Servers before 0.9 do not answer disable_seat and switch_session, later ones do, and nothing tells which it is. So a
 * ping goes behind them: what comes before its pong is the answer, if there is one.
 */
export class SeatdConnection {
  readonly #socket: Socket;
  readonly #on: { event(opcode: number): void; ended(error: Error): void };
  readonly #buffer = new Uint8Array(16 * MESSAGE_MAX);
  readonly #view = new DataView(this.#buffer.buffer);
  readonly #fds: Fd[] = [];
  readonly #pending: Pending[] = [];
  #end = 0;
  #closed = false;

  constructor(path: string, on: { event(opcode: number): void; ended(error: Error): void }) {
    this.#socket = Socket.connect(path);
    this.#on = on;
    this.#socket.watch({ readable: () => this.#read(), failed: (error) => this.#fail(error) });
  }

  /** `answered` gets the answer as soon as it is read; the promise rejects with the errno that came in its place. */
  request(
    message: Uint8Array,
    until: number,
    subject: string,
    answered: (payload: DataView, fds: Fd[]) => void = () => {},
  ): Promise<void> {
    return this.#ask(message, { until, subject, told: false, answered });
  }

  /** For what older servers do not answer. */
  tell(message: Uint8Array, subject: string): Promise<void> {
    const done = this.#ask(message, { until: reply.pong, subject, told: true, answered: () => {} });
    if (!this.#closed) this.#socket.write(encode(request.ping));
    return done;
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
    for (const fd of this.#fds.splice(0)) fd.close();
    const gone = this.#pending.splice(0);
    for (const one of gone) one.failed(new SystemError(errno.ENOTCONN, 'seatd', one.subject));
  }

  #ask(message: Uint8Array, how: Pick<Pending, 'until' | 'told' | 'subject' | 'answered'>): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new SystemError(errno.ENOTCONN, 'seatd', how.subject);
      const answered = (payload: DataView, fds: Fd[]) => {
        how.answered(payload, fds);
        resolve();
      };
      this.#pending.push({ ...how, answered, failed: reject, refusal: undefined });
      this.#socket.write(message);
    });
  }

  #read(): void {
    try {
      const count = this.#socket.receive(this.#buffer, this.#fds, this.#end);
      if (count < 0) return;
      if (count === 0 || this.#fds.length > FDS_MAX) {
        this.#fail(new SystemError(errno.EPIPE, 'seatd', ''));
        return;
      }
      this.#end += count;
      this.#parse();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #parse(): void {
    let at = 0;
    while (this.#end - at >= header.size && !this.#closed) {
      const { opcode, size } = header.read(this.#view, at);
      if (header.size + size > this.#buffer.length) throw new SystemError(errno.EBADMSG, 'seatd', '');
      const next = at + header.size + size;
      if (next > this.#end) break;
      this.#take(opcode, new DataView(this.#buffer.buffer, at + header.size, size));
      at = next;
    }
    this.#buffer.copyWithin(0, at, this.#end);
    this.#end -= at;
  }

  #take(opcode: number, payload: DataView): void {
    if (opcode === event.enableSeat || opcode === event.disableSeat) {
      this.#on.event(opcode);
      return;
    }
    const [pending] = this.#pending;
    if (!pending) throw new SystemError(errno.EBADMSG, 'seatd', `message ${opcode}`);
    const { until, told, subject } = pending;
    if (opcode === reply.error && payload.byteLength === failure.size) {
      pending.refusal = new SystemError(failure.get.errno(payload, 0), 'seatd', subject);
      // The pong comes in any case.
      if (!told) this.#settle(pending, payload);
    } else if (opcode === until) {
      this.#settle(pending, payload);
    } else if (!told || (opcode !== reply.seatDisabled && opcode !== reply.sessionSwitched)) {
      throw new SystemError(errno.EBADMSG, 'seatd', `message ${opcode}`);
    }
  }

  #settle(pending: Pending, payload: DataView): void {
    this.#pending.shift();
    if (pending.refusal) pending.failed(pending.refusal);
    else pending.answered(payload, this.#fds);
  }

  #fail(error: Error): void {
    if (this.#closed) return;
    this.close();
    this.#on.ended(error);
  }
}
