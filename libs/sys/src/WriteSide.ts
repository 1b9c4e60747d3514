import native from '@switchyard/native';
import { type Fd, takeAll } from './Fd.js';
import { OutgoingQueue } from './OutgoingQueue.js';
import type { SharedMemory } from './SharedMemory.js';
import { check, errno, SystemError } from './SystemError.js';
import { atTurnEnd, type TurnEnd } from './Turn.js';

/** SCM_MAX_FD of the kernel: more fds in one message are EINVAL. */
export const MAX_FDS = 253;
/** When the kernel refuses for a reason that polling cannot see (fds in flight, memory), it is asked again after this time. */
const RETRY_MS = 10;
/** Shorter bodies are copied: what is in one piece with others leaves with them. */
const KEPT_FROM = 128 * 1024;
/** More fds are in flight than this user may have (RLIMIT_NOFILE); node:os does not name it. */
const ETOOMANYREFS = 109;

const settled = Promise.resolve();
/** Numbers on their way to one sendmsg. */
const numbers = new Int32Array(MAX_FDS);
/** What one writeThrough sends. */
const pieces: [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];

/** Whom a write side belongs to. */
export interface WriteSideOwner {
  readonly fd: Fd;
  /** `wantsWritable` may have changed. */
  updatePoll(): void;
  /** There is room again. */
  drained(): void;
  /** The kernel took some of what waited, and not all. */
  progressed(): void;
  /** Comes once. */
  failed(error: SystemError): void;
}

/** The kernel had no room; nothing was sent. */
function isBusy(result: number): boolean {
  return (
    result === -errno.EAGAIN ||
    result === -errno.ENOBUFS ||
    result === -errno.ENOMEM ||
    result === -ETOOMANYREFS
  );
}

/**
 * What a socket sends.
 *
 *            ┌──no room──▶ blocked ──┐  (waits for `writable`, or for the timer)
 *   open ◀───┴────room──────┘        │
 *     └───────────error──────────────┴──▶ failed   (drops everything from now on)
 */
export class WriteSide implements TurnEnd {
  readonly #owner: WriteSideOwner;
  readonly #queue = new OutgoingQueue();
  #maxBytes = Number.POSITIVE_INFINITY;
  #maxFds = Number.POSITIVE_INFINITY;
  #failed = false;
  #blocked = false;
  #retry: NodeJS.Timeout | undefined;
  #flushScheduled = false;
  /** Something was sent that nobody has been told of yet. */
  #wentThrough = false;

  constructor(owner: WriteSideOwner) {
    this.#owner = owner;
  }

  get pending(): number {
    return this.#queue.length;
  }

  get wantsWritable(): boolean {
    return this.#blocked && !this.#retry;
  }

  limit(bytes: number, fds: number): void {
    this.#maxBytes = bytes;
    this.#maxFds = fds;
  }

  /** For streams; see Socket.write. Hot. */
  write(bytes: Uint8Array, fds: readonly Fd[] | undefined, start: number, end: number): void {
    let taken: number[] | undefined;
    if (fds && fds.length > 0) {
      checkCount(fds.length);
      if (end === start) throw new RangeError('file descriptors need at least one byte to travel with');
      taken = takeAll(fds);
    }
    if (this.#failed || this.#owner.fd.closed) {
      if (taken) for (const number of taken) native.close(number);
      return;
    }
    this.#queue.append(bytes, taken, start, end);
    if (this.#queue.length > this.#maxBytes || this.#queue.fds > this.#maxFds) this.#relieve();
    else if (!this.#blocked && end > start) this.#scheduleFlush();
  }

  /** For streams; see Socket.writeThrough. Hot. */
  writeThrough(
    head: Uint8Array,
    body: Uint8Array,
    fds: readonly Fd[] | undefined,
    memory: SharedMemory | undefined,
  ): void {
    if (this.#blocked || this.#failed || this.#owner.fd.closed || (fds && fds.length > 0)) {
      this.#writeBoth(head, body, fds, memory);
      return;
    }
    if (this.#queue.length > 0 && this.#queue.flush(this.#owner.fd.number) !== 0) {
      this.#writeBoth(head, body, undefined, memory);
      return;
    }
    pieces[0] = head;
    pieces[1] = body;
    const sent = native.sendChunks(this.#owner.fd.number, pieces, 2, 0, body.length, numbers, 0);
    // What went wrong, if anything, shows when the rest is flushed.
    const done = Math.max(sent, 0);
    if (done < head.length) this.write(head, undefined, done, head.length);
    const left = Math.max(done - head.length, 0);
    this.#writeRest(body, left, memory);
    this.#wentThrough = true;
    this.#scheduleFlush();
  }

  #writeBoth(
    head: Uint8Array,
    body: Uint8Array,
    fds: readonly Fd[] | undefined,
    memory: SharedMemory | undefined,
  ): void {
    this.write(head, fds, 0, head.length);
    this.#writeRest(body, 0, memory);
  }

  /** Keeps what is long where it lies, if it may stay there. */
  #writeRest(body: Uint8Array, start: number, memory: SharedMemory | undefined): void {
    const length = body.length - start;
    if (length === 0) return;
    if (!memory || length < KEPT_FROM || length <= memory.bytes.length / 2) {
      this.write(body, undefined, start, body.length);
      return;
    }
    if (this.#failed || this.#owner.fd.closed) return;
    this.#queue.keep(body.subarray(start), memory);
    if (this.#queue.length > this.#maxBytes) this.#relieve();
    else if (!this.#blocked) this.#scheduleFlush();
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    atTurnEnd(this);
  }

  /** The turn in which something was written is over. */
  endTurn(): void {
    this.#flushScheduled = false;
    this.flush();
  }

  flush(): void {
    if (this.#failed || this.#owner.fd.closed || (this.#queue.length === 0 && !this.#wentThrough)) return;
    this.#wentThrough = false;
    const before = this.#queue.length;
    const result = this.#queue.flush(this.#owner.fd.number);
    if (result === 0) {
      this.#unblock();
      this.#owner.drained();
    } else if (isBusy(result)) {
      this.#block(result);
      if (this.#queue.length < before) this.#owner.progressed();
    } else {
      this.#fail(result);
    }
  }

  /** For packets; see Socket.send. Hot. */
  send(packet: Uint8Array, fds: readonly Fd[] | undefined): boolean {
    const { fd } = this.#owner;
    const count = fds?.length ?? 0;
    checkCount(count);
    for (let i = 0; i < count; i++) numbers[i] = fds![i]!.number;
    const sent = native.send(fd.number, packet, 0, packet.length, numbers, count);
    if (isBusy(sent)) {
      this.#block(sent);
      return false;
    }
    check(sent, 'sendmsg', fd.what);
    for (let i = 0; i < count; i++) fds![i]!.close();
    return true;
  }

  /** The kernel may have room again. */
  retry(): void {
    if (!this.#blocked) return;
    if (this.#queue.length > 0) {
      this.flush();
    } else {
      this.#unblock();
      this.#owner.drained();
    }
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#queue.clear();
  }

  /** Over the limit: only what the kernel does not take right now counts. The owner hears of it after the caller's turn. */
  #relieve(): void {
    const result = this.#queue.flush(this.#owner.fd.number);
    const fits = this.#queue.length <= this.#maxBytes && this.#queue.fds <= this.#maxFds;
    if (result === 0) {
      this.#unblock();
      void settled.then(() => {
        if (!this.#owner.fd.closed) this.#owner.drained();
      });
    } else if (isBusy(result) && fits) {
      this.#block(result);
    } else {
      this.#failed = true;
      this.#queue.clear();
      void settled.then(() => {
        if (!this.#owner.fd.closed) this.#fail(isBusy(result) ? -errno.ENOBUFS : result);
      });
    }
  }

  #fail(result: number): void {
    this.#failed = true;
    this.#queue.clear();
    this.#unblock();
    this.#owner.failed(new SystemError(-result, 'sendmsg', this.#owner.fd.what));
  }

  #block(reason: number): void {
    this.#blocked = true;
    if (reason !== -errno.EAGAIN) {
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        this.retry();
      }, RETRY_MS);
    }
    this.#owner.updatePoll();
  }

  #unblock(): void {
    if (!this.#blocked) return;
    this.#blocked = false;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#owner.updatePoll();
  }
}

function checkCount(count: number): void {
  if (count > MAX_FDS) {
    throw new RangeError(
      `cannot send ${count} file descriptors with one message: the kernel carries at most ${MAX_FDS}`,
    );
  }
}
