import { DBusError, ErrorName } from '@switchyard/dbus';
import type { Sender } from '../Backlog.js';
import type { Account } from '../Quota.js';
import type { HeldMessage } from './HeldMessage.js';
import { Inbox } from './Inbox.js';

/** Names that one connection starts services for. */
const maximumNames = 1024;

export interface ActivatorPeer extends Sender {
  readonly account: Account;
}

type Item<Peer extends ActivatorPeer> = {
  message: HeldMessage<Peer>;
  priority: bigint;
  size: number;
  fdCount: number;
  charged: Peer;
};

export type Activator<Peer extends ActivatorPeer> = { holder: Peer; inbox: Inbox<Item<Peer>> };

/**
 * Names that a connection stands in for until somebody owns them: what is sent to such a name waits, the holder is told,
 * and whoever then acquires the name gets the same messages, from their own senders, in their order.
 */
export class Activators<Peer extends ActivatorPeer> {
  readonly #byName = new Map<string, Activator<Peer>>();

  /** Throws AddressInUse, LimitsExceeded. */
  add(holder: Peer, name: string): void {
    if (this.#byName.has(name))
      throw new DBusError(ErrorName.addressInUse, `There is an activator for ${name} already`);
    const own = [...this.#byName.values()].filter((one) => one.holder === holder).length;
    if (own >= maximumNames)
      throw new DBusError(ErrorName.limitsExceeded, `A connection has at most ${maximumNames} activators`);
    this.#byName.set(name, { holder, inbox: new Inbox(holder.account) });
  }

  namesOf(holder: Peer): string[] {
    return [...this.#byName].filter(([, one]) => one.holder === holder).map(([name]) => name);
  }

  get(name: string): Activator<Peer> | undefined {
    return this.#byName.get(name);
  }

  /** Keeps a message for the name's next owner. Throws LimitsExceeded; `message` is still the caller's then. */
  queue(activator: Activator<Peer>, message: HeldMessage<Peer>): void {
    const { inbox } = activator;
    const [size, fdCount] = [message.bytes.length, message.fds.length];
    if (inbox.room(message.sender, size, fdCount) !== 'room')
      throw new DBusError(ErrorName.limitsExceeded, 'Too much waits for the service to be started');
    inbox.put({ message, priority: 0n, size, fdCount, charged: message.sender });
  }

  /** What waits for a name, which has an owner now. */
  take(name: string): HeldMessage<Peer>[] {
    return (this.#byName.get(name)?.inbox.takeAll() ?? []).map(({ message }) => message);
  }

  /** A connection has gone. Returns what waited with it, which is not going to be delivered. */
  drop(peer: Peer): HeldMessage<Peer>[] {
    const lost: HeldMessage<Peer>[] = [];
    for (const [name, { holder, inbox }] of [...this.#byName]) {
      for (const { message } of inbox.takeAll((item) => holder === peer || item.charged === peer))
        if (message.sender === peer) message.close();
        else lost.push(message);
      if (holder === peer) this.#byName.delete(name);
    }
    return lost;
  }
}
