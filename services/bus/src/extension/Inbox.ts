import type { Sender } from '../Backlog.js';
import { type Account, type Room, Shares } from '../Quota.js';
import { type Waiter, wakeWaiters } from '../Waiter.js';

/** Messages from one uid in one inbox: kdbus's, each costs an object besides its bytes. */
const maximumMessages = 256;

/** What an inbox keeps. */
export interface InboxItem {
  readonly priority: bigint;
  /** Bytes and fds that it is charged for. */
  readonly size: number;
  readonly fdCount: number;
  readonly charged: Sender;
}

/** Messages that stay with the bus until their receiver takes them, one by one: in their order, or the most urgent first. */
export class Inbox<Item extends InboxItem> {
  readonly #account: Account;
  readonly #shares = new Shares();
  readonly #waiters: Waiter[] = [];
  #items: Item[] = [];

  constructor(account: Account) {
    this.#account = account;
  }

  get length(): number {
    return this.#items.length;
  }

  room(sender: Sender, bytes: number, fds: number): Room {
    if (this.#shares.of(sender.account.uid).messages >= maximumMessages) return 'share';
    return this.#account.room(this.#shares, sender.account.uid, bytes, fds);
  }

  /** Calls `go` soon after there is room, or when the inbox is closed. */
  whenRoom(waiter: Waiter): void {
    this.#waiters.push(waiter);
  }

  put(item: Item): void {
    this.#items.push(item);
    this.#charge(item, 1);
  }

  /**
   * The next item: the oldest, or with `priority` the most urgent that is at least so urgent (the lowest number), the
   * oldest of those. `peek` leaves it here.
   */
  next(options: { priority?: bigint | undefined; peek?: boolean } = {}): Item | undefined {
    const index = options.priority === undefined ? 0 : this.#mostUrgent(options.priority);
    const item = this.#items[index];
    if (!item || options.peek) return item;
    this.#items.splice(index, 1);
    this.#charge(item, -1);
    this.#wake();
    return item;
  }

  /** Takes all items out that are wanted, in their order. */
  takeAll(wanted: (item: Item) => boolean = () => true): Item[] {
    const taken = this.#items.filter(wanted);
    this.#items = this.#items.filter((item) => !taken.includes(item));
    for (const item of taken) this.#charge(item, -1);
    this.#wake();
    return taken;
  }

  #mostUrgent(atLeast: bigint): number {
    let best = -1;
    for (const [i, { priority }] of this.#items.entries())
      if (priority <= atLeast && (best < 0 || priority < this.#items[best]!.priority)) best = i;
    return best;
  }

  #charge({ charged, size, fdCount }: Item, sign: 1 | -1): void {
    const { uid } = charged.account;
    const { queued } = this.#account;
    for (const load of [this.#shares.total, this.#shares.of(uid), queued.total, queued.of(uid)])
      load.add(sign * size, sign, sign * fdCount);
  }

  #wake(): void {
    wakeWaiters(this.#waiters, (waiter) => this.room(waiter.sender, waiter.bytes, waiter.fds));
  }
}
