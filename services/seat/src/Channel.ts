import { type Fd, Socket } from '@switchyard/sys';

/**
 * A SOCK_SEQPACKET pair between a session and a device's provider, of which a duplicate is kept here. shutdown(2) on
 * it ends the pair for every holder of either end, however often it was duplicated: both sides read 0 behind what was
 * sent before, and writing is EPIPE.
 */
export class Channel {
  readonly #kept: Socket;

  private constructor(kept: Socket) {
    this.#kept = kept;
  }

  /** The two ends are the caller's. */
  static open(): { channel: Channel; sessionEnd: Fd; providerEnd: Fd } {
    const [session, provider] = Socket.pair('seqpacket');
    const channel = new Channel(Socket.adopt(session.fd.dup('kept channel'), 'seqpacket'));
    return { channel, sessionEnd: session.fd, providerEnd: provider.fd };
  }

  /** The kept end of a channel of before our restart, which is taken over. */
  static adopt(kept: Fd): Channel {
    return new Channel(Socket.adopt(kept, 'seqpacket'));
  }

  /** What is kept here; undefined when it is revoked. The channel's own. */
  get fd(): Fd | undefined {
    return this.#kept.closed ? undefined : this.#kept.fd;
  }

  /** What TakeDevice gives an inactive session: it reads 0. */
  static revokedEnd(): Fd {
    const { channel, sessionEnd, providerEnd } = Channel.open();
    channel.revoke();
    providerEnd.close();
    return sessionEnd;
  }

  /** Idempotent. */
  revoke(): void {
    if (this.#kept.closed) return;
    this.#kept.shutdown('both');
    this.#kept.close();
  }
}
