import {
  DBusError,
  Frame,
  MessageEncoder,
  type MessageFields,
  MessageFlag,
  MessageType,
} from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import { driverName, driverPath } from './DriverName.js';
import { DriverSignal } from './DriverSignal.js';
import { copiesOf } from './FdCopies.js';
import { FrameSubject } from './FrameSubject.js';
import type { Limits } from './Limits.js';
import { type IndexedSubject, MatchIndex } from './MatchIndex.js';
import type { Peer } from './Peer.js';
import type { Guard } from './policy/Guard.js';
import { WireMessage } from './WireMessage.js';

const noFds: readonly Fd[] = [];

/** A message of the driver's, without what the driver always puts in. */
export type DriverMessage = Omit<MessageFields, 'serial' | 'sender'>;

/** Puts messages into peers' outgoing queues: the driver's own, and copies for those that match. */
export class Delivery {
  readonly matches: MatchIndex<Peer>;
  /** The rules among those that want messages for others too (`eavesdrop='true'`), which a policy must allow. */
  readonly eavesdroppers: MatchIndex<Peer>;
  /** What each monitor wants to see. */
  readonly monitors: MatchIndex<Peer>;
  readonly #encoder = new MessageEncoder();
  readonly #frame = new Frame();
  readonly #subject = new FrameSubject(() => undefined);
  readonly #log: (what: string, about: Record<string, unknown>) => void;
  readonly #guard: Guard<Peer>;
  #serial = 0;

  constructor(
    guard: Guard<Peer>,
    limits: Limits,
    log: (what: string, about: Record<string, unknown>) => void,
  ) {
    this.#guard = guard;
    this.matches = new MatchIndex(limits);
    this.eavesdroppers = new MatchIndex(limits);
    this.monitors = new MatchIndex(limits);
    this.#log = log;
  }

  /**
   * Sends a peer a message of the driver's, if its policy lets it have that; monitors see it too, unless they were
   * shown it. The fds in its body move.
   */
  post(peer: Peer, fields: DriverMessage, isShown = false): void {
    const name = peer.uniqueName === '' ? undefined : peer.uniqueName;
    const { message, fds } = this.#encode(fields, fields.destination ?? name, driverName);
    if (!isShown) this.toMonitors(this.#subject, message, fds);
    const denial = this.#guard.refusal(this.#subject, undefined, peer, true);
    if (denial) this.showError(driverName, this.#serial, denial);
    else if (peer.room(peer, message.length, fds.length) === 'room') peer.send(peer, message, fds);
    else disconnectSoon(peer, 'does not read what it asks for');
    for (const fd of fds) fd.close();
  }

  /**
   * Answers what was said to whoever is at the other end of the socket, not to anybody on the bus: from nobody to nobody,
   * as the library under dbus-daemon does it, and no matter of policies and monitors.
   */
  answerLocally(peer: Peer, fields: DriverMessage): void {
    const { message } = this.#encode(fields, undefined, undefined);
    if (peer.room(peer, message.length, 0) === 'room') peer.send(peer, message, noFds);
    else disconnectSoon(peer, 'does not read what it asks for');
  }

  /** Monitors see a message whose receiver is not there yet. */
  show(fields: DriverMessage): void {
    if (this.monitors.size === 0) return;
    const { message } = this.#encode(fields, fields.destination, driverName);
    this.toMonitors(this.#subject, message, noFds);
  }

  postError(peer: Peer, replySerial: number, thrown: unknown): void {
    this.post(peer, driverError(replySerial, DBusError.from(thrown)));
  }

  /** Lets monitors know why a message that nobody waits for was not delivered; its sender is not told. */
  showError(sender: string, replySerial: number, error: DBusError): void {
    this.show({ destination: sender, ...driverError(replySerial, error) });
  }

  /** Of the last message of the driver's. */
  get serial(): number {
    return this.#serial;
  }

  /** An empty reply to a call of the driver's that was answered later. */
  postReply(peer: Peer, replySerial: number): void {
    this.post(peer, { type: MessageType.methodReturn, flags: MessageFlag.noReplyExpected, replySerial });
  }

  /** A signal of the driver's to one peer. Of one to a peer that has gone monitors still hear. */
  tell(peer: Peer, member: string, signature: string, body: unknown[]): void {
    const fields = driverSignal(member, signature, body);
    if (peer.state === 'gone') this.show({ ...fields, destination: peer.uniqueName });
    else this.post(peer, fields);
  }

  /** A signal of the driver's to all that match. */
  broadcast(
    member: string,
    signature: string,
    body: unknown[],
    isFor: (peer: Peer) => boolean = () => true,
  ): void {
    if (!this.#isWanted(new DriverSignal(member, body))) return;
    const { message } = this.#encode(driverSignal(member, signature, body), undefined, driverName);
    this.toMonitors(this.#subject, message, noFds);
    this.matches.find(this.#subject, (peer) => {
      if (isFor(peer) && !this.#guard.refusal(this.#subject, undefined, peer, true))
        this.copyTo(peer, peer, message, noFds);
    });
  }

  /** Monitors get a message before its addressee. */
  toMonitors(subject: IndexedSubject, message: WireMessage, fds: readonly Fd[]): void {
    this.monitors.find(subject, (monitor) => this.copyTo(monitor, monitor, message, fds));
  }

  /**
   * One receiver of many, at `sender`'s charge: it gets duplicates of the fds. A sender that is over its share of the
   * receiver's queue is not heard; a receiver whose queue is full is ended, since it must not miss a signal and not know.
   */
  copyTo(receiver: Peer, sender: Peer, message: WireMessage, fds: readonly Fd[]): void {
    if (fds.length > 0 && !receiver.takesFds) return;
    const room = receiver.room(sender, message.length, fds.length);
    if (room !== 'room') {
      if (receiver.extension) receiver.extension.lost++;
      else if (room === 'full') disconnectSoon(receiver, 'does not read what it matches');
      else sender.pace.refused();
      return;
    }
    if (fds.length === 0) {
      receiver.send(sender, message, fds);
      return;
    }
    const copies = copiesOf(fds);
    if (copies) receiver.send(sender, message, copies);
    else this.#log('a signal with fds was dropped: no numbers are left', { receiver: receiver.uniqueName });
  }

  /** Whether anybody matches it: on most buses most comings and goings interest nobody. */
  #isWanted(signal: DriverSignal): boolean {
    let wanted = false;
    const found = () => {
      wanted = true;
    };
    this.monitors.find(signal, found);
    if (!wanted) this.matches.find(signal, found);
    return wanted;
  }

  #encode(
    fields: DriverMessage,
    destination: string | undefined,
    sender: string | undefined,
  ): { message: WireMessage; fds: Fd[] } {
    this.#serial = this.#serial === 0xffffffff ? 1 : this.#serial + 1;
    // Every message has the same shape: objects that grow are slow.
    const { head, body, fds } = this.#encoder.encode({
      type: fields.type,
      serial: this.#serial,
      flags: fields.flags,
      path: fields.path,
      interface: fields.interface,
      member: fields.member,
      errorName: fields.errorName,
      replySerial: fields.replySerial,
      destination,
      sender,
      signature: fields.signature,
      body: fields.body,
    });
    const bytes = Buffer.concat([head, body]);
    this.#frame.parse(bytes, 0, bytes.length);
    this.#subject.take(this.#frame, driverName);
    return { message: new WireMessage(bytes), fds };
  }
}

export function driverError(replySerial: number, error: DBusError): DriverMessage {
  return {
    type: MessageType.error,
    flags: MessageFlag.noReplyExpected,
    errorName: error.name,
    replySerial,
    signature: 's',
    body: [error.message],
  };
}

function driverSignal(member: string, signature: string, body: unknown[]): DriverMessage {
  return {
    type: MessageType.signal,
    flags: MessageFlag.noReplyExpected,
    path: driverPath,
    interface: driverName,
    member,
    signature,
    body,
  };
}

/** Not now: this may be within a walk over what it would change. */
export function disconnectSoon(peer: Peer, why: string): void {
  queueMicrotask(() => peer.disconnect(why));
}
