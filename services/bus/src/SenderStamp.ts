import { Field, FixedHeader, type Frame } from '@switchyard/dbus';

/** Bodies up to this are joined with their header, so that a message is one write; longer ones are not copied twice. */
const joinedBody = 4096;

const empty = new Uint8Array(0);
const knownFields = Object.values(Field);

/**
 * Rewrites a message's header so that it says who sent it, and drops fields that no specification of ours knows:
 *
 *   fixed │ SENDER ":1.N" │ pad8 │ fields of the sender … pad8 │ body
 *
 * What stands before the copy is a multiple of 8 long, so the fields and the body are copied as they lie, at once; only
 * a message that names a sender itself, or has unknown fields, is put together field by field. Valid until the next
 * message. Hot.
 */
export class SenderStamp {
  #scratch = Buffer.alloc(16 * 1024);
  head: Uint8Array = empty;
  body: Uint8Array = empty;
  /** Whose name #scratch begins with, and in which byte order: many messages of one come one after the other. */
  #sender = '';
  #little = true;
  #senderEnd = 0;

  stamp(frame: Frame, sender: string): void {
    const needed = frame.fieldsEnd - frame.start + sender.length + 64 + joinedBody;
    if (this.#scratch.length < needed) {
      this.#scratch = Buffer.alloc(needed * 2);
      this.#sender = '';
    }
    const out = this.#scratch;
    if (sender !== this.#sender || frame.little !== this.#little) this.#begin(sender, frame.little);
    const { bytes, start } = frame;
    for (let i = 0; i < FixedHeader.fieldsLength; i++) out[i] = bytes[start + i]!;
    const joins = frame.bodyLength <= joinedBody;
    let end: number;
    if (frame.unknownFields || frame.has(Field.sender)) {
      end = this.#copyFields(frame);
      putUint32(out, FixedHeader.fieldsLength, end - FixedHeader.size, frame.little);
      end = pad(out, end);
      if (joins) end += bytes.copy(out, end, frame.bodyStart, frame.bodyStart + frame.bodyLength);
    } else {
      const from = start + FixedHeader.size;
      const fieldsLength = this.#senderEnd - FixedHeader.size + frame.fieldsEnd - from;
      putUint32(out, FixedHeader.fieldsLength, fieldsLength, frame.little);
      const to = joins ? start + frame.length : frame.bodyStart;
      end = this.#senderEnd + bytes.copy(out, this.#senderEnd, from, to);
    }
    this.head = out.subarray(0, end);
    this.body = joins ? empty : bytes.subarray(frame.bodyStart, frame.bodyStart + frame.bodyLength);
  }

  /** The SENDER field, where it stays until somebody else sends. */
  #begin(sender: string, little: boolean): void {
    const out = this.#scratch;
    let at: number = FixedHeader.size;
    out[at] = Field.sender;
    out[at + 1] = 1;
    out[at + 2] = 0x73;
    out[at + 3] = 0;
    putUint32(out, at + 4, sender.length, little);
    at += 8;
    at += out.write(sender, at, 'latin1');
    out[at++] = 0;
    this.#senderEnd = pad(out, at);
    this.#sender = sender;
    this.#little = little;
  }

  /** The known fields but SENDER, one by one. */
  #copyFields(frame: Frame): number {
    const out = this.#scratch;
    let at = this.#senderEnd;
    for (const field of knownFields) {
      if (field === Field.sender || !frame.has(field)) continue;
      at = pad(out, at);
      const bytesOfField = frame.fieldBytes(field);
      out.set(bytesOfField, at);
      at += bytesOfField.length;
    }
    return at;
  }
}

function pad(out: Buffer, at: number): number {
  while (at & 7) out[at++] = 0;
  return at;
}

function putUint32(out: Buffer, at: number, value: number, little: boolean): void {
  if (little) out.writeUInt32LE(value, at);
  else out.writeUInt32BE(value, at);
}
