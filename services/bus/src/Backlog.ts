import { messageWeight, type Pace } from './Pace.js';
import type { Account, Load, Room } from './Quota.js';
import { Shares } from './Quota.js';
import { type Waiter, wakeWaiters } from './Waiter.js';

/** Messages of one sender that follow each other are counted together up to this: the grain of who is charged. */
const runBytes = 64 * 1024;
/** Up to this everybody's message fits, whoever is charged: a reader empties it in one read. */
const freeBytes = 64 * 1024;
const freeFds = 16;

/** Whoever is charged for a message that waits, and paced by its reader. */
export interface Sender {
  readonly account: Account;
  readonly pace: Pace;
}

class Run {
  sender: Sender | undefined;
  load: Load | undefined;
  loadOfUid: Load | undefined;
  /** Where it ends in the stream of all that was ever queued. */
  end = 0;
  bytes = 0;
  messages = 0;
  fds = 0;
  /** The sender's pace counts it. */
  paced = false;

  begin(sender: Sender, load: Load, loadOfUid: Load, paced: boolean): void {
    this.sender = sender;
    this.load = load;
    this.loadOfUid = loadOfUid;
    this.paced = paced;
  }

  add(end: number, bytes: number, fds: number): void {
    this.end = end;
    this.bytes += bytes;
    this.messages++;
    this.fds += fds;
    this.load!.add(bytes, 1, fds);
    this.loadOfUid!.add(bytes, 1, fds);
    if (this.paced) this.sender!.pace.change(bytes + messageWeight);
  }

  take(bytes: number, messages: number, fds: number): void {
    this.bytes -= bytes;
    this.messages -= messages;
    this.fds -= fds;
    this.load!.subtract(bytes, messages, fds);
    this.loadOfUid!.subtract(bytes, messages, fds);
    if (this.paced) this.sender!.pace.change(-bytes - messages * messageWeight);
  }

  stopPacing(): void {
    if (this.paced) this.sender!.pace.change(-this.bytes - this.messages * messageWeight);
    this.paced = false;
  }
}

/**
 * What waits for one connection, by who is charged for it: runs of messages in the order in which they leave.
 *
 *   stream   ──left──▶│ run (:1.5) │ run (:1.9) │ run (:1.5) │◀── queued
 *                  queued - pending                         queued
 */
export class Backlog {
  readonly #account: Account;
  readonly #shares = new Shares();
  readonly #runs: Run[] = [];
  /** A run that is over, for the next: a queue that is emptied at each turn allocates nothing. */
  #spare: Run | undefined;
  readonly #waiters: Waiter[] = [];
  #queued = 0;
  #lastProgress = 0;
  /** It takes nothing: nobody is paced by it until it has taken all. */
  #stalled = false;
  /** The most that has waited so far. */
  peakBytes = 0;
  peakFds = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  get bytes(): number {
    return this.#shares.total.bytes;
  }
  get messages(): number {
    return this.#shares.total.messages;
  }
  get fds(): number {
    return this.#shares.total.fds;
  }

  /** Hot. */
  room(sender: Sender, bytes: number, fds: number): Room {
    const { total } = this.#shares;
    if (total.bytes + bytes <= freeBytes && total.fds + fds <= freeFds) return 'room';
    return this.#account.room(this.#shares, sender.account.uid, bytes, fds);
  }

  /** Hot. `paces`: whether this reader's slowness may slow the sender down. */
  add(sender: Sender, bytes: number, fds: number, paces: boolean): void {
    this.#queued += bytes;
    const { total } = this.#shares;
    if (total.messages === 0) this.#lastProgress = Date.now();
    total.add(bytes, 1, fds);
    if (total.bytes > this.peakBytes) this.peakBytes = total.bytes;
    if (total.fds > this.peakFds) this.peakFds = total.fds;
    this.#account.queued.total.add(bytes, 1, fds);
    this.#runOf(sender, paces && !this.#stalled).add(this.#queued, bytes, fds);
  }

  /** Of all that was added, `pending` bytes have not left yet. */
  settle(pending: number): void {
    const left = this.#queued - pending;
    let whole = 0;
    for (const run of this.#runs) {
      if (run.end > left) {
        const part = left - (run.end - run.bytes);
        if (part > 0) this.#take(run, part, 0, 0);
        break;
      }
      this.#take(run, run.bytes, run.messages, run.fds);
      whole++;
    }
    if (whole === this.#runs.length) {
      for (let run = this.#runs.pop(); run; run = this.#runs.pop()) this.#spare = run;
      if (this.#spare) this.#spare.sender = undefined;
      // So it stays a small number: V8 keeps others in memory of their own, and compiles all that uses them once more.
      this.#queued = pending;
    } else this.#runs.splice(0, whole);
    this.#lastProgress = Date.now();
    if (pending === 0) this.#stalled = false;
    if (this.#waiters.length > 0)
      wakeWaiters(this.#waiters, (waiter) => this.room(waiter.sender, waiter.bytes, waiter.fds));
  }

  /** Calls `go` soon after there is room, or when the connection has gone. */
  whenRoom(waiter: Waiter): void {
    this.#waiters.push(waiter);
  }

  /** Whether it has taken nothing since that time (of Date.now()). */
  idleSince(time: number): boolean {
    return this.#shares.total.messages > 0 && this.#lastProgress <= time;
  }

  /** Paces nobody until it is empty. */
  stall(): void {
    this.#stalled = true;
    for (const run of this.#runs) run.stopPacing();
  }

  #runOf(sender: Sender, paced: boolean): Run {
    const last = this.#runs.at(-1);
    if (last?.sender === sender && last.bytes < runBytes && last.paced === paced) return last;
    const { uid } = sender.account;
    const run = this.#spare ?? new Run();
    this.#spare = undefined;
    run.begin(sender, this.#shares.of(uid), this.#account.queued.of(uid), paced);
    this.#runs.push(run);
    return run;
  }

  #take(run: Run, bytes: number, messages: number, fds: number): void {
    this.#shares.total.subtract(bytes, messages, fds);
    this.#account.queued.total.subtract(bytes, messages, fds);
    run.take(bytes, messages, fds);
  }
}
