import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import native from '@switchyard/native';
import { Fd } from './Fd.js';
import { Poll } from './Poll.js';
import { check } from './SystemError.js';

/** One process, for certain: a pid may be another's by the time it is used, a pidfd never (pidfd_open(2)). */
export class Pidfd implements Disposable {
  readonly fd: Fd;
  #poll: Poll | undefined;

  private constructor(fd: Fd) {
    this.fd = fd;
  }

  /** ESRCH when there is no such process. A zombie has one. */
  static open(pid: number): Pidfd {
    return new Pidfd(Fd.adopt(check(native.openPidfd(pid), 'pidfd_open', `${pid}`), `pidfd of ${pid}`));
  }

  /** Takes a pidfd over, such as Socket.peerPidfd() gives. */
  static adopt(fd: Fd): Pidfd {
    return new Pidfd(fd);
  }

  /** The pid in our namespace; undefined when the process has been reaped or is in a namespace that we do not see. */
  get pid(): number | undefined {
    const pid = Number(
      /^Pid:\s*(-?\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${this.fd.number}`, 'utf8'))?.[1],
    );
    return pid > 0 ? pid : undefined;
  }

  /** ESRCH when it has ended and been reaped, EPERM when it is another user's. 0 only asks. */
  signal(signal: NodeJS.Signals | number): void {
    const number = typeof signal === 'number' ? signal : constants.signals[signal];
    check(native.signalPidfd(this.fd.number, number), `pidfd_send_signal(${signal})`, this.fd.what);
  }

  /**
   * A duplicate of the fd that the process has under this number (pidfd_getfd(2), Linux 5.6). EBADF when it has none,
   * EPERM when we may not trace the process, ESRCH when it has ended.
   */
  duplicate(number: number): Fd {
    const what = `fd ${number} of ${this.fd.what}`;
    return Fd.adopt(check(native.getPidfd(this.fd.number, number), 'pidfd_getfd', what), what);
  }

  /** Calls back once when the process has ended, also when it had already. A second call replaces the first. Keeps our process alive unless unref'd. */
  onExit(callback: () => void): void {
    this.#poll?.close();
    this.#poll = Poll.watch(this.fd, 'readable', () => {
      this.#poll?.close();
      this.#poll = undefined;
      callback();
    });
  }

  ref(): void {
    this.#poll?.ref();
  }

  unref(): void {
    this.#poll?.unref();
  }

  close(): void {
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
