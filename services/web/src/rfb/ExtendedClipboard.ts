import { deflateSync, inflateSync } from 'node:zlib';
import { CLIPBOARD_LIMIT } from '../wire/Control.js';
import { Clipboard, cutText, ServerMessage } from './Messages.js';

/** UTF-8 takes 3 bytes for one UTF-16 unit at most; and the length, and the NUL. */
const INFLATED_MAX = 3 * CLIPBOARD_LIMIT + 8;

/** What the client says of its clipboard. */
export type ClipboardWord =
  | { kind: 'caps' | 'notify' | 'request' | 'other' }
  | { kind: 'provide'; text: string };

/** The extended clipboard's messages (rfbproto, Extended Clipboard pseudo-encoding), for text alone. */
export function readClipboard(data: Buffer): ClipboardWord {
  if (data.length < 4) return { kind: 'other' };
  const flags = data.readUInt32BE();
  if (flags & Clipboard.caps) return { kind: 'caps' };
  if (!(flags & Clipboard.text)) return { kind: 'other' };
  if (flags & Clipboard.notify) return { kind: 'notify' };
  if (flags & Clipboard.request) return { kind: 'request' };
  if (!(flags & Clipboard.provide)) return { kind: 'other' };
  let bytes: Buffer;
  try {
    bytes = inflateSync(data.subarray(4), { maxOutputLength: INFLATED_MAX });
  } catch {
    return { kind: 'other' }; // Too much, or no zlib: nothing is pasted.
  }
  if (bytes.length < 4) return { kind: 'other' };
  const text = bytes.subarray(4, 4 + bytes.readUInt32BE()).toString('utf8');
  return { kind: 'provide', text: text.replace(/\0+$/, '').replaceAll('\r\n', '\n') };
}

/** What we can: take, ask for, announce and give text. */
export function clipboardCaps(): Buffer {
  const { caps, request, peek, notify, provide, text } = Clipboard;
  const size = Buffer.alloc(4);
  size.writeUInt32BE(INFLATED_MAX);
  return message(caps | request | peek | notify | provide | text, size);
}

export const clipboardRequest = (): Buffer => message(Clipboard.request | Clipboard.text);
export const clipboardNotify = (has: boolean): Buffer =>
  message(Clipboard.notify | (has ? Clipboard.text : 0));

export function clipboardProvide(text: string): Buffer {
  const bytes = Buffer.from(`${text.replaceAll(/\r?\n/g, '\r\n')}\0`, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return message(Clipboard.provide | Clipboard.text, deflateSync(Buffer.concat([length, bytes])));
}

function message(flags: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(flags >>> 0);
  return Buffer.concat([
    Buffer.of(ServerMessage.cutText),
    cutText.write({ length: -(4 + data.length) }),
    head,
    data,
  ]);
}
