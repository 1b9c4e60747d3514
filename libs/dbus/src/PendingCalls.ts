import { performance } from 'node:perf_hooks';
import { DBusError, ErrorName } from './DBusError.js';
import { MessageType } from './Frame.js';
import type { Message } from './Message.js';

/** What is asked of whom, for errors. */
type Question = { destination: string; path: string; interface: string; member: string };
type Pending = {
  question: Question;
  timeout: number;
  /** On the clock of performance.now(). */
  expires: number;
  settle: (reply: Message | DBusError) => void;
};

/** The calls of a connection that wait for their replies, by serial. One timer serves them all: calls are many, timeouts are rare. */
export class PendingCalls {
  readonly #calls = new Map<number, Pending>();
  #timer: NodeJS.Timeout | undefined;
  /** When the timer looks next. */
  #looksAt = Number.POSITIVE_INFINITY;

  /** `settle` is called once: with the return, or with the error that came instead of it. `timeout` in milliseconds. */
  add(serial: number, timeout: number, question: Question, settle: Pending['settle']): void {
    const expires = timeout === Number.POSITIVE_INFINITY ? timeout : performance.now() + timeout;
    this.#calls.set(serial, { question, timeout, expires, settle });
    if (expires < this.#looksAt) this.#lookAt(expires);
  }

  /** False when nobody waits for this reply (any more). */
  take(reply: Message): boolean {
    const pending = this.#calls.get(reply.replySerial);
    if (!pending) return false;
    this.#calls.delete(reply.replySerial);
    pending.settle(reply.type === MessageType.error ? about(pending.question, reply.toError()) : reply);
    return true;
  }

  failAll(error: DBusError): void {
    clearTimeout(this.#timer);
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const { settle, question } of calls)
      settle(about(question, new DBusError(error.name, error.message)));
  }

  #lookAt(time: number): void {
    clearTimeout(this.#timer);
    this.#looksAt = time;
    if (time === Number.POSITIVE_INFINITY) return;
    const delay = Math.min(Math.max(Math.ceil(time - performance.now()), 0), longestDelay);
    // The connection's socket is what keeps the process running.
    this.#timer = setTimeout(() => this.#expire(), delay).unref();
  }

  #expire(): void {
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    this.#looksAt = Number.NEGATIVE_INFINITY;
    for (const [serial, { expires, question, timeout, settle }] of this.#calls) {
      if (expires > now) {
        next = Math.min(next, expires);
        continue;
      }
      this.#calls.delete(serial);
      const what = `${question.interface}.${question.member} on ${question.destination}`;
      settle(about(question, new DBusError(ErrorName.noReply, `${what}: no reply within ${timeout} ms`)));
    }
    this.#lookAt(next);
  }
}

/** What setTimeout takes. */
const longestDelay = 0x7fffffff;

function about({ destination, path, interface: name, member }: Question, error: DBusError): DBusError {
  error.call = { destination, path, interface: name, member };
  return error;
}
