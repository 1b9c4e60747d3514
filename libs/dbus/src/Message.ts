import { Fd } from '@switchyard/sys';
import { BodyArguments, type StringArgument, stringArgument } from './BodyArguments.js';
import { DBusError, ProtocolError } from './DBusError.js';
import { ExtensionField, extensionSignatures, type PayloadPlace } from './ExtensionField.js';
import { Field, FixedHeader, type Frame, MessageFlag, MessageType } from './Frame.js';
import { isBusName, isErrorName, isInterfaceName, isMemberName, isObjectPath } from './Names.js';
import { Payload } from './Payload.js';
import { Reader } from './Reader.js';
import { parseSingleType } from './Signature.js';
import type { Variant } from './Variant.js';
import { Writer } from './Writer.js';

const noBytes = Buffer.alloc(0);

/** What a message to send is made of. */
export type MessageFields = {
  type: number;
  serial: number;
  flags?: number | undefined;
  path?: string | undefined;
  interface?: string | undefined;
  member?: string | undefined;
  errorName?: string | undefined;
  replySerial?: number | undefined;
  destination?: string | undefined;
  sender?: string | undefined;
  signature?: string | undefined;
  body?: readonly unknown[] | undefined;
  /** Instead of a body; its fd moves. Only to a bus that has negotiated it, as the following. */
  payload?: Payload | undefined;
  /** The lowest is the most urgent. */
  priority?: bigint | undefined;
  /** Of a call: microseconds until the bus gives up waiting. */
  deadline?: bigint | undefined;
};

/** A message that was received. Its body is decoded when first asked for. */
export class Message {
  readonly type: number;
  readonly flags: number;
  readonly serial: number;
  readonly path: string | undefined;
  readonly interface: string | undefined;
  readonly member: string | undefined;
  readonly errorName: string | undefined;
  readonly replySerial: number;
  readonly destination: string | undefined;
  readonly sender: string | undefined;
  /** Of the body's values, wherever they lie: in the message or in a sealed payload. '' for none, and for a payload of plain bytes. */
  readonly signature: string;
  /** The lowest is the most urgent; 0 without the extension. */
  readonly priority: bigint;
  /** Where the body lies: with the whole frame until `keep`, a copy of it from then on. */
  #bytes: Buffer;
  #bodyStart: number;
  #bodyEnd: number;
  #kept = false;
  readonly #little: boolean;
  readonly #fds: Fd[];
  #body: unknown[] | undefined;
  #arguments: BodyArguments | undefined;
  readonly #payloadPlace: PayloadPlace | undefined;
  #payload: Payload | undefined;
  readonly #metadata: Map<string, Variant> | undefined;
  #pidfd: Fd | undefined;

  /**
   * Copies the body out of the frame's buffer; the fds move into the message. `extended`: fields of the extension may be
   * believed. Without `keeps` the body stays where it lies: whoever has handled the message calls `keep`, before the
   * buffer is used again.
   */
  constructor(frame: Frame, fds: Fd[] = [], extended = false, keeps = true) {
    this.type = frame.type;
    this.flags = frame.flags;
    this.serial = frame.serial;
    this.path = frame.string(Field.path);
    this.interface = frame.string(Field.interface);
    this.member = frame.string(Field.member);
    this.errorName = frame.string(Field.errorName);
    this.replySerial = frame.replySerial;
    this.destination = frame.string(Field.destination);
    this.sender = frame.string(Field.sender);
    const signature = frame.string(Field.signature) ?? '';
    this.#bytes = frame.bytes;
    this.#bodyStart = frame.bodyStart;
    this.#bodyEnd = frame.bodyStart + frame.bodyLength;
    this.#little = frame.little;
    this.#fds = fds;
    if (keeps) this.keep();
    if (!extended || !frame.unknownFields) {
      this.signature = signature;
      this.priority = 0n;
      return;
    }
    this.priority = (frame.extension(ExtensionField.priority) as bigint | undefined) ?? 0n;
    this.#payloadPlace = frame.payload;
    this.signature = this.#payloadPlace?.signature ?? signature;
    this.#metadata = frame.extension(ExtensionField.metadata, fds) as Map<string, Variant> | undefined;
    // The bus puts the sender's pidfd behind the message's own fds.
    if (this.#metadata?.has('ProcessFD')) this.#pidfd = fds.pop();
  }

  /** Makes the message independent of the buffer that it came in: what nobody has decoded so far is copied out. */
  keep(): void {
    if (this.#kept) return;
    this.#kept = true;
    if (this.#body) this.#bytes = noBytes;
    else this.#bytes = Buffer.from(this.#bytes.subarray(this.#bodyStart, this.#bodyEnd));
    this.#bodyStart = 0;
    this.#bodyEnd = this.#bytes.length;
    this.#arguments = undefined;
  }

  get hasMetadata(): boolean {
    return this.#metadata !== undefined;
  }

  /** What the kernel and the bus know of the sender, as far as it was asked for. The fd `ProcessFD` belongs to whoever asks here. */
  get metadata(): Map<string, Variant> | undefined {
    this.#pidfd = undefined;
    return this.#metadata;
  }

  /** The body that came in a memfd, of values or plain bytes. It belongs to whoever asks first; nobody having asked when the message was handled, it is closed. */
  get payload(): Payload | undefined {
    const place = this.#payloadPlace;
    const fd = place && this.#fds[place.fd];
    if (place && fd && !fd.closed) {
      const moved = Fd.adopt(fd.take(), 'payload');
      this.#payload = Payload.adopt(moved, place.offset, place.length, place.signature, this.#little);
    }
    return this.#payload;
  }

  /** In which byte order it came: 'l' or 'B', as on the wire. */
  get endian(): 'l' | 'B' {
    return this.#little ? 'l' : 'B';
  }

  get isReply(): boolean {
    return this.type === MessageType.methodReturn || this.type === MessageType.error;
  }

  get expectsReply(): boolean {
    return this.type === MessageType.methodCall && (this.flags & MessageFlag.noReplyExpected) === 0;
  }

  /**
   * The body's values. From the first use on its fds belong to the caller; those of a body that nobody asked
   * for are closed when the message was handled. Throws ProtocolError when the body is not what its signature says.
   */
  get body(): unknown[] {
    if (this.#body) return this.#body;
    if (this.#payloadPlace) {
      this.#body = this.#payloadValues();
      return this.#body;
    }
    const reader = new Reader(this.#bytes, this.#bodyStart, this.#bodyEnd, this.#little, this.#fds);
    try {
      this.#body = reader.values(this.signature);
    } catch (error) {
      this.closeFds();
      throw error;
    }
    return this.#body;
  }

  /** The values in a payload, copied out; the payload stays whose it was. */
  #payloadValues(): unknown[] {
    if (this.signature === '') return [];
    if (this.#payload) return this.#payload.values();
    const { fd, offset, length, signature } = this.#payloadPlace!;
    return Payload.adopt(this.#fds[fd]!, offset, length, signature, this.#little).values();
  }

  /** The n-th argument if it is a string or an object path. */
  argument(n: number): StringArgument | undefined {
    if (this.#body && this.#bytes === noBytes) return stringArgument(this.signature, this.#body, n);
    this.#arguments ??= new BodyArguments(
      this.#bytes,
      this.#bodyStart,
      this.#bodyEnd,
      this.#little,
      this.signature,
    );
    return this.#arguments.get(n);
  }

  /** The error that an error message stands for. */
  toError(): DBusError {
    let text = '';
    try {
      const [first] = this.body;
      if (typeof first === 'string') text = first;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
    return new DBusError(this.errorName ?? 'org.freedesktop.DBus.Error.Failed', text);
  }

  /** Closes the fds of a body that nobody asked for. */
  closeFds(): void {
    // Values in a payload are copies: its fd is nobody's unless it was asked for.
    if (this.#fds.length > 0 && (!this.#body || this.#payloadPlace))
      for (const fd of this.#fds.splice(0)) fd.close();
    this.#pidfd?.close();
  }
}

/** A message as bytes to send: the header, padded, and the body; valid until the encoder's next message. */
export type EncodedMessage = { head: Buffer; body: Buffer; fds: Fd[] };

/** Makes messages into bytes, reusing its buffers. */
export class MessageEncoder {
  readonly #head: Writer;
  readonly #body: Writer;

  constructor(little = true) {
    this.#head = new Writer(little);
    this.#body = new Writer(little);
  }

  /** Throws TypeError when a name is not valid or a value does not fit its type; no fd has moved then. */
  encode(fields: MessageFields): EncodedMessage {
    checkNames(fields);
    const [head, body] = [this.#head, this.#body];
    const signature = fields.signature ?? '';
    body.reset();
    try {
      body.values(signature, fields.body ?? []);
    } catch (error) {
      if (!(error instanceof TypeError) || !fields.member) throw error;
      throw new TypeError(`${fields.interface}.${fields.member}: ${error.message}`);
    }
    const fds = body.fds;
    const { payload } = fields;
    if (payload) {
      if (signature !== '') throw new TypeError('a message has a body or a payload, not both');
      fds.push(payload.fd);
    }
    head.reset();
    head.byte(head.little ? 0x6c : 0x42);
    head.byte(fields.type);
    head.byte(fields.flags ?? 0);
    head.byte(1);
    head.uint32(body.length);
    head.uint32(fields.serial);
    head.uint32(0);
    this.#text(Field.path, 'o', fields.path);
    this.#text(Field.interface, 's', fields.interface);
    this.#text(Field.member, 's', fields.member);
    this.#text(Field.errorName, 's', fields.errorName);
    if (fields.replySerial) this.#number(Field.replySerial, fields.replySerial);
    this.#text(Field.destination, 's', fields.destination);
    this.#text(Field.sender, 's', fields.sender);
    if (signature !== '') {
      this.#begin(Field.signature, 'g');
      head.signature(signature);
    }
    if (fds.length > 0) this.#number(Field.unixFds, fds.length);
    if (payload) {
      const place = [fds.length - 1, payload.offset, payload.length, payload.signature];
      this.#extension(ExtensionField.payload, place);
    }
    if (fields.priority) this.#extension(ExtensionField.priority, fields.priority);
    if (fields.deadline !== undefined) this.#extension(ExtensionField.deadline, fields.deadline);
    head.patchUint32(FixedHeader.fieldsLength, head.length - FixedHeader.size);
    head.align(8);
    return { head: head.bytes, body: body.bytes, fds };
  }

  #begin(field: number, signature: string): void {
    this.#head.align(8);
    this.#head.byte(field);
    this.#head.signature(signature);
  }

  #extension(field: number, value: unknown): void {
    const signature = extensionSignatures[field]!;
    this.#begin(field, signature);
    this.#head.value(parseSingleType(signature), value, 1);
  }

  #text(field: number, signature: string, text: string | undefined): void {
    if (text === undefined) return;
    this.#begin(field, signature);
    this.#head.string(text);
  }

  #number(field: number, value: number): void {
    this.#begin(field, 'u');
    this.#head.uint32(value);
  }
}

function checkNames(fields: MessageFields): void {
  checkName('object path', fields.path, isObjectPath);
  checkName('interface', fields.interface, isInterfaceName);
  checkName('member', fields.member, isMemberName);
  checkName('error name', fields.errorName, isErrorName);
  checkName('destination', fields.destination, isBusName);
}

function checkName(what: string, text: string | undefined, isValid: (text: string) => boolean): void {
  if (text !== undefined && !isValid(text))
    throw new TypeError(`not a valid D-Bus ${what}: ${JSON.stringify(text)}`);
}
