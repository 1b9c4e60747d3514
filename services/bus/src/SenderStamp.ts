import { Field, FixedHeader, type Frame } from '@switchyard/dbus';

/** Bodies up to this are joined with their header, so that a message is one write; longer ones are not copied twice. */
const joinedBody = 4096;

const empty = new Uint8Array(0);
const knownFields = Object.values(Field);

/**
 * Rewrites a message's header so that it says who sent it, and drops fields that no specification of ours knows:
 *
 *   fixed │ fields of the sender … pad8 │ SENDER ":1.N" │ pad8 │ body
 *
 * The fields are copied as they lie; only a message that names a sender itself, or has unknown fields, is put together
 * field by field. Valid until the next message. Hot.
 */
export class SenderStamp {
  #scratch = Buffer.alloc(16 * 1024);
  head: Uint8Array = empty;
  body: Uint8Array = empty;

  stamp(frame: Frame, sender: string): void {
    const fieldsLength = frame.fieldsEnd - frame.start - FixedHeader.size;
    const needed = FixedHeader.size + fieldsLength + sender.length + 64 + joinedBody;
    if (this.#scratch.length < needed) this.#scratch = Buffer.alloc(needed * 2);
    const out = this.#scratch;
    let at = this.#copyFields(frame, out);
    at = pad(out, at);
    out[at] = Field.sender;
    out[at + 1] = 1;
    out[at + 2] = 0x73;
    out[at + 3] = 0;
    putUint32(out, at + 4, sender.length, frame.little);
    at += 8;
    at += out.write(sender, at, 'latin1');
    out[at++] = 0;
    putUint32(out, FixedHeader.fieldsLength, at - FixedHeader.size, frame.little);
    at = pad(out, at);
    if (frame.bodyLength > joinedBody) {
      this.head = out.subarray(0, at);
      this.body = frame.bytes.subarray(frame.bodyStart, frame.bodyStart + frame.bodyLength);
      return;
    }
    frame.bytes.copy(out, at, frame.bodyStart, frame.bodyStart + frame.bodyLength);
    this.head = out.subarray(0, at + frame.bodyLength);
    this.body = empty;
  }

  #copyFields(frame: Frame, out: Buffer): number {
    const { bytes, start, fieldsEnd } = frame;
    if (!frame.unknownFields && !frame.has(Field.sender)) {
      bytes.copy(out, 0, start, fieldsEnd);
      return fieldsEnd - start;
    }
    bytes.copy(out, 0, start, start + FixedHeader.size);
    let at: number = FixedHeader.size;
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
