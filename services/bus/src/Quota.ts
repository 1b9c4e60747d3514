/** Connections of one uid: far more than a busy desktop has, and a fraction of RLIMIT_NOFILE. */
const maximumConnections = 8192;
/** What may wait for one connection that does not read; the first message of an empty queue may be larger. */
const maximumOutgoing = 64 * 1024 * 1024;
/** fds that may wait for one connection: each is one of ours until it has left. */
const maximumOutgoingFds = 1024;
/** What may wait for all connections of a uid: two messages of the longest, or four slow readers. */
const maximumOutgoingOfUid = 256 * 1024 * 1024;
const maximumOutgoingFdsOfUid = 4096;
/** What all connections of a uid may have sent of messages that are not whole yet. */
const maximumIncomingOfUid = 256 * 1024 * 1024;
/** Queues up to this are everybody's, and not added up: most are empty most of the time. */
const freeOutgoing = 64 * 1024;
const freeOutgoingFds = 16;

/** A connection as its quota sees it. */
export interface QuotaHolder {
  readonly uid: number;
  /** Bytes and fds that wait for it. */
  readonly outgoingBytes: number;
  readonly outgoingFds: number;
}

type Account = {
  connections: number;
  incoming: number;
  /** Those for whom more than the free share waited when last looked at. */
  slow: Set<QuotaHolder>;
};

/**
 * What the connections of each uid make the broker hold. Nothing is ever taken back: what does not fit is refused
 * before it is held, and whoever asked decides what that means.
 */
export class Quotas {
  readonly #accounts = new Map<number, Account>();

  /** False when this uid has enough connections. */
  connect(uid: number): boolean {
    const account = this.#of(uid);
    if (account.connections >= maximumConnections) return false;
    account.connections++;
    return true;
  }

  /** `incoming`: what the holder had of an unfinished message. */
  disconnect(holder: QuotaHolder, incoming: number): void {
    const account = this.#of(holder.uid);
    account.slow.delete(holder);
    account.incoming -= incoming;
    if (--account.connections === 0) this.#accounts.delete(holder.uid);
  }

  /** Whether an unfinished message may take `now` bytes where it had `before`. */
  mayHold(uid: number, before: number, now: number): boolean {
    const account = this.#of(uid);
    if (now > before && account.incoming - before + now > maximumIncomingOfUid) return false;
    account.incoming += now - before;
    return true;
  }

  /** Whether this much more may wait for a connection. Hot. */
  hasRoom(holder: QuotaHolder, bytes: number, fds: number): boolean {
    const { outgoingBytes, outgoingFds } = holder;
    if (outgoingBytes + bytes <= freeOutgoing && outgoingFds + fds <= freeOutgoingFds) return true;
    if (outgoingBytes > 0 && outgoingBytes + bytes > maximumOutgoing) return false;
    if (outgoingFds + fds > maximumOutgoingFds) return false;
    return this.#uidHasRoom(holder, bytes, fds);
  }

  #uidHasRoom(holder: QuotaHolder, bytes: number, fds: number): boolean {
    const { slow } = this.#of(holder.uid);
    slow.add(holder);
    let [allBytes, allFds] = [bytes, fds];
    for (const one of slow) {
      allBytes += one.outgoingBytes;
      allFds += one.outgoingFds;
      if (one !== holder && one.outgoingBytes <= freeOutgoing && one.outgoingFds <= freeOutgoingFds)
        slow.delete(one);
    }
    return allBytes <= maximumOutgoingOfUid && allFds <= maximumOutgoingFdsOfUid;
  }

  #of(uid: number): Account {
    let account = this.#accounts.get(uid);
    if (!account) {
      account = { connections: 0, incoming: 0, slow: new Set() };
      this.#accounts.set(uid, account);
    }
    return account;
  }
}
