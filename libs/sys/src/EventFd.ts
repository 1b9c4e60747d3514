import native from '@switchyard/native';
import { Fd } from './Fd.js';
import { read, write } from './File.js';
import { check } from './SystemError.js';

/** A 64-bit counter that wakes pollers when it is not 0 (eventfd(2)), in this process or another that has its fd. */
export class EventFd implements Disposable {
  readonly fd: Fd;
  readonly #word = new BigUint64Array(1);
  readonly #bytes = new Uint8Array(this.#word.buffer);

  private constructor(fd: Fd) {
    this.fd = fd;
  }

  /** With `semaphore` a read takes 1 and not all. */
  static create(options: { initial?: number; semaphore?: boolean } = {}): EventFd {
    const number = native.createEventfd(options.initial ?? 0, options.semaphore ?? false);
    return new EventFd(Fd.adopt(check(number, 'eventfd', ''), 'eventfd'));
  }

  static adopt(fd: Fd): EventFd {
    return new EventFd(fd);
  }

  /** Adds to the counter; false when that would overflow it. */
  signal(count = 1n): boolean {
    this.#word[0] = count;
    return write(this.fd, this.#bytes) > 0;
  }

  /** Takes what is there; 0 when there is nothing. */
  take(): bigint {
    return read(this.fd, this.#bytes) < 0 ? 0n : this.#word[0]!;
  }

  close(): void {
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
