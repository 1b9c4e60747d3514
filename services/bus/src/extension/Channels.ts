import { DBusError, ErrorName } from '@switchyard/dbus';
import { type Fd, Poll, Socket, type SocketType } from '@switchyard/sys';

/** Channels of one connection: each costs the bus an fd. */
const maximumChannels = 64;

type Channel<Peer> = {
  id: number;
  from: Peer;
  to: Peer;
  /** Our duplicate of one end: shutdown(2) on it ends the channel for both, whoever holds them. */
  kept: Socket;
  poll: Poll;
};

/**
 * Socket pairs between two connections, for streams that should not cross a broker.
 *
 *   open ──an end is shut down──▶ gone
 *     └── either connection goes, or policy forbids it ──shutdown(2)──▶ gone
 *
 * Since the bus keeps a duplicate, closing an end does not end a channel: it has to be shut down. A process that dies
 * loses its connection to the bus, and that does.
 */
export class Channels<Peer> {
  readonly #channels = new Set<Channel<Peer>>();
  #last = 0;

  /** Makes one; the fds are for its two ends. Throws LimitsExceeded. */
  open(from: Peer, to: Peer, type: SocketType): { id: number; ends: [Fd, Fd] } {
    for (const peer of [from, to])
      if ([...this.#channels].filter((one) => one.from === peer || one.to === peer).length >= maximumChannels)
        throw new DBusError(
          ErrorName.limitsExceeded,
          `A connection has at most ${maximumChannels} direct channels`,
        );
    const [one, other] = Socket.pair(type);
    const kept = Socket.adopt(one.fd.dup(), type);
    const id = ++this.#last;
    const poll = Poll.watch(kept.fd, 'hangup', () => this.#end(channel));
    const channel: Channel<Peer> = { id, from, to, kept, poll };
    this.#channels.add(channel);
    return { id, ends: [one.fd, other.fd] };
  }

  /** Ends those that are not allowed any more. */
  review(isAllowed: (from: Peer, to: Peer) => boolean): void {
    for (const channel of [...this.#channels]) if (!isAllowed(channel.from, channel.to)) this.#end(channel);
  }

  drop(peer: Peer): void {
    this.review((from, to) => from !== peer && to !== peer);
  }

  #end(channel: Channel<Peer>): void {
    if (!this.#channels.delete(channel)) return;
    channel.kept.shutdown();
    channel.poll.close();
    channel.kept.close();
  }
}
