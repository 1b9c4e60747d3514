import native from '@switchyard/native';
import { Fd } from './Fd.js';
import { Poll } from './Poll.js';
import { check, errno } from './SystemError.js';

/** The kernel's own: UEVENT_BUFFER_SIZE of linux/kobject.h is 2048, and the header before it a path. */
const MESSAGE_MAX = 8192;
/** Two thousand devices that come at once, while we are busy with something else. */
const WAITING_MAX = 8 * 1024 * 1024;
/** Messages in one turn: a storm of them leaves room for everything else. */
const MESSAGES_PER_TURN = 128;

export interface UeventsHandlers {
  /** One message as the kernel sent it; the bytes are valid during the call. */
  message(bytes: Uint8Array): void;
  /** Some were lost (ENOBUFS): only sysfs knows what there is. */
  lost(): void;
}

/**
 * What the kernel says of devices that come, go and change, from now on (NETLINK_KOBJECT_UEVENT). Messages of others,
 * who may send there as well when they are root in some network namespace, are passed over. No privilege is needed.
 */
export class Uevents implements Disposable {
  readonly #fd: Fd;
  readonly #on: UeventsHandlers;
  readonly #bytes = new Uint8Array(MESSAGE_MAX);

  private constructor(fd: Fd, on: UeventsHandlers) {
    this.#fd = fd;
    this.#on = on;
    Poll.watch(fd, 'readable', () => this.#read());
  }

  /** Throws where the kernel has no such socket (EPROTONOSUPPORT in some sandboxes). `waitingMax`: bytes. */
  static listen(on: UeventsHandlers, waitingMax = WAITING_MAX): Uevents {
    const number = check(native.openUevents(waitingMax), 'socket', 'NETLINK_KOBJECT_UEVENT');
    return new Uevents(Fd.adopt(number, 'uevents'), on);
  }

  /** Idempotent. */
  close(): void {
    this.#fd.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }

  #read(): void {
    for (let i = 0; i < MESSAGES_PER_TURN && !this.#fd.closed; i++) {
      const count = native.receiveUevent(this.#fd.number, this.#bytes);
      if (count === -errno.EAGAIN) return;
      if (count === -errno.ENOBUFS) this.#on.lost();
      else if (check(count, 'recvmsg', this.#fd.what) > 0) this.#on.message(this.#bytes.subarray(0, count));
    }
  }
}
