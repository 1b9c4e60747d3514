import native, { type PollHandle } from '@switchyard/native';
import { type Fd, setWatcher } from './Fd.js';
import { check, SystemError } from './SystemError.js';
import { beginTurn, endTurn } from './Turn.js';

/**
 * What a poll can wait for, as a bit set. `error` (EPOLLERR) is never asked for and always told: the poll has then
 * stopped, since the condition lasts; `change()` starts it again.
 */
export const PollEvents = { readable: 1, writable: 2, hangup: 4, priority: 8, error: 16 } as const;
export type PollEvent = Exclude<keyof typeof PollEvents, 'error'>;

/**
 * Waits in the event loop (uv_poll) until a descriptor can be read or written, for what is no Socket: pidfds, fifos,
 * ttys, eventfds, devices. Level-triggered: it calls back for as long as the condition lasts.
 *
 * A descriptor has at most one Poll (EEXIST otherwise), becomes non-blocking, and cannot be a regular file (EPERM).
 * The Poll does not own it; closing or taking the Fd closes the Poll. An open Poll keeps the process alive unless
 * unref'd.
 */
export class Poll implements Disposable {
  readonly #fd: Fd;
  #handle: PollHandle | undefined;
  #events = 0;

  private constructor(fd: Fd, callback: (events: number) => void) {
    this.#fd = fd;
    const handle = native.pollOpen(fd.number, (events) => {
      if (events === PollEvents.error) this.#events = 0;
      beginTurn();
      try {
        callback(events);
      } finally {
        endTurn();
      }
    });
    if (typeof handle === 'number') throw new SystemError(-handle, 'uv_poll_init', fd.what);
    this.#handle = handle;
    setWatcher(fd, this);
  }

  /** The callback gets those `PollEvents` that hold, as a bit set. It may close the Poll and the Fd. */
  static watch(fd: Fd, events: PollEvent | readonly PollEvent[], callback: (events: number) => void): Poll {
    const poll = new Poll(fd, callback);
    const names = typeof events === 'string' ? [events] : events;
    poll.change(names.reduce((set, name) => set | PollEvents[name], 0));
    return poll;
  }

  /** A poll that waits for nothing yet. */
  static idle(fd: Fd, callback: (events: number) => void): Poll {
    return new Poll(fd, callback);
  }

  /** Waits for another bit set of `PollEvents` from now on; 0 pauses. Cheap when nothing changes. */
  change(events: number): void {
    if (events === this.#events || !this.#handle) return;
    check(native.pollStart(this.#handle, events), 'uv_poll_start', this.#fd.what);
    this.#events = events;
  }

  ref(): void {
    if (this.#handle) native.pollReference(this.#handle, true);
  }

  unref(): void {
    if (this.#handle) native.pollReference(this.#handle, false);
  }

  get closed(): boolean {
    return this.#handle === undefined;
  }

  /** Idempotent; no callback comes afterwards. */
  close(): void {
    if (!this.#handle) return;
    native.pollClose(this.#handle);
    this.#handle = undefined;
    setWatcher(this.#fd, undefined);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
