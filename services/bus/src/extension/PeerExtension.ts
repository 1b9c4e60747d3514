import type { Fd } from '@switchyard/sys';
import type { Peer } from '../Peer.js';
import type { HeldMessage } from './HeldMessage.js';
import type { Inbox } from './Inbox.js';

/** A message in an inbox, with its header as it is going to be sent. */
export type InboxEntry = {
  message: HeldMessage<Peer>;
  head: Buffer;
  pidfd: Fd | undefined;
  priority: bigint;
  size: number;
  fdCount: number;
  charged: Peer;
  /** What it was sent to. */
  destination: string | undefined;
};

export function closeEntry({ message, pidfd }: InboxEntry): void {
  message.close();
  pidfd?.close();
}

/** What one connection has negotiated, and what it may hear of. */
export class PeerExtension {
  /** MetadataItem's bits of what comes with every message. */
  metadata = 0;
  /** Over its quota it waits, unread, instead of getting an error. */
  waits = false;
  /** Takes direct channels. */
  channels = false;
  description = '';
  /** Messages of others wait here until they are taken; undefined: they come by themselves. */
  inbox: Inbox<InboxEntry> | undefined;
  /** Signals that found no room since it was told last. */
  lost = 0;
  /** Answers to WaitForRoom that are open. */
  waiting = 0;
  readonly #deadlines = new Map<number, NodeJS.Timeout>();

  /** Calls `expired` after that time unless the call is answered before. */
  setDeadline(serial: number, microseconds: bigint, expired: () => void): void {
    const milliseconds = Math.min(Number(microseconds / 1000n) + 1, 0x7fffffff);
    const timer = setTimeout(() => {
      this.#deadlines.delete(serial);
      expired();
    }, milliseconds);
    this.#deadlines.set(serial, timer);
  }

  answered(serial: number): void {
    if (this.#deadlines.size === 0) return;
    clearTimeout(this.#deadlines.get(serial));
    this.#deadlines.delete(serial);
  }

  close(): void {
    for (const timer of this.#deadlines.values()) clearTimeout(timer);
    this.#deadlines.clear();
    this.closeInbox();
  }

  /** What is in it is lost; what comes from now on comes by itself. */
  closeInbox(): void {
    const { inbox } = this;
    this.inbox = undefined;
    inbox?.takeAll().forEach(closeEntry);
  }
}
