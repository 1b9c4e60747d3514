/** Buckets of a connection's first calls; they double with the calls. */
const firstBuckets = 8;
/** Replies that are not pending any more and kept for the next: enough for a few clients that pipeline. */
const keptReplies = 1024;

/** Who calls, or is called. */
export interface ReplyParty {
  readonly pending: PendingReplies<this>;
}

/** A reply that is owed. */
export class PendingReply<Party> {
  caller: Party | undefined;
  callee: Party | undefined;
  serial = 0;
  /** Of the caller's with the same bucket; also of those that are kept. */
  next: PendingReply<Party> | undefined;
  /** Of the callee's, in the order of the calls. */
  later: PendingReply<Party> | undefined;
  earlier: PendingReply<Party> | undefined;
}

/**
 * One connection's part of the ReplyRegistry: the replies that it waits for, by serial, and those that it owes, in
 * order. Hot: what is settled is used again, so calls allocate nothing in the steady state.
 */
export class PendingReplies<Party extends ReplyParty> {
  #buckets: (PendingReply<Party> | undefined)[] = [];
  #waited = 0;
  #firstOwed: PendingReply<Party> | undefined;
  #lastOwed: PendingReply<Party> | undefined;

  /** How many it waits for. */
  get waited(): number {
    return this.#waited;
  }

  find(serial: number): PendingReply<Party> | undefined {
    let reply = this.#buckets[serial & (this.#buckets.length - 1)];
    while (reply && reply.serial !== serial) reply = reply.next;
    return reply;
  }

  wait(reply: PendingReply<Party>): void {
    if (this.#waited >= this.#buckets.length) this.#grow();
    const bucket = reply.serial & (this.#buckets.length - 1);
    reply.next = this.#buckets[bucket];
    this.#buckets[bucket] = reply;
    this.#waited++;
  }

  waitNoMore(reply: PendingReply<Party>): void {
    const bucket = reply.serial & (this.#buckets.length - 1);
    const first = this.#buckets[bucket]!;
    if (first === reply) this.#buckets[bucket] = reply.next;
    else {
      let before = first;
      while (before.next !== reply) before = before.next!;
      before.next = reply.next;
    }
    reply.next = undefined;
    this.#waited--;
  }

  owe(reply: PendingReply<Party>): void {
    reply.earlier = this.#lastOwed;
    if (this.#lastOwed) this.#lastOwed.later = reply;
    else this.#firstOwed = reply;
    this.#lastOwed = reply;
  }

  oweNoMore(reply: PendingReply<Party>): void {
    const { earlier, later } = reply;
    if (earlier) earlier.later = later;
    else this.#firstOwed = later;
    if (later) later.earlier = earlier;
    else this.#lastOwed = earlier;
    reply.earlier = undefined;
    reply.later = undefined;
  }

  allWaited(): PendingReply<Party>[] {
    const all: PendingReply<Party>[] = [];
    for (let reply of this.#buckets) for (; reply; reply = reply.next) all.push(reply);
    return all;
  }

  allOwed(): PendingReply<Party>[] {
    const all: PendingReply<Party>[] = [];
    for (let reply = this.#firstOwed; reply; reply = reply.later) all.push(reply);
    return all;
  }

  #grow(): void {
    const all = this.allWaited();
    this.#buckets = new Array(Math.max(firstBuckets, this.#buckets.length * 2)).fill(undefined);
    for (const reply of all) {
      const bucket = reply.serial & (this.#buckets.length - 1);
      reply.next = this.#buckets[bucket];
      this.#buckets[bucket] = reply;
    }
  }
}

/** Replies to use again. */
export class SparePendingReplies<Party> {
  #first: PendingReply<Party> | undefined;
  #count = 0;

  take(): PendingReply<Party> {
    const reply = this.#first;
    if (!reply) return new PendingReply();
    this.#first = reply.next;
    reply.next = undefined;
    this.#count--;
    return reply;
  }

  give(reply: PendingReply<Party>): void {
    reply.caller = undefined;
    reply.callee = undefined;
    if (this.#count === keptReplies) return;
    reply.next = this.#first;
    this.#first = reply;
    this.#count++;
  }
}
