import { DBusError, ErrorName, NameFlag, ReleaseNameReply, RequestNameReply } from '@switchyard/dbus';
import { builtInLimits, type Limits } from './Limits.js';
import { OwnerCounter } from './OwnerCounter.js';

type Claim<Peer> = { peer: Peer; flags: number };

/** What a change of owner makes the bus say; undefined is nobody. */
export type OwnerChange<Peer> = (name: string, old: Peer | undefined, now: Peer | undefined) => void;

/**
 * Who owns the well-known names, and who waits for them. The first claim in a name's queue is its owner's.
 *
 * Rules (specification, "org.freedesktop.DBus.RequestName"):
 * - a name that is free is given;
 * - an owner that allowed replacement loses it to a claim with REPLACE_EXISTING, and goes to the second place of the
 *   queue unless its own claim said DO_NOT_QUEUE;
 * - any other claim waits, or with DO_NOT_QUEUE is refused (and leaves the queue if it was in it);
 * - a claim that is repeated only changes its flags.
 */
export class NameRegistry<Peer> {
  readonly #queues = new Map<string, Claim<Peer>[]>();
  readonly #byPeer = new Map<Peer, Set<string>>();
  readonly #changed: OwnerChange<Peer>;
  readonly #limits: Pick<Limits, 'namesPerConnection'>;
  /** Names that peers own or wait for. */
  readonly counter = new OwnerCounter<Peer>();
  /** Changes whenever somebody begins or ceases to own a name, or to wait for it. */
  version = 0;

  constructor(changed: OwnerChange<Peer>, limits: Pick<Limits, 'namesPerConnection'> = builtInLimits) {
    this.#changed = changed;
    this.#limits = limits;
  }

  /** Whether a connection owns a name or waits for it, or with `orBelow` one that begins with it and a dot. */
  claims(peer: Peer, name: string, orBelow: boolean): boolean {
    const names = this.#byPeer.get(peer);
    if (!names) return false;
    if (names.has(name)) return true;
    return orBelow && [...names].some((one) => one.startsWith(`${name}.`));
  }

  /** What a connection owns, and not only waits for. */
  ownedBy(peer: Peer): string[] {
    return [...(this.#byPeer.get(peer) ?? [])].filter((name) => this.owner(name) === peer);
  }

  owner(name: string): Peer | undefined {
    return this.#queues.get(name)?.[0]?.peer;
  }

  names(): IterableIterator<string> {
    return this.#queues.keys();
  }

  /** The owner and those that wait, in order. */
  queue(name: string): Peer[] {
    return (this.#queues.get(name) ?? []).map((claim) => claim.peer);
  }

  /** One of RequestNameReply. Throws LimitsExceeded. */
  request(peer: Peer, name: string, flags: number): number {
    const maximum = this.#limits.namesPerConnection;
    // The unique name counts too. As in dbus-daemon, who has so many cannot even ask for one of them.
    if ((this.#byPeer.get(peer)?.size ?? 0) + 1 >= maximum)
      throw new DBusError(ErrorName.limitsExceeded, `A connection has at most ${maximum} names`);
    const queue = this.#queues.get(name);
    if (!queue) {
      this.#remember(peer, name);
      this.#queues.set(name, [{ peer, flags }]);
      this.#changed(name, undefined, peer);
      return RequestNameReply.primaryOwner;
    }
    const owner = queue[0]!;
    if (owner.peer === peer) {
      owner.flags = flags;
      return RequestNameReply.alreadyOwner;
    }
    const own = queue.findIndex((claim) => claim.peer === peer);
    if (flags & NameFlag.replaceExisting && owner.flags & NameFlag.allowReplacement) {
      this.#remember(peer, name);
      if (own > 0) queue.splice(own, 1);
      queue[0] = { peer, flags };
      if (owner.flags & NameFlag.doNotQueue) this.#forget(owner.peer, name);
      else queue.splice(1, 0, owner);
      this.#changed(name, owner.peer, peer);
      return RequestNameReply.primaryOwner;
    }
    if (flags & NameFlag.doNotQueue) {
      if (own > 0) {
        queue.splice(own, 1);
        this.#forget(peer, name);
      }
      return RequestNameReply.exists;
    }
    if (own > 0) queue[own]!.flags = flags;
    else {
      this.#remember(peer, name);
      queue.push({ peer, flags });
    }
    return RequestNameReply.inQueue;
  }

  /** One of ReleaseNameReply. */
  release(peer: Peer, name: string): number {
    const queue = this.#queues.get(name);
    if (!queue) return ReleaseNameReply.nonExistent;
    const own = queue.findIndex((claim) => claim.peer === peer);
    if (own < 0) return ReleaseNameReply.notOwner;
    queue.splice(own, 1);
    this.#forget(peer, name);
    if (queue.length === 0) this.#queues.delete(name);
    if (own === 0) this.#changed(name, peer, queue[0]?.peer);
    return ReleaseNameReply.released;
  }

  /** All that a peer owned or waited for, the latest first. */
  releaseAll(peer: Peer): void {
    for (const name of [...(this.#byPeer.get(peer) ?? [])].reverse()) this.release(peer, name);
    this.counter.removeAll(peer);
  }

  #remember(peer: Peer, name: string): void {
    const names = this.#byPeer.get(peer) ?? new Set();
    this.#byPeer.set(peer, names);
    if (!names.has(name)) this.counter.add(peer);
    names.add(name);
    this.version++;
  }

  #forget(peer: Peer, name: string): void {
    const names = this.#byPeer.get(peer);
    if (names?.delete(name)) this.counter.remove(peer);
    this.version++;
    if (names?.size === 0) this.#byPeer.delete(peer);
  }
}
