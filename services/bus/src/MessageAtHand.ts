import type { Frame } from '@switchyard/dbus';
import { FrameSubject } from './FrameSubject.js';
import { SenderStamp } from './SenderStamp.js';
import type { WireMessage } from './WireMessage.js';

/**
 * The message that is being routed: what rules and policies see of it, and how it leaves, with its sender's name, which
 * is put on when the first receiver is found. One object serves all messages. Hot.
 */
export class MessageAtHand {
  readonly subject: FrameSubject;
  readonly #stamp = new SenderStamp();
  #stamped = false;

  /** `ownerOf`: the unique name of a well-known one's owner. */
  constructor(ownerOf: (name: string) => string | undefined) {
    this.subject = new FrameSubject(ownerOf);
  }

  take(frame: Frame, sender: string): void {
    this.#stamped = false;
    this.subject.take(frame, sender);
  }

  /** As it leaves; of the frame that was taken, from when it is stamped. */
  get message(): WireMessage {
    return this.#stamp.message;
  }

  stampOnce(frame: Frame, sender: string): void {
    if (!this.#stamped) this.#stamp.stamp(frame, sender);
    this.#stamped = true;
  }

  /** In one piece, for receivers who are many. */
  stampForMany(frame: Frame, sender: string): void {
    this.stampOnce(frame, sender);
    this.#stamp.join();
  }
}
