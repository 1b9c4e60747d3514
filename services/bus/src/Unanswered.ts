import { DBusError, ErrorName } from '@switchyard/dbus';
import type { Delivery } from './Delivery.js';
import type { Peer } from './Peer.js';
import type { ReplyRegistry } from './ReplyRegistry.js';

/** Calls that get no reply from whom they asked: their callers get an error from the bus, once. */
export class Unanswered {
  readonly #replies: ReplyRegistry<Peer>;
  readonly #delivery: Delivery;

  constructor(replies: ReplyRegistry<Peer>, delivery: Delivery) {
    this.#replies = replies;
    this.#delivery = delivery;
  }

  /** The caller's own deadline is over. */
  expired(caller: Peer, serial: number, callee: Peer): void {
    this.#fail(caller, serial, callee, ErrorName.timeout, `${callee.uniqueName} did not reply in time`);
  }

  /** The bus's time for replies is over. */
  timedOut(caller: Peer, serial: number, callee: Peer): void {
    const text = 'Message did not receive a reply (timeout by message bus)';
    this.#fail(caller, serial, callee, ErrorName.noReply, text);
  }

  /** The callee threw the call away. */
  notTaken(caller: Peer, serial: number, callee: Peer): void {
    this.#fail(caller, serial, callee, ErrorName.noReply, `${callee.uniqueName} did not take the call`);
  }

  /** The callee has gone, or has no voice any more. */
  gone(callee: Peer): void {
    const text = 'Message recipient disconnected from message bus without replying';
    for (const { caller, serial } of this.#replies.drop(callee))
      this.#delivery.postError(caller, serial, new DBusError(ErrorName.noReply, text));
  }

  #fail(caller: Peer, serial: number, callee: Peer, error: string, text: string): void {
    if (this.#replies.settle(caller, serial, callee))
      this.#delivery.postError(caller, serial, new DBusError(error, text));
  }
}
