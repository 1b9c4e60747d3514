import type { Message } from './Message.js';

export type TurnsHandlers = {
  /** Handles a message. True when it was a reply that somebody awaits. */
  dispatch(message: Message): boolean;
  /** Whether messages may be read: not while some wait here. */
  reading(on: boolean): void;
};

/**
 * Hands messages on in their order, as those who `await` see it: what follows a reply is handled in a later turn of
 * the event loop, after the code that awaited the reply. (Promises alone would let all messages of one read pass
 * first.) Replies among themselves need no turns: their awaiters run in the order in which they were settled.
 */
export class Turns {
  readonly #on: TurnsHandlers;
  #waiting: Message[] = [];
  #replied = false;

  constructor(on: TurnsHandlers) {
    this.#on = on;
  }

  /** A new turn of the event loop has begun. */
  begin(): void {
    this.#replied = false;
  }

  take(message: Message): void {
    if (this.#waiting.length === 0 && this.#isInTurn(message)) {
      this.#dispatch(message);
      return;
    }
    message.keep();
    if (this.#waiting.push(message) > 1) return;
    this.#on.reading(false);
    setImmediate(() => this.#drain());
  }

  /** Forgets what waits; nothing is dispatched from now on. */
  clear(): void {
    for (const message of this.#waiting.splice(0)) message.closeFds();
  }

  #isInTurn(message: Message): boolean {
    return !this.#replied || message.isReply;
  }

  #dispatch(message: Message): void {
    if (this.#on.dispatch(message)) this.#replied = true;
  }

  #drain(): void {
    this.begin();
    const messages = this.#waiting;
    while (messages.length > 0 && this.#isInTurn(messages[0]!)) this.#dispatch(messages.shift()!);
    if (messages.length > 0) setImmediate(() => this.#drain());
    else this.#on.reading(true);
  }
}
