import type { Limits } from './Limits.js';

/** fds that came before the rest of their message: so many at most, and not for long. */
export class EarlyFds {
  readonly #limits: Pick<Limits, 'incomingUnixFds' | 'pendingFdTimeout'>;
  readonly #end: (why: string) => void;
  #timer: NodeJS.Timeout | undefined;
  /** The most that there were. */
  peak = 0;

  /** `end` is for a peer that has too many, or does not send what they belong to. */
  constructor(limits: Pick<Limits, 'incomingUnixFds' | 'pendingFdTimeout'>, end: (why: string) => void) {
    this.#limits = limits;
    this.#end = end;
  }

  /** After each read: how many there are. Hot. */
  count(pending: number): void {
    if (pending === 0 && this.#timer === undefined) return;
    this.peak = Math.max(this.peak, pending);
    if (pending === 0) this.close();
    else if (pending > this.#limits.incomingUnixFds) this.#end('sent too many fds ahead of their message');
    else
      this.#timer ??= setTimeout(
        () => this.#end('sent fds without the rest of their message'),
        this.#limits.pendingFdTimeout,
      );
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
