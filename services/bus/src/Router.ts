import {
  DBusError,
  ErrorName,
  ExtensionField,
  Field,
  type Frame,
  Message,
  MessageFlag,
  MessageType,
} from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import { Audience } from './Audience.js';
import { type Delivery, disconnectSoon } from './Delivery.js';
import type { Driver } from './Driver.js';
import { driverName } from './DriverName.js';
import type { AccessControl } from './extension/AccessControl.js';
import type { ExtendedDelivery } from './extension/ExtendedDelivery.js';
import { HeldMessage } from './extension/HeldMessage.js';
import { copiesOf } from './FdCopies.js';
import type { FrameSubject } from './FrameSubject.js';
import { MessageAtHand } from './MessageAtHand.js';
import type { NameRegistry } from './NameRegistry.js';
import type { Peer } from './Peer.js';
import type { PeerTable } from './PeerTable.js';
import type { Guard } from './policy/Guard.js';
import type { ReplyRegistry } from './ReplyRegistry.js';
import type { ReplyTimeouts } from './ReplyTimeouts.js';

/** What the sender's name may add to a message. */
const stampRoom = 64;
const noFds: readonly Fd[] = [];
/** What monitors see as the sender of who has not said Hello: dbus-daemon's. Hello has the name that it gets. */
const unnamed = ':not.active.yet';

export type RouterParts = {
  peers: PeerTable<Peer>;
  names: NameRegistry<Peer>;
  replies: ReplyRegistry<Peer>;
  delivery: Delivery;
  driver: Driver;
  guard: Guard<Peer>;
  timeouts: ReplyTimeouts<Peer>;
  access: AccessControl<Peer>;
  extended: ExtendedDelivery;
  /** A call got no reply in its time. */
  expired: (caller: Peer, serial: number, callee: Peer) => void;
  /** A signal of the extension's. */
  tellExtension: (peer: Peer, member: string, signature: string, body: unknown[]) => void;
  /** Starts the owner of a name for a message; the fds are the callee's. Throws DBusError when it cannot. */
  activate: (peer: Peer, name: string, frame: Frame, fds: Fd[], subject: FrameSubject) => void;
};

/**
 * Takes each message of each peer, in the order in which they came, to where it goes:
 *
 *   everything ─────────────────▶ monitors, before the addressee
 *   signal without destination ─▶ every peer with a matching rule, once
 *   org.freedesktop.DBus ───────▶ Driver
 *   a name ─────────────────────▶ its owner; a reply only if it is owed
 *
 * Hot: a unicast message between unique names makes no string and decodes nothing.
 */
export class Router {
  readonly #peers: PeerTable<Peer>;
  readonly #names: NameRegistry<Peer>;
  readonly #replies: ReplyRegistry<Peer>;
  readonly #delivery: Delivery;
  readonly #driver: Driver;
  readonly #guard: Guard<Peer>;
  readonly #timeouts: ReplyTimeouts<Peer>;
  readonly #parts: RouterParts;
  readonly #atHand: MessageAtHand;
  readonly #subject: FrameSubject;
  readonly #audience: Audience;

  constructor(parts: RouterParts) {
    this.#peers = parts.peers;
    this.#names = parts.names;
    this.#replies = parts.replies;
    this.#delivery = parts.delivery;
    this.#driver = parts.driver;
    this.#guard = parts.guard;
    this.#timeouts = parts.timeouts;
    this.#parts = parts;
    this.#atHand = new MessageAtHand((name) => this.#names.owner(name)?.uniqueName);
    this.#subject = this.#atHand.subject;
    const { delivery, guard, access, extended } = parts;
    this.#audience = new Audience({ atHand: this.#atHand, delivery, guard, access, extended });
  }

  /** The fds belong to the router. */
  take(peer: Peer, frame: Frame, fds: Fd[]): void {
    try {
      if (peer.state === 'active') this.#route(peer, frame, fds);
      else if (peer.state === 'greeting') this.#greet(peer, frame);
      else if (peer.state === 'monitor') peer.disconnect('is a monitor and sent a message');
    } finally {
      // Those that were sent on are closed already.
      for (const fd of fds) fd.close();
    }
  }

  #greet(peer: Peer, frame: Frame): void {
    const destination = frame.string(Field.destination);
    if (frame.type !== MessageType.methodCall || (destination ?? driverName) !== driverName) {
      peer.disconnect('sent a message to others before Hello');
      return;
    }
    const name = frame.string(Field.interface) ?? driverName;
    const isHello =
      destination === driverName && name === driverName && frame.string(Field.member) === 'Hello';
    const sender = isHello ? this.#peers.nextName : unnamed;
    this.#atHand.take(frame, sender);
    if (this.#delivery.monitors.size > 0) {
      this.#atHand.stampOnce(frame, sender);
      this.#delivery.toMonitors(this.#subject, this.#atHand.message, noFds);
    }
    if (isHello) this.#driver.call(peer, new Message(frame));
    else
      this.#refuse(
        peer,
        frame,
        new DBusError(ErrorName.accessDenied, 'The first message of a connection must be Hello'),
      );
  }

  #route(peer: Peer, frame: Frame, fds: Fd[]): void {
    if (frame.type > MessageType.signal) return;
    this.#parts.extended.count();
    this.#atHand.take(frame, peer.uniqueName);
    if (!frame.has(Field.destination)) {
      if (frame.type === MessageType.signal) {
        this.#audience.show(peer, frame, fds);
        if (!this.#hasBadPayload(peer, frame, fds)) this.#audience.broadcast(peer, frame, fds);
      } else if (frame.type === MessageType.methodCall) this.#driver.call(peer, new Message(frame));
      return;
    }
    const receiver = this.#receiver(frame);
    if (!receiver) {
      this.#toNobody(peer, frame, fds);
      return;
    }
    this.#subject.receiver = receiver;
    this.#audience.show(peer, frame, fds);
    this.#unicast(peer, receiver, frame, fds);
  }

  /** A message that waited for its receiver to be started; monitors have seen it. */
  forward(peer: Peer, frame: Frame, fds: Fd[]): void {
    this.#atHand.take(frame, peer.uniqueName);
    const receiver = this.#receiver(frame);
    this.#subject.receiver = receiver;
    if (receiver) this.#unicast(peer, receiver, frame, fds);
    else this.#refuse(peer, frame, noSuchName(frame.string(Field.destination)!, frame.flags));
    for (const fd of fds) fd.close();
  }

  #receiver(frame: Frame): Peer | undefined {
    return frame.bytes[frame.stringStart(Field.destination)] === 0x3a
      ? this.#peers.destination(frame)
      : this.#names.owner(frame.string(Field.destination)!);
  }

  #toNobody(peer: Peer, frame: Frame, fds: Fd[]): void {
    const name = frame.string(Field.destination)!;
    if (name === driverName) {
      // What was a mistake is nobody else's business.
      if (this.#toDriver(peer, frame, fds)) this.#audience.eavesdrop(peer, undefined, frame, fds);
    } else if (frame.flags & MessageFlag.noAutoStart || name.startsWith(':')) {
      this.#audience.show(peer, frame, fds);
      this.#refuse(peer, frame, noSuchName(name, frame.flags));
    } else this.#activate(peer, name, frame, fds);
  }

  /** dbus-daemon's order for monitors: what a message sets in motion, the message, the error that answers it. */
  #activate(peer: Peer, name: string, frame: Frame, fds: Fd[]): void {
    let failure: DBusError | undefined;
    // Activation keeps the fds of what it takes; monitors get theirs from these, or miss the message.
    const shown = this.#delivery.monitors.size > 0 ? copiesOf(fds) : [];
    try {
      this.#parts.activate(peer, name, frame, fds, this.#subject);
    } catch (error) {
      failure = DBusError.from(error);
    }
    if (shown) this.#audience.show(peer, frame, shown);
    for (const fd of shown ?? []) fd.close();
    if (failure) this.#refuse(peer, frame, failure);
  }

  /** False: it was refused. */
  #toDriver(peer: Peer, frame: Frame, fds: Fd[]): boolean {
    const denial = this.#guard.refusal(this.#subject, peer, undefined, false);
    if (frame.type === MessageType.signal && !denial) {
      // systemd's bad news: what they cause comes first, as in dbus-daemon.
      this.#driver.hear(peer, new Message(frame));
      this.#audience.show(peer, frame, fds);
      return true;
    }
    this.#audience.show(peer, frame, fds);
    if (denial) this.#delivery.postError(peer, frame.serial, denial);
    else if (frame.type !== MessageType.methodCall) return true;
    else return this.#driver.call(peer, new Message(frame));
    return false;
  }

  #unicast(peer: Peer, receiver: Peer, frame: Frame, fds: Fd[]): void {
    const isReply = frame.type === MessageType.methodReturn || frame.type === MessageType.error;
    const isOwed = frame.replySerial !== 0 && this.#replies.settle(receiver, frame.replySerial, peer);
    // A policy may allow replies that nobody waits for; without one they go nowhere.
    if (isReply && !isOwed && !peer.policy) return;
    if (isOwed) receiver.extension?.answered(frame.replySerial);
    else if (this.#parts.access.isActive && this.#isForbidden(peer, receiver, frame)) return;
    const denial = this.#guard.refusal(this.#subject, peer, receiver, isOwed);
    if (denial) {
      this.#delivery.postError(peer, frame.serial, denial);
      return;
    }
    // Who asked is charged for the answer.
    const charged = isOwed ? receiver : peer;
    if (this.#hasBadPayload(peer, frame, fds)) {
      if (isOwed)
        this.#delivery.postError(
          receiver,
          frame.replySerial,
          new DBusError(ErrorName.inconsistentMessage, 'The reply was in a memfd that is not sealed'),
        );
      return;
    }
    const refusal = this.#refusal(receiver, charged, frame, fds, isOwed);
    if (refusal) {
      if (!isReply && peer.extension?.waits && refusal.name === ErrorName.limitsExceeded) {
        this.#hold(peer, receiver, frame, fds);
        return;
      }
      if (!isReply) this.#refuse(peer, frame, refusal);
      else if (refusal.name === ErrorName.notSupported)
        this.#delivery.postError(receiver, frame.replySerial, refusal);
      else disconnectSoon(receiver, 'does not read its replies');
      return;
    }
    if (frame.type === MessageType.methodCall && !(frame.flags & MessageFlag.noReplyExpected))
      try {
        this.#replies.expect(peer, frame.serial, receiver);
        this.#timeouts.add(peer, frame.serial, receiver);
        if (peer.extension && frame.hasExtension(ExtensionField.deadline))
          this.#setDeadline(peer, receiver, frame);
      } catch (error) {
        this.#delivery.postError(peer, frame.serial, error);
        return;
      }
    this.#atHand.stampOnce(frame, peer.uniqueName);
    if (this.#delivery.eavesdroppers.size > 0) this.#audience.eavesdrop(peer, receiver, frame, fds);
    const { message } = this.#atHand;
    if (receiver.extension)
      this.#parts.extended.send(receiver, { sender: peer, charged, frame, message, isAnswer: isOwed }, fds);
    else receiver.send(charged, message, fds);
  }

  /** By policy holders, or by the sender's endpoint, for which what must not be seen is not there. */
  #isForbidden(peer: Peer, receiver: Peer, frame: Frame): boolean {
    const { access } = this.#parts;
    const name = frame.string(Field.destination)!;
    const isSeen = name.startsWith(':') ? access.maySeePeer(peer, receiver) : access.maySee(peer, name);
    if (isSeen && access.mayTalk(peer, receiver)) return false;
    const denied = new DBusError(ErrorName.accessDenied, `Policy forbids to talk to ${name}`);
    this.#refuse(peer, frame, isSeen ? denied : noSuchName(name, frame.flags));
    return true;
  }

  /** True: its sender has been told. */
  #hasBadPayload(peer: Peer, frame: Frame, fds: readonly Fd[]): boolean {
    if (!frame.hasExtension(ExtensionField.payload)) return false;
    try {
      this.#parts.extended.checkPayload(frame, fds);
      return false;
    } catch (error) {
      this.#refuse(peer, frame, DBusError.from(error));
      return true;
    }
  }

  /** The sender wants to wait for room: nothing of its is looked at before there is. */
  #hold(peer: Peer, receiver: Peer, frame: Frame, fds: Fd[]): void {
    const [bytes, count] = [frame.length + stampRoom, fds.length];
    const held = new HeldMessage(peer, frame, fds);
    const queue = receiver.extension?.inbox ?? receiver.backlog;
    peer.holdFor(queue, bytes, count, () => {
      if (peer.state === 'active') this.forward(peer, held.frame, held.fds);
      held.close();
    });
  }

  #setDeadline(peer: Peer, receiver: Peer, frame: Frame): void {
    const { serial } = frame;
    const deadline = frame.extension(ExtensionField.deadline) as bigint;
    peer.extension!.setDeadline(serial, deadline, () => this.#parts.expired(peer, serial, receiver));
  }

  /** Why a message cannot be put into its receiver's queue. */
  #refusal(receiver: Peer, charged: Peer, frame: Frame, fds: Fd[], isOwed: boolean): DBusError | undefined {
    if (!receiver.extension && frame.hasExtension(ExtensionField.payload))
      return new DBusError(ErrorName.notSupported, `${receiver.uniqueName} does not take sealed payloads`);
    if (fds.length > 0 && !receiver.takesFds)
      return new DBusError(ErrorName.notSupported, `${receiver.uniqueName} does not take file descriptors`);
    const inbox = isOwed ? undefined : receiver.extension?.inbox;
    if ((inbox ?? receiver.backlog).room(charged, frame.length + stampRoom, fds.length) === 'room')
      return undefined;
    if (charged !== receiver) charged.pace.refused();
    return new DBusError(ErrorName.limitsExceeded, `${receiver.uniqueName} does not read what it is sent`);
  }

  #refuse(peer: Peer, frame: Frame, error: DBusError): void {
    if (frame.type === MessageType.methodCall && !(frame.flags & MessageFlag.noReplyExpected))
      this.#delivery.postError(peer, frame.serial, error);
    else if (peer.extension)
      this.#parts.tellExtension(peer, 'Refused', 'uss', [frame.serial, error.name, error.message]);
  }
}

/** dbus-daemon's two answers: who may be started for the call is unknown as a service, else the name has no owner. */
function noSuchName(name: string, flags: number): DBusError {
  return flags & MessageFlag.noAutoStart
    ? new DBusError(ErrorName.nameHasNoOwner, `Name "${name}" does not exist`)
    : new DBusError(ErrorName.serviceUnknown, `The name ${name} was not provided by any .service files`);
}
