import { type Frame, FrameReader, ProtocolError } from '@switchyard/dbus';
import { type Fd, type PeerCredentials, SharedMemory, type Socket, SystemError } from '@switchyard/sys';
import { Backlog, type Sender } from './Backlog.js';
import { EarlyFds } from './EarlyFds.js';
import type { Endpoint } from './extension/Endpoints.js';
import type { PeerExtension } from './extension/PeerExtension.js';
import type { Limits } from './Limits.js';
import { Pace, type Paced, patience } from './Pace.js';
import { type HandshakeOptions, PeerHandshake } from './PeerHandshake.js';
import { PendingReplies } from './PendingReplies.js';
import type { ClientPolicy } from './policy/ClientPolicy.js';
import type { Identity } from './policy/Policy.js';
import type { Account, Quotas, Room } from './Quota.js';
import type { ReadTurns } from './ReadTurns.js';
import type { WireMessage } from './WireMessage.js';

/** From here on a copy costs more than a write of its own. */
const largeBody = 16 * 1024;
/**
 * What the kernel holds for who gets large bodies; it gives twice that, and half of it without being asked (net.core.wmem_default).
 * What it has no room for we copy, and it is more often the reader's turn.
 */
const largeSendBuffer = 208 * 1024;
/** An unfinished message has at least this much room, however small messages must be. */
const smallestBuffer = 64 * 1024;

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
  /** Of those with the extension: nothing waits for it any more. */
  drained(peer: Peer): void;
  /** Readers that took nothing since that time are to pace nobody. */
  impatient(since: number): void;
};

export type PeerOptions = HandshakeOptions & {
  /** Root, and the bus's own user. */
  isTrusted: boolean;
  /** Which have counted the connection already. */
  quotas: Quotas;
  account: Account;
  turns: ReadTurns;
  limits: Limits;
  endpoint?: Endpoint<Peer> | undefined;
};

/** Whom no policy for users or groups is about: who does not say who it is, whatever the kernel says. */
const nobody: Identity = { uid: -1, groups: [] };

/** One connection to the broker: its handshake, its bytes in and out, and who the kernel says it is. */
export class Peer implements Sender, Paced {
  readonly socket: Socket;
  readonly uid: number;
  readonly pid: number;
  readonly isTrusted: boolean;
  state: PeerState = 'authenticating';
  /** ":1.N" from Hello on; "" before. */
  uniqueName = '';
  /** What it may do; undefined on a bus without a policy, and before Hello. */
  policy: ClientPolicy | undefined;
  /** What it has negotiated beyond D-Bus; undefined for most. */
  extension: PeerExtension | undefined;
  /** Where it came in, if not at the bus's own address. */
  readonly endpoint: Endpoint<Peer> | undefined;
  #identity: Identity | undefined;
  /** A message of its that waits for room, and all behind it. */
  #holding = false;
  /** For ReadTurns. */
  lastTurnWasFull = false;
  bytesPerMessage = 0;
  /** What the turn at hand had so far. */
  #messages = 0;
  /** For MatchIndex: the broadcast that this peer got last. */
  matchStamp = 0;
  /** For ReplyRegistry. */
  readonly pending: PendingReplies<Peer> = new PendingReplies();
  /** Its uid's part in the bus. */
  readonly account: Account;
  /** What waits for it. */
  readonly backlog: Backlog;
  readonly pace = new Pace(this);
  readonly #handshake: PeerHandshake;
  readonly #reader: FrameReader;
  readonly #events: PeerEvents;
  #timer: NodeJS.Timeout | undefined;
  readonly #quotas: Quotas;
  readonly #turns: ReadTurns;
  readonly #limits: Limits;
  readonly #earlyFds: EarlyFds;
  #unfinished = 0;
  /** A large body was sent to it. */
  #getsLarge = false;
  /** The most that an unfinished message of its took. */
  peakIncomingBytes = 0;

  constructor(socket: Socket, options: PeerOptions, events: PeerEvents) {
    this.socket = socket;
    this.#events = events;
    this.#quotas = options.quotas;
    this.#turns = options.turns;
    this.#limits = options.limits;
    this.endpoint = options.endpoint;
    this.isTrusted = options.isTrusted;
    this.account = options.account;
    this.backlog = new Backlog(options.account);
    ({ uid: this.uid, pid: this.pid } = socket.peer);
    const disconnect = (why: string) => this.disconnect(why);
    this.#earlyFds = new EarlyFds(options.limits, disconnect);
    const done = () => {
      this.state = 'greeting';
    };
    this.#handshake = new PeerHandshake(socket, options, done, disconnect);
    this.#reader = new FrameReader(
      socket,
      this.#handshake,
      (frame, fds) => this.#receive(frame, fds),
      (before, now) => this.#mayHold(before, now),
    );
    this.#timer = setTimeout(() => this.disconnect('did not say Hello in time'), this.#limits.authTimeout);
    // When writing fails, what the peer sent before it left is still read; the end of its stream follows.
    socket.watch({
      readable: () => this.#read(),
      drained: () => {
        this.backlog.settle(0);
        if (this.extension) this.#events.drained(this);
      },
      progressed: () => this.backlog.settle(socket.pending),
    });
  }

  /** Whether fds can be sent to it. */
  get takesFds(): boolean {
    return this.#handshake.takesFds;
  }

  /** What came of messages that are not whole yet. */
  get incomingBytes(): number {
    return this.#unfinished;
  }
  get incomingFds(): number {
    return this.#reader.pendingFds;
  }
  get peakIncomingFds(): number {
    return this.#earlyFds.peak;
  }

  /** Hello was said, in time. */
  becomeActive(uniqueName: string): void {
    this.uniqueName = uniqueName;
    this.state = 'active';
    clearTimeout(this.#timer);
    this.#events.settled(this);
  }

  /** Whether that much more may wait for this peer, if `sender` is charged for it. */
  room(sender: Sender, bytes: number, fds: number): Room {
    return this.backlog.room(sender, bytes, fds);
  }

  /**
   * Queues bytes, at `sender`'s charge; what one turn of the event loop queues leaves together. The fds move.
   * Only readers of the sender's own uid and those that the bus trusts slow the sender down, and nobody himself: many
   * write all that they have to say before they read an answer.
   */
  send(sender: Sender, message: WireMessage, fds: readonly Fd[]): void {
    const paces = sender !== this && (sender.account === this.account || this.isTrusted);
    this.backlog.add(sender, message.length, fds.length, paces);
    const { bodyStart, bodyEnd } = message;
    if (bodyEnd - bodyStart >= largeBody) {
      if (!this.#getsLarge) {
        this.#getsLarge = true;
        this.socket.sendBufferSize = largeSendBuffer;
      }
      this.socket.writeThrough(message.head, message.body, fds, SharedMemory.of(message.bodyBytes));
    } else {
      this.socket.write(message.headBytes, fds, message.headStart, message.headEnd);
      if (bodyEnd > bodyStart) this.socket.write(message.bodyBytes, undefined, bodyStart, bodyEnd);
    }
  }

  get identity(): Identity {
    this.#identity ??= this.#handshake.isAnonymous ? nobody : identityOf(this.socket);
    return this.#identity;
  }

  /** Who sent what was read last: as the kernel says with the message, where it is asked to (SO_PASSCRED), else who connected. */
  get sendingProcess(): PeerCredentials {
    const { lastCredentials } = this.socket;
    return lastCredentials && lastCredentials.pid > 0 ? lastCredentials : this.socket.peer;
  }

  /** From within the handling of a message: the rest waits until there is room in a queue; `go` then is to handle that one. */
  holdFor(queue: Pick<Backlog, 'whenRoom'>, bytes: number, fds: number, go: () => void): void {
    this.#holding = true;
    this.#reader.hold();
    this.socket.pauseReading();
    queue.whenRoom({ sender: this, bytes, fds, go: () => this.#goOn(go) });
  }

  #goOn(go: () => void): void {
    this.#holding = false;
    try {
      go();
      if (!this.#holding) this.#reader.resume();
    } catch (error) {
      this.#endFor(error);
    }
    if (!this.#holding && this.state !== 'gone') this.socket.resumeReading();
  }

  reads(on: boolean): void {
    if (this.state === 'gone' || this.#holding) return;
    if (on) this.socket.resumeReading();
    else this.socket.pauseReading();
  }

  impatient(): void {
    this.#events.impatient(Date.now() - patience);
  }

  /** Ends this peer, whatever it was doing. Idempotent. */
  disconnect(why: string): void {
    if (this.state === 'gone') return;
    this.state = 'gone';
    clearTimeout(this.#timer);
    this.#earlyFds.close();
    this.#reader.stop();
    this.pace.close();
    this.endpoint?.remove(this);
    this.socket.flush();
    this.socket.close();
    this.backlog.settle(0);
    this.#quotas.disconnect(this.account, this.#unfinished);
    if (this.uniqueName === '') this.#events.settled(this);
    this.#events.gone(this, why);
  }

  #read(): void {
    if (this.#holding || !this.pace.mayRead()) return;
    try {
      this.#messages = 0;
      const count = this.#reader.read(this.#turns.size(this));
      if (count === 0) this.disconnect('closed its connection');
      else if (count > 0) this.#turns.took(this, count, this.#messages);
      if (this.state !== 'gone') this.#earlyFds.count(this.#reader.pendingFds);
    } catch (error) {
      this.#endFor(error);
    }
  }

  /** What a peer does wrong ends it. */
  #endFor(error: unknown): void {
    if (!(error instanceof ProtocolError) && !(error instanceof SystemError)) throw error;
    this.disconnect(error.message);
  }

  #mayHold(before: number, now: number): boolean {
    const may =
      now <= Math.max(this.#limits.messageSize, smallestBuffer) &&
      this.#quotas.mayHold(this.account, before, now);
    if (may) this.#unfinished = now;
    this.peakIncomingBytes = Math.max(this.peakIncomingBytes, this.#unfinished);
    return may;
  }

  #receive(frame: Frame, fds: Fd[]): void {
    this.#messages++;
    const fits = frame.length <= this.#limits.messageSize && fds.length <= this.#limits.messageUnixFds;
    if (fits && (fds.length === 0 || this.takesFds)) {
      try {
        // Who gets it may end a connection over what is no message, and that would be ours.
        frame.checkBody();
      } catch (error) {
        for (const fd of fds) fd.close();
        throw error;
      }
      this.#events.frame(this, frame, fds);
      return;
    }
    for (const fd of fds) fd.close();
    throw new ProtocolError(
      fits ? 'fds without having negotiated them' : 'a message beyond the limits of this bus',
    );
  }
}

/** SO_PEERCRED's, and the groups that the kernel gave the process. */
export function identityOf(socket: Socket): Identity {
  const { uid, gid } = socket.peer;
  return { uid, groups: [...new Set([gid, ...(socket.peerGroups() ?? [])])] };
}
