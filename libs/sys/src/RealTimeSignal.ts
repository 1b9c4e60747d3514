import native from '@switchyard/native';
import { EventFd } from './EventFd.js';
import { Poll } from './Poll.js';
import { check } from './SystemError.js';

/**
 * SIGRTMIN+n, which Node cannot listen to: what the kernel sends about virtual terminals (VT_SETMODE), asynchronous
 * I/O, … One listener in the process for each signal (EBUSY). It keeps the process alive unless unref'd.
 */
export class RealTimeSignal implements Disposable {
  /** As kill(2) and VT_SETMODE have it. */
  readonly number: number;
  readonly #counter = EventFd.create();
  readonly #poll: Poll;
  #closed = false;

  private constructor(number: number, callback: () => void) {
    this.number = number;
    this.#poll = Poll.watch(this.#counter.fd, 'readable', () => {
      this.#counter.take();
      callback();
    });
  }

  /** Signals that come while the callback is not yet through are one call: it must look what there is to do. */
  static listen(n: number, callback: () => void): RealTimeSignal {
    const number = check(native.realTimeSignal(n), 'sigaction', `SIGRTMIN+${n}`);
    const signal = new RealTimeSignal(number, callback);
    try {
      check(native.catchSignal(number, signal.#counter.fd.number), 'sigaction', `SIGRTMIN+${n}`);
    } catch (error) {
      signal.#counter.close();
      throw error;
    }
    return signal;
  }

  unref(): void {
    this.#poll.unref();
  }

  /** From now on the signal is ignored: one that is still on its way must not end the process. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    native.ignoreSignal(this.number);
    this.#counter.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
