import { type Prelude, SaslServer } from '@switchyard/dbus';
import type { Socket } from '@switchyard/sys';

/** Answers of the handshake that may wait for a client that only writes. */
const maximumOutput = 64 * 1024;

export type HandshakeOptions = {
  guid: string;
  /** Whether this uid may be here at all. */
  accepted: boolean;
  /** Whether it may be here without saying who it is. */
  anonymous: boolean;
};

/** What comes on a peer's socket before its first message, and what was settled by it. */
export class PeerHandshake implements Prelude {
  readonly #sasl: SaslServer;
  readonly #socket: Socket;
  readonly #done: () => void;
  readonly #failed: (why: string) => void;

  /** `done` or `failed` is called once. */
  constructor(
    socket: Socket,
    { guid, accepted, anonymous }: HandshakeOptions,
    done: () => void,
    failed: (why: string) => void,
  ) {
    this.#socket = socket;
    this.#done = done;
    this.#failed = failed;
    const uid = accepted ? socket.peer.uid : undefined;
    this.#sasl = new SaslServer({ guid, uid, anonymous, unixFds: true });
  }

  get done(): boolean {
    return this.#sasl.done;
  }

  /** Whether fds can be sent to it. */
  get takesFds(): boolean {
    return this.#sasl.unixFds;
  }

  get isAnonymous(): boolean {
    return this.#sasl.isAnonymous;
  }

  feed(bytes: Uint8Array): number {
    const { reply, used } = this.#sasl.feed(bytes);
    if (reply !== '') this.#socket.write(Buffer.from(reply, 'latin1'));
    if (this.#sasl.done) this.#done();
    else if (this.#sasl.failed) this.#failed('failed to authenticate');
    else if (this.#socket.pending > maximumOutput) this.#failed('does not read');
    return used;
  }
}
