import type { Connection } from './Connection.js';
import { DBusError } from './DBusError.js';
import { closeFdsIn } from './FdsIn.js';
import { MessageFlag, MessageType } from './Frame.js';
import type { CallContext, PeerIdentity } from './Interface.js';
import type { Message, MessageFields } from './Message.js';
import type { ObjectTree } from './ObjectTree.js';
import { Payload } from './Payload.js';

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

  #reply(call: Message, signature: string, result: unknown[] | Payload): void {
    const drop = () => (result instanceof Payload ? result.close() : closeFdsIn(result));
    if (!this.#isWanted(call)) {
      drop();
      return;
    }
    try {
      if (result instanceof Payload && result.signature !== '' && result.signature !== signature)
        throw new TypeError(`the method returns '${signature}', its payload holds '${result.signature}'`);
      this.#link.send({
        type: MessageType.methodReturn,
        flags: MessageFlag.noReplyExpected,
        replySerial: call.serial,
        destination: call.sender,
        ...(result instanceof Payload ? { payload: result } : { signature, body: result }),
      });
    } catch (error) {
      drop();
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
