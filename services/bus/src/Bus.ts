import {
  DBusError,
  ErrorName,
  Field,
  Frame,
  Message,
  MessageEncoder,
  type MessageFields,
  MessageFlag,
  MessageType,
} from '@switchyard/dbus';
import { type Fd, type Socket, SystemError } from '@switchyard/sys';
import { Driver } from './Driver.js';
import { driverName, driverPath } from './DriverName.js';
import { FrameSubject } from './FrameSubject.js';
import { MatchIndex } from './MatchIndex.js';
import { NameRegistry } from './NameRegistry.js';
import { Peer } from './Peer.js';
import { PeerTable } from './PeerTable.js';
import { ReplyRegistry } from './ReplyRegistry.js';
import { SenderStamp } from './SenderStamp.js';

/** Connections that have not said Hello; more are closed at once, so that strangers cannot use up our fds. */
const maximumUnsettled = 512;
/** Connections of one uid: four times what a busy desktop has, and a fraction of RLIMIT_NOFILE. */
const maximumPeersPerUid = 8192;

export type BusOptions = {
  /** 32 hexadecimal digits. */
  guid: string;
  /** Who may connect. */
  accepts: (uid: number) => boolean;
  log: (what: string, about: Record<string, unknown>) => void;
};

/**
 * The message bus: takes each message of each peer, in the order in which they came, to where it goes.
 *
 *   signal without destination ─▶ every peer with a matching rule, once
 *   org.freedesktop.DBus ───────▶ Driver
 *   a name ─────────────────────▶ its owner; a reply only if it is owed
 *   everything ─────────────────▶ monitors, before the addressee
 */
export class Bus {
  readonly guid: string;
  readonly peers = new PeerTable();
  readonly names: NameRegistry;
  readonly matches = new MatchIndex<Peer>();
  /** What each monitor wants to see. */
  readonly monitors = new MatchIndex<Peer>();
  readonly #options: BusOptions;
  readonly #driver: Driver;
  readonly #replies = new ReplyRegistry();
  readonly #stamp = new SenderStamp();
  readonly #subject: FrameSubject;
  readonly #encoder = new MessageEncoder();
  /** Of messages that the driver makes. */
  readonly #ownFrame = new Frame();
  readonly #all = new Set<Peer>();
  readonly #monitors = new Set<Peer>();
  readonly #perUid = new Map<number, number>();
  #unsettled = 0;
  #serial = 0;

  constructor(options: BusOptions) {
    this.#options = options;
    this.guid = options.guid;
    this.#driver = new Driver(this);
    this.names = new NameRegistry((name, old, now) => this.announce(name, old, now));
    this.#subject = new FrameSubject((sender, name) => this.names.owner(name)?.uniqueName === sender);
  }

  /** A new connection; the socket belongs to the bus. */
  accept(socket: Socket): void {
    const uid = socket.peer.uid;
    const count = this.#perUid.get(uid) ?? 0;
    if (this.#unsettled >= maximumUnsettled || count >= maximumPeersPerUid) {
      this.#options.log('too many connections', { uid, unsettled: this.#unsettled, connections: count });
      return socket.close();
    }
    this.#perUid.set(uid, count + 1);
    this.#unsettled++;
    const peer = new Peer(socket, this.guid, this.#options.accepts, {
      frame: (from, frame, fds) => this.#take(from, frame, fds),
      settled: () => this.#unsettled--,
      gone: (who, why) => this.#drop(who, why),
    });
    this.#all.add(peer);
  }

  close(): void {
    for (const peer of [...this.#all]) peer.disconnect('the bus ends');
  }

  /** The owner of a unique or a well-known name. */
  find(name: string): Peer | undefined {
    return name.startsWith(':') ? this.peers.get(name) : this.names.owner(name);
  }

  /** Sends a message of the driver's; monitors see it too. The fds in its body move. */
  post(peer: Peer, fields: Omit<MessageFields, 'serial' | 'sender' | 'destination'>): void {
    const destination = peer.uniqueName === '' ? undefined : peer.uniqueName;
    const { bytes, fds } = this.#encode({ ...fields, destination });
    this.#toMonitors(bytes, fds);
    if (peer.hasRoom(bytes.length, fds.length)) peer.send(bytes, noBytes, fds);
    else disconnectSoon(peer, 'does not read what it asks for');
    for (const fd of fds) fd.close();
  }

  postError(peer: Peer, replySerial: number, thrown: unknown): void {
    const error = DBusError.from(thrown);
    this.post(peer, {
      type: MessageType.error,
      flags: MessageFlag.noReplyExpected,
      errorName: error.name,
      replySerial,
      signature: 's',
      body: [error.message],
    });
  }

  /** NameLost, NameOwnerChanged, NameAcquired: in the reference's order. */
  announce(name: string, old: Peer | undefined, now: Peer | undefined): void {
    if (old && old.state !== 'gone') this.#tell(old, 'NameLost', name);
    const { bytes } = this.#encode({
      ...driverSignal('NameOwnerChanged', 'sss'),
      body: [name, old?.uniqueName ?? '', now?.uniqueName ?? ''],
    });
    this.#toMonitors(bytes, []);
    this.matches.find(this.#subject, (peer) => this.#deliverBroadcast(peer, bytes, noBytes, []));
    if (now) this.#tell(now, 'NameAcquired', name);
  }

  /** After Hello: the peer is there, and everybody may know. */
  admit(peer: Peer): string {
    peer.becomeActive(this.peers.add(peer));
    return peer.uniqueName;
  }

  /** A peer gives up its names, its rules and its voice, and sees everything from now on. */
  makeMonitor(peer: Peer): void {
    this.#release(peer);
    peer.state = 'monitor';
    this.#monitors.add(peer);
  }

  #tell(peer: Peer, member: string, name: string): void {
    this.post(peer, { ...driverSignal(member, 's'), body: [name] });
  }

  #take(peer: Peer, frame: Frame, fds: Fd[]): void {
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
    if (frame.type !== MessageType.methodCall || (destination ?? driverName) !== driverName)
      return peer.disconnect('sent a message to others before Hello');
    const name = frame.string(Field.interface) ?? driverName;
    if (destination === driverName && name === driverName && frame.string(Field.member) === 'Hello')
      return this.#driver.call(peer, new Message(frame));
    this.postError(
      peer,
      frame.serial,
      new DBusError(ErrorName.accessDenied, 'The first message of a connection must be Hello'),
    );
  }

  #route(peer: Peer, frame: Frame, fds: Fd[]): void {
    if (frame.type > MessageType.signal) return;
    this.#subject.take(frame, peer.uniqueName);
    let stamped = false;
    if (this.#monitors.size > 0) {
      this.#stamp.stamp(frame, peer.uniqueName);
      stamped = true;
      const { head, body } = this.#stamp;
      this.monitors.find(this.#subject, (monitor) => this.#deliverBroadcast(monitor, head, body, fds));
    }
    if (!frame.has(Field.destination)) {
      if (frame.type === MessageType.signal) this.#broadcast(peer, frame, fds, stamped);
      else if (frame.type === MessageType.methodCall) this.#driver.call(peer, new Message(frame));
      return;
    }
    const receiver = this.#receiver(frame);
    if (receiver) return this.#unicast(peer, receiver, frame, fds, stamped);
    if (frame.type !== MessageType.methodCall) return;
    const name = frame.string(Field.destination)!;
    if (name === driverName) this.#driver.call(peer, new Message(frame));
    else this.#refuse(peer, frame, noSuchName(name, frame.flags));
  }

  /** Hot: a unique name makes no string. */
  #receiver(frame: Frame): Peer | undefined {
    return frame.bytes[frame.stringStart(Field.destination)] === 0x3a
      ? this.peers.destination(frame)
      : this.names.owner(frame.string(Field.destination)!);
  }

  #broadcast(peer: Peer, frame: Frame, fds: Fd[], stamped: boolean): void {
    const { head, body } = this.#stamp;
    let out = { head, body };
    this.matches.find(this.#subject, (receiver) => {
      if (!stamped) {
        this.#stamp.stamp(frame, peer.uniqueName);
        out = { head: this.#stamp.head, body: this.#stamp.body };
        stamped = true;
      }
      this.#deliverBroadcast(receiver, out.head, out.body, fds);
    });
  }

  #unicast(peer: Peer, receiver: Peer, frame: Frame, fds: Fd[], stamped: boolean): void {
    const isReply = frame.type === MessageType.methodReturn || frame.type === MessageType.error;
    if (isReply && !this.#replies.settle(receiver, frame.replySerial, peer)) return;
    if (fds.length > 0 && !receiver.takesFds) {
      const error = new DBusError(
        ErrorName.notSupported,
        `${receiver.uniqueName} does not take file descriptors`,
      );
      if (isReply) this.postError(receiver, frame.replySerial, error);
      else this.#refuse(peer, frame, error);
      return;
    }
    if (!receiver.hasRoom(frame.length + 64, fds.length)) {
      if (isReply) disconnectSoon(receiver, 'does not read its replies');
      else
        this.#refuse(
          peer,
          frame,
          new DBusError(ErrorName.limitsExceeded, `${receiver.uniqueName} does not read what it is sent`),
        );
      return;
    }
    if (frame.type === MessageType.methodCall && !(frame.flags & MessageFlag.noReplyExpected))
      try {
        this.#replies.expect(peer, frame.serial, receiver);
      } catch (error) {
        return this.postError(peer, frame.serial, error);
      }
    if (!stamped) this.#stamp.stamp(frame, peer.uniqueName);
    receiver.send(this.#stamp.head, this.#stamp.body, fds);
  }

  /** One receiver of many: it gets duplicates of the fds, and what it has no room for ends it. */
  #deliverBroadcast(receiver: Peer, head: Uint8Array, body: Uint8Array, fds: readonly Fd[]): void {
    if (fds.length > 0 && !receiver.takesFds) return;
    if (!receiver.hasRoom(head.length + body.length, fds.length))
      return disconnectSoon(receiver, 'does not read what it matches');
    const copies: Fd[] = [];
    try {
      for (const fd of fds) copies.push(fd.dup());
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      for (const copy of copies) copy.close();
      this.#options.log('a signal with fds was dropped', {
        receiver: receiver.uniqueName,
        error: error.message,
      });
      return;
    }
    receiver.send(head, body, copies);
  }

  #refuse(peer: Peer, frame: Frame, error: DBusError): void {
    if (frame.type === MessageType.methodCall && !(frame.flags & MessageFlag.noReplyExpected))
      this.postError(peer, frame.serial, error);
  }

  #encode(fields: Omit<MessageFields, 'serial' | 'sender'>): { bytes: Buffer; fds: Fd[] } {
    this.#serial = this.#serial === 0xffffffff ? 1 : this.#serial + 1;
    const { head, body, fds } = this.#encoder.encode({ ...fields, serial: this.#serial, sender: driverName });
    const bytes = Buffer.concat([head, body]);
    this.#ownFrame.parse(bytes, 0, bytes.length);
    this.#subject.take(this.#ownFrame, driverName);
    return { bytes, fds };
  }

  #toMonitors(bytes: Buffer, fds: Fd[]): void {
    if (this.#monitors.size > 0)
      this.monitors.find(this.#subject, (monitor) => this.#deliverBroadcast(monitor, bytes, noBytes, fds));
  }

  #drop(peer: Peer, why: string): void {
    this.#all.delete(peer);
    const left = this.#perUid.get(peer.uid)! - 1;
    if (left > 0) this.#perUid.set(peer.uid, left);
    else this.#perUid.delete(peer.uid);
    this.#options.log('peer gone', { peer: peer.uniqueName, pid: peer.pid, uid: peer.uid, why });
    if (peer.uniqueName === '') return;
    if (this.#monitors.delete(peer)) this.monitors.removeAll(peer);
    else this.#release(peer);
  }

  /** Names first, then the calls that it leaves unanswered (kdbus's and dbus-daemon's order). */
  #release(peer: Peer): void {
    this.matches.removeAll(peer);
    this.names.releaseAll(peer);
    this.peers.remove(peer.uniqueName);
    this.announce(peer.uniqueName, peer, undefined);
    for (const { caller, serial } of this.#replies.drop(peer))
      this.postError(
        caller,
        serial,
        new DBusError(ErrorName.noReply, `${peer.uniqueName} left without replying`),
      );
  }
}

const noBytes = new Uint8Array(0);

/** Not now: this may be within a walk over what it would change. */
function disconnectSoon(peer: Peer, why: string): void {
  queueMicrotask(() => peer.disconnect(why));
}

function driverSignal(member: string, signature: string): Omit<MessageFields, 'serial'> {
  return {
    type: MessageType.signal,
    flags: MessageFlag.noReplyExpected,
    path: driverPath,
    interface: driverName,
    member,
    signature,
  };
}

/** As dbus-daemon: a name that could have been started is unknown as a service; one that could not has no owner. */
function noSuchName(name: string, flags: number): DBusError {
  return name.startsWith(':') || flags & MessageFlag.noAutoStart
    ? new DBusError(ErrorName.nameHasNoOwner, `The name ${name} has no owner`)
    : new DBusError(
        ErrorName.serviceUnknown,
        `The name ${name} has no owner, and nothing is known to start it`,
      );
}
