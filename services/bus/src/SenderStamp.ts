import { Field, FixedHeader, type Frame } from '@switchyard/dbus';
import { takeTransit, transit } from '@switchyard/sys';
import { WireMessage } from './WireMessage.js';

/** Short messages for many are put into one piece, so that each copy is one. */
const joinedSize = 8 * 1024;
/** A unique name and all that stands before the fields of the sender. */
const longestBegin = 512;

const knownFields = Object.values(Field);
/** Where heads are made; each is copied or sent before the next. */
const scratch = takeTransit(longestBegin + joinedSize);
/** Whose name it begins with, and in which byte order: many messages of one come one after the other. */
let begun = '';
let begunLittle = true;
let begunEnd = 0;

/**
 * Rewrites a message's header so that it says who sent it, and drops fields that no specification of ours knows:
 *
 *   head: fixed │ SENDER ":1.N" │ pad8 │   body: fields of the sender … pad8 │ body
 *
 * The head is a multiple of 8 long, so the fields and the body stay where and as they are; only a message that names a
 * sender itself, or has unknown fields, is put together field by field. Valid until the next message. Hot.
 */
export class SenderStamp {
  readonly message = new WireMessage();

  stamp(frame: Frame, sender: string): void {
    if (frame.unknownFields || frame.has(Field.sender)) {
      this.#rewrite(frame, sender);
      return;
    }
    const { bytes, start, little } = frame;
    if (sender !== begun || little !== begunLittle) begin(sender, little);
    for (let i = 0; i < FixedHeader.fieldsLength; i++) transit[scratch + i] = bytes[start + i]!;
    putUint32(
      transit,
      scratch + FixedHeader.fieldsLength,
      begunEnd - scratch + frame.fieldsEnd - start - 2 * FixedHeader.size,
      little,
    );
    const { message } = this;
    message.headBytes = transit;
    message.headStart = scratch;
    message.headEnd = begunEnd;
    message.bodyBytes = bytes;
    message.bodyStart = start + FixedHeader.size;
    message.bodyEnd = start + frame.length;
  }

  /** Makes one piece of a short message. */
  join(): void {
    const { message } = this;
    const { bodyBytes, bodyStart, bodyEnd } = message;
    const length = bodyEnd - bodyStart;
    if (message.headBytes !== transit || length > joinedSize || length === 0) return;
    if (bodyBytes === transit) transit.copyWithin(message.headEnd, bodyStart, bodyEnd);
    else transit.set(message.body, message.headEnd);
    message.headEnd += length;
    message.bodyEnd = bodyStart;
  }

  /** The known fields but SENDER, one by one. */
  #rewrite(frame: Frame, sender: string): void {
    const { bytes, start, little } = frame;
    const { message } = this;
    const head = Buffer.alloc(frame.fieldsEnd - start + longestBegin);
    bytes.copy(head, 0, start, start + FixedHeader.fieldsLength);
    let at = putSender(head, 0, sender, little);
    for (const field of knownFields) {
      if (field === Field.sender || !frame.has(field)) continue;
      at = pad(head, at);
      at += frame.fieldBytes(field).copy(head, at);
    }
    putUint32(head, FixedHeader.fieldsLength, at - FixedHeader.size, little);
    message.headBytes = head;
    message.headStart = 0;
    message.headEnd = pad(head, at);
    message.bodyBytes = bytes;
    message.bodyStart = frame.bodyStart;
    message.bodyEnd = frame.bodyStart + frame.bodyLength;
  }
}

/** The SENDER field stays until somebody else sends. */
function begin(sender: string, little: boolean): void {
  begunEnd = pad(transit, putSender(transit, scratch, sender, little));
  begun = sender;
  begunLittle = little;
}

/** The first field of the header that begins at `start`. Returns where it ends. */
function putSender(out: Buffer, start: number, sender: string, little: boolean): number {
  let at = start + FixedHeader.size;
  out[at] = Field.sender;
  out[at + 1] = 1;
  out[at + 2] = 0x73;
  out[at + 3] = 0;
  putUint32(out, at + 4, sender.length, little);
  at += 8;
  at += out.write(sender, at, 'latin1');
  out[at++] = 0;
  return at;
}

/** To the next multiple of 8, of which `out` begins at one. */
function pad(out: Buffer, at: number): number {
  while (at & 7) out[at++] = 0;
  return at;
}

function putUint32(out: Buffer, at: number, value: number, little: boolean): void {
  if (little) out.writeUInt32LE(value, at);
  else out.writeUInt32BE(value, at);
}
