import { constants } from 'node:fs';
import { Fd, Poll, PollEvents, read, SystemError } from '@switchyard/sys';
import { type KernelRecord, parseKernelRecord, RECORD_LIMIT } from './KernelRecord.js';

/** A flood is thousands of records a second; what is older than this many is still in the kernel's buffer, or lost. */
const RECORD_COUNT = 20_000;
/** Records between two looks at the event loop, which calls again while there are more. */
const BATCH = 500;

/** A record, or how many of them there were that nobody can read any more. */
export type LogEntry = KernelRecord | { readonly lost: number };

export interface KernelLogEvents {
  /** An entry was added. `old`: it was there when we came. */
  added(entry: LogEntry, old: boolean): void;
  /** There is no more to read at the moment. */
  settled(): void;
}

/**
 * The kernel's log, followed.
 *
 *   catching up ──nothing left──▶ following
 */
export class KernelLog implements Disposable {
  /** Oldest first; the oldest go. */
  readonly entries: LogEntry[] = [];
  readonly #fd: Fd;
  readonly #poll: Poll;
  readonly #on: KernelLogEvents;
  readonly #buffer = new Uint8Array(RECORD_LIMIT);
  #old = true;
  #next: number | undefined;

  private constructor(fd: Fd, on: KernelLogEvents) {
    this.#fd = fd;
    this.#on = on;
    // Where the next record is overwritten poll(2) tells an error, which stops the Poll: it is started again.
    this.#poll = Poll.watch(fd, 'readable', () => {
      this.#read();
      this.#poll.change(PollEvents.readable);
    });
    this.#read();
  }

  /** Throws SystemError: EPERM where only root may (kernel.dmesg_restrict). */
  static open(on: KernelLogEvents, path = '/dev/kmsg'): KernelLog {
    return new KernelLog(Fd.open(path, constants.O_RDONLY | constants.O_NONBLOCK), on);
  }

  [Symbol.dispose](): void {
    this.#poll.close();
    this.#fd.close();
  }

  #read(): void {
    for (let count = 0; count < BATCH; count++) {
      let length: number;
      try {
        length = read(this.#fd, this.#buffer);
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        // What was to be read next has been overwritten: the next read goes on with the oldest that is left.
        if (error.code === 'EPIPE' || error.code === 'EINTR') continue;
        throw error;
      }
      if (length === -1) {
        this.#old = false;
        this.#on.settled();
      }
      if (length <= 0) return;
      this.#add(this.#buffer.subarray(0, length));
    }
  }

  #add(bytes: Uint8Array): void {
    const record = parseKernelRecord(bytes);
    if (!record) return;
    const lost = this.#next === undefined ? 0 : record.sequence - this.#next;
    if (lost > 0) this.#push({ lost });
    this.#next = record.sequence + 1;
    const last = this.entries.at(-1);
    if (record.continues && last && !('lost' in last)) {
      this.entries[this.entries.length - 1] = {
        ...last,
        text: `${last.text}${record.text}`.slice(0, RECORD_LIMIT),
      };
      this.#on.added(record, this.#old);
      return;
    }
    this.#push(record);
  }

  #push(entry: LogEntry): void {
    this.entries.push(entry);
    if (this.entries.length > RECORD_COUNT) this.entries.splice(0, this.entries.length - RECORD_COUNT);
    this.#on.added(entry, this.#old);
  }
}
