import { builtInLimits, type Limits } from './Limits.js';

/** Messages that may wait for one connection from one uid: a minute's worth of a busy bus. */
const maximumMessages = 65_536;
/** What may wait for all connections of a uid, in queues of one: several slow readers are not all full. */
const fullQueues = 4;
/** A stranger's share: kdbus's third of the half that is not the owner's, less what other strangers have of it. */
const strangersHalf = 2;
const strangersShare = 3;

export type QuotaLimits = Pick<
  Limits,
  'connectionsPerUser' | 'incompleteConnections' | 'incomingBytes' | 'outgoingBytes' | 'outgoingUnixFds'
>;

/** What waits somewhere, in the three currencies that run out. */
export class Load {
  bytes = 0;
  messages = 0;
  fds = 0;

  add(bytes: number, messages: number, fds: number): void {
    this.bytes += bytes;
    this.messages += messages;
    this.fds += fds;
  }

  /** Not `add` of negative numbers: -0 is no small integer, and memory would be taken for it. */
  subtract(bytes: number, messages: number, fds: number): void {
    this.bytes -= bytes;
    this.messages -= messages;
    this.fds -= fds;
  }
}

/** What waits in a queue, in all and by the uid that is charged for it. */
export class Shares {
  readonly total = new Load();
  readonly #byUid = new Map<number, Load>();

  of(uid: number): Load {
    let load = this.#byUid.get(uid);
    if (!load) {
      load = new Load();
      this.#byUid.set(uid, load);
    }
    return load;
  }

  /** Forgets who is charged for nothing. */
  prune(): void {
    for (const [uid, load] of this.#byUid) if (load.messages === 0) this.#byUid.delete(uid);
  }
}

/** `share`: the uid that is charged has its share already. `full`: nobody's message fits. */
export type Room = 'room' | 'share' | 'full';

/** A uid's part in the bus. */
export class Account {
  connections = 0;
  /** Those of them that have said Hello. */
  completed = 0;
  /** Bytes of messages that are not whole yet. */
  incoming = 0;
  /** What waits for its connections. */
  readonly queued = new Shares();
  readonly uid: number;
  readonly #limits: QuotaLimits;

  constructor(uid: number, limits: QuotaLimits) {
    this.uid = uid;
    this.#limits = limits;
  }

  /** Whether this much more, charged to `uid`, may wait in `queue`, which is that of one of this uid's connections. */
  room(queue: Shares, uid: number, bytes: number, fds: number): Room {
    if (queue.of(uid).messages >= maximumMessages) return 'share';
    const room = queue.total.messages === 0 ? 'room' : this.#fits(1, queue, uid, bytes, fds);
    return room === 'room' ? this.#fits(fullQueues, this.queued, uid, bytes, fds) : room;
  }

  /**
   * The owner may use all that is free; another uid a third of what the other strangers leave of a half. So the first
   * gets most, those who come later always some, and the owner at least the other half.
   */
  #fits(queues: number, queue: Shares, uid: number, bytes: number, fds: number): Room {
    const [maximumBytes, maximumFds] = [
      this.#limits.outgoingBytes * queues,
      this.#limits.outgoingUnixFds * queues,
    ];
    const { total } = queue;
    if (total.bytes + bytes > maximumBytes || total.fds + fds > maximumFds) return 'full';
    if (uid === this.uid) return 'room';
    const [mine, own] = [queue.of(uid), queue.of(this.uid)];
    const fits =
      mine.bytes + bytes <= strangersPart(maximumBytes, total.bytes - own.bytes, mine.bytes) &&
      (fds === 0 || mine.fds + fds <= strangersPart(maximumFds, total.fds - own.fds, mine.fds));
    return fits ? 'room' : 'share';
  }
}

/** `all`: what strangers have; `mine`: what one of them has. */
function strangersPart(maximum: number, all: number, mine: number): number {
  return (maximum / strangersHalf - all + mine) / strangersShare;
}

/** The accounts of all uids that have connections. What does not fit is refused before it is held. */
export class Quotas {
  readonly #accounts = new Map<number, Account>();
  readonly #limits: QuotaLimits;

  constructor(limits: QuotaLimits = builtInLimits) {
    this.#limits = limits;
  }

  /** The account of a new connection; undefined when its uid has enough of them. */
  connect(uid: number): Account | undefined {
    let account = this.#accounts.get(uid);
    if (!account) {
      account = new Account(uid, this.#limits);
      this.#accounts.set(uid, account);
    }
    if (account.connections >= this.#limits.connectionsPerUser + this.#limits.incompleteConnections)
      return undefined;
    account.connections++;
    return account;
  }

  /** `incoming`: what the connection had of an unfinished message. Nothing waits for it any more. */
  disconnect(account: Account, incoming: number): void {
    account.incoming -= incoming;
    account.queued.prune();
    if (--account.connections === 0) this.#accounts.delete(account.uid);
  }

  /** Whether an unfinished message may take `now` bytes where it had `before`. */
  mayHold(account: Account, before: number, now: number): boolean {
    if (now > before && account.incoming - before + now > this.#limits.incomingBytes) return false;
    account.incoming += now - before;
    return true;
  }
}
