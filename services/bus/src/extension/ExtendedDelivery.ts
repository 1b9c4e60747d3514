import {
  checkSealed,
  DBusError,
  ErrorName,
  ExtensionField,
  Field,
  type Frame,
  ProtocolError,
} from '@switchyard/dbus';
import { dupAll, Fd } from '@switchyard/sys';
import { copiesOf } from '../FdCopies.js';
import type { Peer } from '../Peer.js';
import type { Room } from '../Quota.js';
import { WireMessage } from '../WireMessage.js';
import { extendedHead, hasPassedOn } from './ExtendedHead.js';
import { HeldMessage } from './HeldMessage.js';
import { type Metadata, metadataOf } from './Metadata.js';
import type { InboxEntry, PeerExtension } from './PeerExtension.js';

export type ExtendedDeliveryParts = {
  namesOf: (peer: Peer) => string[];
  /** A signal of the extension's to one connection. */
  tell: (peer: Peer, member: string, signature: string, body: unknown[]) => void;
};

/** A message for a connection with the extension: where it comes from and who pays. */
export type Parcel = {
  sender: Peer;
  charged: Peer;
  frame: Frame;
  /** As it is for everybody. */
  message: WireMessage;
  /** Answers go past the inbox. */
  isAnswer: boolean;
};

/** Brings messages to connections that negotiated the extension: with metadata and payloads, into inboxes, and counts what is lost. */
export class ExtendedDelivery {
  readonly #parts: ExtendedDeliveryParts;
  #sequence = 0;

  constructor(parts: ExtendedDeliveryParts) {
    this.#parts = parts;
  }

  /** A message was taken; all who get it see the same number. Hot. */
  count(): void {
    this.#sequence++;
  }

  /** Throws InvalidArgs when a payload is not sealed. The bus never looks into it; it is charged as an fd. */
  checkPayload(frame: Frame, fds: readonly Fd[]): void {
    const { payload } = frame;
    if (!payload) return;
    try {
      checkSealed(fds[payload.fd]!, payload.offset, payload.length);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new DBusError(ErrorName.invalidArgs, error.message);
    }
  }

  room(receiver: Peer, charged: Peer, bytes: number, fds: number, isAnswer: boolean): Room {
    const inbox = isAnswer ? undefined : receiver.extension!.inbox;
    return inbox ? inbox.room(charged, bytes, fds) : receiver.room(charged, bytes, fds);
  }

  /** There is room. The fds move. */
  send(receiver: Peer, parcel: Parcel, fds: readonly Fd[]): void {
    const extension = receiver.extension!;
    const { frame, charged } = parcel;
    const metadata = this.#metadata(parcel.sender, extension);
    if (extension.inbox && !parcel.isAnswer) {
      this.#store(receiver, parcel, metadata, [...fds]);
      return;
    }
    const all = metadata?.pidfd ? [...fds, metadata.pidfd] : fds;
    if (!metadata && !hasPassedOn(frame)) receiver.send(charged, parcel.message, all);
    else {
      const body = frame.bytes.subarray(frame.bodyStart, frame.bodyStart + frame.bodyLength);
      const head = extendedHead(frame, parcel.sender.uniqueName, metadata);
      receiver.send(charged, new WireMessage(head, body), all);
    }
  }

  /** One receiver of many: it gets duplicates of the fds; if it has no room it loses the message, and is told how many. */
  copy(receiver: Peer, parcel: Parcel, fds: readonly Fd[]): void {
    if (fds.length > 0 && !receiver.takesFds) return;
    if (this.room(receiver, parcel.charged, parcel.message.length, fds.length, false) !== 'room') {
      this.lose(receiver, parcel.charged);
      return;
    }
    const copies = copiesOf(fds);
    if (copies) this.send(receiver, parcel, copies);
    else this.lose(receiver, undefined);
  }

  lose(receiver: Peer, sender: Peer | undefined): void {
    receiver.extension!.lost++;
    sender?.pace.refused();
  }

  /** Its queue is empty: it hears now what it has missed. */
  drained(peer: Peer): void {
    const { extension } = peer;
    if (!extension || extension.lost === 0 || extension.inbox || peer.state !== 'active') return;
    const { lost } = extension;
    extension.lost = 0;
    this.#parts.tell(peer, 'Lost', 't', [lost]);
  }

  /** Sends what was taken out of an inbox; with `keep` it stays there. */
  release(receiver: Peer, { head, message, pidfd }: InboxEntry, keep = false): void {
    const own = pidfd ? [...message.fds, pidfd] : message.fds;
    receiver.send(receiver, new WireMessage(head, message.body), keep ? dupAll(own) : own);
  }

  #store(receiver: Peer, parcel: Parcel, metadata: Metadata | undefined, fds: Fd[]): void {
    const { frame, charged, sender } = parcel;
    const inbox = receiver.extension!.inbox!;
    const head = extendedHead(frame, sender.uniqueName, metadata);
    const fdCount = fds.length;
    inbox.put({
      // The caller closes what it holds of the fds; they are ours from now on.
      message: new HeldMessage(
        sender,
        frame,
        fds.map((fd) => Fd.adopt(fd.take(), fd.what)),
      ),
      head,
      pidfd: metadata?.pidfd,
      priority: (frame.extension(ExtensionField.priority) as bigint | undefined) ?? 0n,
      size: frame.length,
      fdCount,
      charged,
      destination: frame.string(Field.destination),
    });
    if (inbox.length === 1) this.#parts.tell(receiver, 'Waiting', '', []);
  }

  #metadata(sender: Peer, { metadata }: PeerExtension): Metadata | undefined {
    if (metadata === 0) return undefined;
    const context = { sequence: this.#sequence, names: () => this.#parts.namesOf(sender) };
    return metadataOf(sender, metadata, context);
  }
}
