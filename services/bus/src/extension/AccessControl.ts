import type { Identity } from '../policy/Policy.js';
import { Access, AccessTable } from './AccessTable.js';

/** A connection as access control sees it. */
export interface AccessPeer {
  readonly uid: number;
  /** Root, and the bus's own user: policies of the bus are not for them. */
  readonly isTrusted: boolean;
  readonly identity: Identity;
  /** Where it came in, if that has a policy of its own. */
  readonly endpoint: { readonly table: AccessTable<unknown> } | undefined;
}

/**
 * Who may see, talk to and own what, by policy holders and endpoints, in addition to the configuration's policy:
 *
 *   holders    only names that somebody holds a policy for are restricted; root, the bus's user and, for talking, the
 *              same uid are free
 *   endpoints  all that is not allowed is forbidden, to everybody who came in there
 *
 * A connection may be talked to if any of its names allows it. Nothing is remembered: what changes holds at once.
 */
export class AccessControl<Peer extends AccessPeer> {
  readonly holders = new AccessTable<Peer>();
  readonly #namesOf: (peer: Peer) => Iterable<string>;
  /** How many connections came in at endpoints. */
  confined = 0;

  constructor(namesOf: (peer: Peer) => Iterable<string>) {
    this.#namesOf = namesOf;
  }

  /** Whether anything is forbidden to anybody. Hot. */
  get isActive(): boolean {
    return this.confined > 0 || this.holders.size > 0;
  }

  mayOwn(peer: Peer, name: string): boolean {
    const held = peer.isTrusted ? undefined : this.holders.access(name, peer.identity);
    if (held !== undefined && held < Access.own) return false;
    return !peer.endpoint || (peer.endpoint.table.access(name, peer.identity) ?? Access.none) >= Access.own;
  }

  mayTalk(peer: Peer, to: Peer): boolean {
    if (peer === to) return true;
    return this.#holdersAllow(peer, to) && this.#endpointAllows(peer, to, Access.talk);
  }

  /** Whether a message may wait for whoever is going to own a name. */
  mayTalkTo(peer: Peer, name: string): boolean {
    const held = peer.isTrusted ? undefined : this.holders.access(name, peer.identity);
    if (held !== undefined && held < Access.talk) return false;
    return !peer.endpoint || (peer.endpoint.table.access(name, peer.identity) ?? Access.none) >= Access.talk;
  }

  /** Whether a name (or a connection) is there for a peer: only endpoints hide anything. */
  maySee(peer: Peer, name: string): boolean {
    if (!peer.endpoint) return true;
    return (peer.endpoint.table.access(name, peer.identity) ?? Access.none) >= Access.see;
  }

  maySeePeer(peer: Peer, other: Peer): boolean {
    return peer === other || this.#endpointAllows(peer, other, Access.see);
  }

  #holdersAllow(peer: Peer, to: Peer): boolean {
    if (this.holders.size === 0 || peer.isTrusted || peer.uid === to.uid) return true;
    let restricted = false;
    for (const name of this.#namesOf(to)) {
      const access = this.holders.access(name, peer.identity);
      if (access === undefined) continue;
      if (access >= Access.talk) return true;
      restricted = true;
    }
    return !restricted;
  }

  #endpointAllows(peer: Peer, other: Peer, wanted: number): boolean {
    if (!peer.endpoint) return true;
    for (const name of this.#namesOf(other))
      if ((peer.endpoint.table.access(name, peer.identity) ?? Access.none) >= wanted) return true;
    return false;
  }
}
