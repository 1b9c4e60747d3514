import native from '@switchyard/native';
import { type FdRecord, ledger } from './FdLedger.js';
import { check, errno } from './SystemError.js';

/** What must let go of a descriptor before it is closed: the poll that watches it. */
export interface Watcher {
  close(): void;
}

/** Tells an Fd who watches it. Not part of the package's surface. */
export let setWatcher: (fd: Fd, watcher: Watcher | undefined) => void;

/**
 * One file descriptor and the duty to close it.
 *
 *   owned ──close()──▶ closed
 *     └────take()────▶ taken     (the number is the taker's; this Fd is as good as closed)
 *
 * All descriptors that this package makes or receives are close-on-exec. With YARD_DEBUG_FDS=1 every Fd remembers where
 * it was made, and one that is collected without having been closed is reported on stderr and in `Fd.leaks()`.
 */
export class Fd implements Disposable {
  /** What errors call it: a path, an address, "socket", … */
  readonly what: string;
  #number: number;
  #watcher: Watcher | undefined;

  static {
    setWatcher = (fd, watcher) => {
      fd.#watcher = watcher;
    };
  }

  private constructor(number: number, what: string) {
    this.#number = number;
    this.what = what;
    ledger?.add(this, number, what);
  }

  /** Takes the ownership of a raw number, which nothing else may close from now on. */
  static adopt(number: number, what = `fd ${number}`): Fd {
    if (!Number.isInteger(number) || number < 0)
      throw new RangeError(`${number} is not a file descriptor (${what})`);
    return new Fd(number, what);
  }

  /** open(2) with `flags` of node:fs's constants and O_CLOEXEC. */
  static open(path: string, flags: number, mode = 0o666): Fd {
    return new Fd(check(native.open(path, flags, mode), 'open', path), path);
  }

  /** Fds that were collected without having been closed or taken, with the stack of their creation. Empty unless YARD_DEBUG_FDS=1. */
  static leaks(): FdRecord[] {
    return ledger?.leaks() ?? [];
  }

  /** Fds that are owned at this moment. Empty unless YARD_DEBUG_FDS=1. */
  static live(): FdRecord[] {
    return ledger?.live() ?? [];
  }

  /** The raw number, for spawn's stdio only; the ownership stays here. */
  get number(): number {
    if (this.#number < 0) throw new Error(`use of a closed file descriptor: ${this.what}`);
    return this.#number;
  }

  get closed(): boolean {
    return this.#number < 0;
  }

  /** Gives the raw number and the duty to close it to the caller. Whatever watched it stops. */
  take(): number {
    const number = this.number;
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#number = -1;
    ledger?.remove(this);
    return number;
  }

  /** A second descriptor of the same open file, which shares its position, flags and locks. */
  dup(what = this.what): Fd {
    return new Fd(check(native.duplicate(this.number), 'fcntl(F_DUPFD_CLOEXEC)', this.what), what);
  }

  /** Idempotent. Throws EBADF when somebody else has closed our number, which is a bug of theirs. */
  close(): void {
    if (this.#number < 0) return;
    const result = native.close(this.take());
    // Any other error (EIO of a network file) comes after the number is gone; there is nothing left to do.
    if (result === -errno.EBADF) check(result, 'close', this.what);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Takes all of them, or none: throws when one is closed or comes twice. */
export function takeAll(fds: readonly Fd[]): number[] {
  if (new Set(fds).size !== fds.length)
    throw new Error('the same Fd is to be sent twice; send a dup() of it');
  for (const fd of fds) void fd.number;
  return fds.map((fd) => fd.take());
}

/** A duplicate of each. When there are no numbers left for all (EMFILE, ENFILE) it throws and keeps none. */
export function dupAll(fds: readonly Fd[]): Fd[] {
  const copies: Fd[] = [];
  try {
    for (const fd of fds) copies.push(fd.dup());
    return copies;
  } catch (error) {
    for (const copy of copies) copy.close();
    throw error;
  }
}
