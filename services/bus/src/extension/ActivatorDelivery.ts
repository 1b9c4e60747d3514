import { DBusError, ErrorName, type Frame } from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import type { Peer } from '../Peer.js';
import type { Activator, Activators } from './Activators.js';
import { HeldMessage } from './HeldMessage.js';

export type ActivatorDeliveryParts = {
  activators: Activators<Peer>;
  /** To the name's owner, or with an error back to its sender; the fds are the callee's. */
  forward: (sender: Peer, frame: Frame, fds: Fd[]) => void;
  postError: (peer: Peer, serial: number, error: unknown) => void;
  /** The callee is not going to answer that call any more. */
  settle: (caller: Peer, serial: number, callee: Peer) => void;
  tell: (peer: Peer, member: string, signature: string, body: unknown[]) => void;
};

/**
 * A message to a name that an activator stands in for:
 *
 *   sent ──▶ kept ──somebody owns the name──▶ forwarded ──▶ the owner's inbox ──not taken, and the name is given up──▶ kept
 *             └──the activator goes──▶ answered with NoReply
 */
export class ActivatorDelivery {
  readonly #parts: ActivatorDeliveryParts;

  constructor(parts: ActivatorDeliveryParts) {
    this.#parts = parts;
  }

  /** False: the name has no activator. Throws LimitsExceeded. */
  keep(sender: Peer, name: string, frame: Frame, fds: Fd[]): boolean {
    const activator = this.#parts.activators.get(name);
    if (!activator) return false;
    const message = new HeldMessage(sender, frame, fds);
    try {
      this.#keep(activator, name, message);
    } catch (error) {
      message.close();
      throw error;
    }
    return true;
  }

  /** The name has an owner now. */
  handOver(name: string): void {
    for (const message of this.#parts.activators.take(name)) {
      if (message.sender.state === 'active') this.#parts.forward(message.sender, message.frame, message.fds);
      message.close();
    }
  }

  /** The name has no owner any more: what the last one has not taken waits for the next. */
  giveBack(name: string, old: Peer): void {
    const { activators, settle, postError } = this.#parts;
    const activator = activators.get(name);
    const inbox = old.extension?.inbox;
    if (!activator || !inbox) return;
    for (const entry of inbox.takeAll(({ destination }) => destination === name)) {
      const { message } = entry;
      entry.pidfd?.close();
      settle(message.sender, message.serial, old);
      try {
        this.#keep(activator, name, message);
      } catch (error) {
        if (message.asks) postError(message.sender, message.serial, error);
        message.close();
      }
    }
  }

  /** A connection has gone, and its activators with it. */
  drop(peer: Peer): void {
    for (const message of this.#parts.activators.drop(peer)) {
      if (message.asks) {
        const error = new DBusError(ErrorName.noReply, 'The activator is gone');
        this.#parts.postError(message.sender, message.serial, error);
      }
      message.close();
    }
  }

  #keep(activator: Activator<Peer>, name: string, message: HeldMessage<Peer>): void {
    this.#parts.activators.queue(activator, message);
    if (activator.inbox.length === 1) this.#parts.tell(activator.holder, 'ActivationWaiting', 's', [name]);
  }
}
