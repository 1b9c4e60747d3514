import { DBusError, ErrorName } from './DBusError.js';
import { MessageType } from './Frame.js';
import type { Message } from './Message.js';

type Pending = { settle: (reply: Message | DBusError) => void; timer: NodeJS.Timeout | undefined };

/** The calls of a connection that wait for their replies, by serial. */
export class PendingCalls {
  readonly #calls = new Map<number, Pending>();

  /** `settle` is called once: with the return, or with the error that came instead of it. */
  add(serial: number, timeout: number, what: string, settle: Pending['settle']): void {
    const timer = Number.isFinite(timeout)
      ? setTimeout(() => {
          this.#calls.delete(serial);
          settle(new DBusError(ErrorName.noReply, `${what}: no reply within ${timeout} ms`));
        }, timeout)
      : undefined;
    this.#calls.set(serial, { settle, timer });
  }

  /** False when nobody waits for this reply (any more). */
  take(reply: Message): boolean {
    const pending = this.#calls.get(reply.replySerial);
    if (!pending) return false;
    this.#calls.delete(reply.replySerial);
    clearTimeout(pending.timer);
    pending.settle(reply.type === MessageType.error ? reply.toError() : reply);
    return true;
  }

  failAll(error: DBusError): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const { settle, timer } of calls) {
      clearTimeout(timer);
      settle(error);
    }
  }
}
