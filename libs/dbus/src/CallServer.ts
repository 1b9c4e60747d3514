import type { Connection } from './Connection.js';
import { DBusError } from './DBusError.js';
import { closeFdsIn } from './FdsIn.js';
import { MessageFlag, MessageType } from './Frame.js';
import type { CallContext, PeerIdentity } from './Interface.js';
import type { Message, MessageFields } from './Message.js';
import type { ObjectTree } from './ObjectTree.js';

/** What this side needs of its connection. */
export type CallServerLink = {
  connection: Connection;
  isOpen(): boolean;
  /** Throws what `Connection.emit` throws. */
  send(fields: Omit<MessageFields, 'serial'>): void;
  credentials(sender: string): Promise<PeerIdentity>;
};

/** Answers calls to exported objects: with what the method returns, or with the error that it throws. */
export class CallServer {
  readonly #objects: ObjectTree;
  readonly #link: CallServerLink;

  constructor(objects: ObjectTree, link: CallServerLink) {
    this.#objects = objects;
    this.#link = link;
  }

  /** A synchronous method answers before the next message is looked at. */
  serve(message: Message): void {
    const sender = message.sender ?? '';
    const context: CallContext = {
      sender,
      message,
      connection: this.#link.connection,
      credentials: () => this.#link.credentials(sender),
    };
    try {
      const { method, result } = this.#objects.call(message, context);
      const out = method.out ?? '';
      if (result instanceof Promise)
        result.then(
          (values) => this.#reply(message, out, values ?? []),
          (error: unknown) => this.#replyError(message, error),
        );
      else this.#reply(message, out, result ?? []);
    } catch (error) {
      this.#replyError(message, error);
    }
  }

  #reply(call: Message, signature: string, body: unknown[]): void {
    if (!this.#isWanted(call)) {
      closeFdsIn(body);
      return;
    }
    try {
      this.#link.send({
        type: MessageType.methodReturn,
        flags: MessageFlag.noReplyExpected,
        replySerial: call.serial,
        destination: call.sender,
        signature,
        body,
      });
    } catch (error) {
      closeFdsIn(body);
      this.#replyError(call, error);
    }
  }

  #replyError(call: Message, thrown: unknown): void {
    if (!this.#isWanted(call)) return;
    const error = DBusError.from(thrown);
    this.#link.send({
      type: MessageType.error,
      flags: MessageFlag.noReplyExpected,
      replySerial: call.serial,
      destination: call.sender,
      errorName: error.name,
      signature: 's',
      body: [error.message.replaceAll('\0', ' ')],
    });
  }

  #isWanted(call: Message): boolean {
    return this.#link.isOpen() && call.expectsReply;
  }
}
