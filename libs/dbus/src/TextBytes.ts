import { isUtf8 } from 'node:buffer';
import { ProtocolError } from './DBusError.js';

/** Up to this length a string is looked at byte by byte: calls into Node cost more than that. */
const shortText = 64;

/** Checks a string's bytes: UTF-8 without NUL, else throws ProtocolError. True: all of it is ASCII (for long ones nobody asks). Hot. */
export function checkText(bytes: Buffer, start: number, end: number): boolean {
  if (end - start <= shortText) {
    let all = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === 0) throw new ProtocolError('a string holds a NUL');
      all |= byte;
    }
    if (all < 0x80) return true;
  }
  const text = bytes.subarray(start, end);
  if (text.includes(0)) throw new ProtocolError('a string holds a NUL');
  if (!isUtf8(text)) throw new ProtocolError('a string is not UTF-8');
  return false;
}
