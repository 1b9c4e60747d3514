import { Field, Frame, MessageFlag, MessageType } from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';

/** A message that is kept beyond the read that it came with: a copy of its bytes, and its fds, which are its to close. */
export class HeldMessage<Peer> {
  readonly sender: Peer;
  readonly serial: number;
  /** Whether its sender waits for a reply. */
  readonly asks: boolean;
  readonly fds: Fd[];
  readonly bytes: Buffer;
  readonly body: Buffer;

  /** Takes the fds out of `fds`. */
  constructor(sender: Peer, frame: Frame, fds: Fd[]) {
    this.sender = sender;
    this.serial = frame.serial;
    this.asks = frame.type === MessageType.methodCall && !(frame.flags & MessageFlag.noReplyExpected);
    this.bytes = Buffer.from(frame.bytes.subarray(frame.start, frame.start + frame.length));
    this.body = this.bytes.subarray(frame.bodyStart - frame.start);
    this.fds = fds.splice(0);
  }

  get frame(): Frame {
    const frame = new Frame();
    frame.parse(this.bytes, 0, this.bytes.length);
    return frame;
  }

  get destination(): string | undefined {
    return this.frame.string(Field.destination);
  }

  close(): void {
    for (const fd of this.fds.splice(0)) fd.close();
  }
}
