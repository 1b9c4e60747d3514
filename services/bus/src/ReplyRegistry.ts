import { DBusError, ErrorName } from '@switchyard/dbus';
import { builtInLimits, type Limits } from './Limits.js';
import { type PendingReply, type ReplyParty, SparePendingReplies } from './PendingReplies.js';

/** Which replies are owed, by whom, to whom: a message that claims to be one and is not here goes nowhere. Hot. */
export class ReplyRegistry<Peer extends ReplyParty> {
  readonly #spares = new SparePendingReplies<Peer>();
  readonly #limits: Pick<Limits, 'repliesPerConnection'>;

  constructor(limits: Pick<Limits, 'repliesPerConnection'> = builtInLimits) {
    this.#limits = limits;
  }

  /** Throws AccessDenied when the serial is in use, LimitsExceeded. */
  expect(caller: Peer, serial: number, callee: Peer): void {
    const { pending } = caller;
    if (pending.find(serial))
      throw new DBusError(ErrorName.accessDenied, `A call with serial ${serial} waits for its reply already`);
    const maximum = this.#limits.repliesPerConnection;
    if (pending.waited >= maximum)
      throw new DBusError(ErrorName.limitsExceeded, `A connection has at most ${maximum} pending calls`);
    const reply = this.#spares.take();
    reply.caller = caller;
    reply.serial = serial;
    reply.callee = callee;
    pending.wait(reply);
    callee.pending.owe(reply);
  }

  /** True, once, when `callee` owes `caller` a reply to that serial. */
  settle(caller: Peer, serial: number, callee: Peer): boolean {
    const reply = caller.pending.find(serial);
    if (reply === undefined || reply.callee !== callee) return false;
    this.#forget(reply);
    return true;
  }

  /** Forgets a peer. The calls that it will not answer any more are returned. */
  drop(peer: Peer): { caller: Peer; serial: number }[] {
    for (const reply of peer.pending.allWaited()) this.#forget(reply);
    return peer.pending.allOwed().map((reply) => {
      const { serial } = reply;
      const caller = reply.caller!;
      this.#forget(reply);
      return { caller, serial };
    });
  }

  #forget(reply: PendingReply<Peer>): void {
    reply.caller!.pending.waitNoMore(reply);
    reply.callee!.pending.oweNoMore(reply);
    this.#spares.give(reply);
  }
}
