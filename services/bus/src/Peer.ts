import { type Frame, FrameReader, ProtocolError, SaslServer } from '@switchyard/dbus';
import { type Fd, type Socket, SystemError } from '@switchyard/sys';
import type { QuotaHolder, Quotas } from './Quota.js';

/** Time from accept to Hello: a client needs two round trips, a stopped one holds a place no longer. */
export const authenticationTimeout = 30_000;
/** Answers of the handshake that may wait for a client that only writes. */
const maximumHandshakeOutput = 64 * 1024;

/**
 *   authenticating ──BEGIN──▶ greeting ──Hello──▶ active ──BecomeMonitor──▶ monitor
 *         └── timeout, refusal ──▶ gone ◀── end of stream, wrong message, over a limit ──┘
 */
export type PeerState = 'authenticating' | 'greeting' | 'active' | 'monitor' | 'gone';

export type PeerEvents = {
  frame(peer: Peer, frame: Frame, fds: Fd[]): void;
  /** It said Hello, or is not going to. */
  settled(peer: Peer): void;
  gone(peer: Peer, why: string): void;
};

/** One connection to the broker: its handshake, its bytes in and out, and who the kernel says it is. */
export class Peer implements QuotaHolder {
  readonly socket: Socket;
  readonly uid: number;
  readonly pid: number;
  state: PeerState = 'authenticating';
  /** ":1.N" from Hello on; "" before. */
  uniqueName = '';
  /** For MatchIndex: the broadcast that this peer got last. */
  matchStamp = 0;
  readonly #sasl: SaslServer;
  readonly #reader: FrameReader;
  readonly #events: PeerEvents;
  #timer: NodeJS.Timeout | undefined;
  readonly #quotas: Quotas;
  #outgoingFds = 0;
  #unfinished = 0;

  /** `accepted`: whether this uid may be here at all. The quotas have counted the connection already. */
  constructor(
    socket: Socket,
    options: { guid: string; accepted: boolean; quotas: Quotas },
    events: PeerEvents,
  ) {
    this.socket = socket;
    this.#events = events;
    this.#quotas = options.quotas;
    ({ uid: this.uid, pid: this.pid } = socket.peer);
    this.#sasl = new SaslServer({
      guid: options.guid,
      uid: options.accepted ? this.uid : undefined,
      unixFds: true,
    });
    const sasl = this.#sasl;
    const prelude = {
      feed: (bytes: Uint8Array) => this.#handshake(bytes),
      get done() {
        return sasl.done;
      },
    };
    this.#reader = new FrameReader(
      socket,
      prelude,
      (frame, fds) => this.#receive(frame, fds),
      (before, now) => this.#mayHold(before, now),
    );
    this.#timer = setTimeout(() => this.disconnect('did not say Hello in time'), authenticationTimeout);
    // When writing fails, what the peer sent before it left is still read; the end of its stream follows.
    socket.watch({ readable: () => this.#read() });
  }

  /** Whether fds can be sent to it. */
  get takesFds(): boolean {
    return this.#sasl.unixFds;
  }

  /** Hello was said, in time. */
  becomeActive(uniqueName: string): void {
    this.uniqueName = uniqueName;
    this.state = 'active';
    clearTimeout(this.#timer);
    this.#events.settled(this);
  }

  get outgoingBytes(): number {
    return this.socket.pending;
  }

  /** Counted until the queue is empty again. */
  get outgoingFds(): number {
    if (this.socket.pending === 0) this.#outgoingFds = 0;
    return this.#outgoingFds;
  }

  /** Whether that much more may wait for this peer. */
  hasRoom(bytes: number, fds: number): boolean {
    return this.#quotas.hasRoom(this, bytes, fds);
  }

  /** Queues bytes; what one turn of the event loop queues leaves together. The fds move. */
  send(head: Uint8Array, body: Uint8Array, fds: readonly Fd[]): void {
    this.#outgoingFds += fds.length;
    this.socket.write(head, fds);
    if (body.length > 0) this.socket.write(body);
  }

  /** Ends this peer, whatever it was doing. Idempotent. */
  disconnect(why: string): void {
    if (this.state === 'gone') return;
    this.state = 'gone';
    clearTimeout(this.#timer);
    this.#reader.stop();
    this.#quotas.disconnect(this, this.#unfinished);
    this.socket.flush();
    this.socket.close();
    if (this.uniqueName === '') this.#events.settled(this);
    this.#events.gone(this, why);
  }

  #read(): void {
    try {
      if (!this.#reader.read()) this.disconnect('closed its connection');
    } catch (error) {
      if (!(error instanceof ProtocolError) && !(error instanceof SystemError)) throw error;
      this.disconnect(error.message);
    }
  }

  #handshake(bytes: Uint8Array): number {
    const { reply, used } = this.#sasl.feed(bytes);
    if (reply !== '') this.socket.write(Buffer.from(reply, 'latin1'));
    if (this.#sasl.done) this.state = 'greeting';
    else if (this.#sasl.failed) this.disconnect('failed to authenticate');
    else if (this.socket.pending > maximumHandshakeOutput) this.disconnect('does not read');
    return used;
  }

  #mayHold(before: number, now: number): boolean {
    const may = this.#quotas.mayHold(this.uid, before, now);
    if (may) this.#unfinished = now;
    return may;
  }

  #receive(frame: Frame, fds: Fd[]): void {
    if (fds.length === 0 || this.takesFds) {
      this.#events.frame(this, frame, fds);
      return;
    }
    for (const fd of fds) fd.close();
    throw new ProtocolError('fds without having negotiated them');
  }
}
