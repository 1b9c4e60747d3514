import { BodyArguments, Field, type Frame } from '@switchyard/dbus';
import type { IndexedSubject } from './MatchIndex.js';
import type { PolicySubject } from './policy/PolicySubject.js';

/** A message on its way as match rules and policies see it: strings are made when a rule asks, the body is decoded as far as one asks. One serves for all messages. */
export class FrameSubject implements IndexedSubject, PolicySubject {
  readonly #ownerOf: (name: string) => string | undefined;
  /** Who gets it, if it is for one connection. */
  receiver: { readonly uniqueName: string } | undefined;
  #frame!: Frame;
  #sender = '';
  #interface: string | undefined;
  #member: string | undefined;
  #path: string | undefined;
  #destination: string | undefined;
  #known = 0;
  #arguments: BodyArguments | undefined;

  /** `ownerOf`: the unique name of a well-known name's owner. */
  constructor(ownerOf: (name: string) => string | undefined) {
    this.#ownerOf = ownerOf;
  }

  take(frame: Frame, sender: string): void {
    this.#frame = frame;
    this.#sender = sender;
    this.receiver = undefined;
    this.#known = 0;
    this.#arguments = undefined;
  }

  get type(): number {
    return this.#frame.type;
  }
  get sender(): string {
    return this.#sender;
  }

  get interface(): string | undefined {
    if (this.#isNew(Field.interface)) this.#interface = this.#frame.string(Field.interface);
    return this.#interface;
  }
  get member(): string | undefined {
    if (this.#isNew(Field.member)) this.#member = this.#frame.string(Field.member);
    return this.#member;
  }
  get path(): string | undefined {
    if (this.#isNew(Field.path)) this.#path = this.#frame.string(Field.path);
    return this.#path;
  }
  get destination(): string | undefined {
    if (this.#isNew(Field.destination)) this.#destination = this.#frame.string(Field.destination);
    return this.#destination;
  }

  get errorName(): string | undefined {
    return this.#frame.string(Field.errorName);
  }
  get isReply(): boolean {
    return this.#frame.replySerial !== 0;
  }
  get unixFds(): number {
    return this.#frame.unixFds;
  }

  isFrom(name: string): boolean {
    return name === this.#sender || this.#ownerOf(name) === this.#sender;
  }

  isFor(name: string): boolean {
    if (!this.receiver) return name === this.destination;
    return name === this.receiver.uniqueName || this.#ownerOf(name) === this.receiver.uniqueName;
  }

  argument(n: number): { value: string; isPath: boolean } | undefined {
    const signature = this.#frame.string(Field.signature) ?? '';
    // Most rules ask for the first, and many bodies do not begin with a string.
    if (n === 0 && !signature.startsWith('s') && !signature.startsWith('o')) return undefined;
    const { bytes, bodyStart, bodyLength, little } = this.#frame;
    this.#arguments ??= new BodyArguments(bytes, bodyStart, bodyStart + bodyLength, little, signature);
    return this.#arguments.get(n);
  }

  /** True once for each field of a message. */
  #isNew(field: number): boolean {
    const bit = 1 << field;
    if (this.#known & bit) return false;
    this.#known |= bit;
    return true;
  }
}
