import {
  ExtensionField,
  extensionSignatures,
  Field,
  type Frame,
  MessageType,
  parseSingleType,
  Writer,
} from '@switchyard/dbus';
import type { Metadata } from './Metadata.js';

const copied = [
  Field.path,
  Field.interface,
  Field.member,
  Field.errorName,
  Field.replySerial,
  Field.destination,
  Field.signature,
];
const passedOn = [ExtensionField.payload, ExtensionField.priority];

/** A message's header for a receiver with the extension: its known fields, its sender, what the sender added, what the bus does. */
export function extendedHead(frame: Frame, sender: string, metadata: Metadata | undefined): Buffer {
  const head = new Writer(frame.little);
  head.byte(frame.little ? 0x6c : 0x42);
  head.byte(frame.type);
  head.byte(frame.flags);
  head.byte(1);
  head.uint32(frame.bodyLength);
  head.uint32(frame.serial);
  head.uint32(0);
  for (const field of copied) {
    if (!frame.has(field)) continue;
    head.align(8);
    head.raw(frame.fieldBytes(field));
  }
  begin(head, Field.sender, 's');
  head.string(sender);
  const pidfd = metadata?.pidfd;
  const fds = frame.unixFds + (pidfd ? 1 : 0);
  if (fds > 0) {
    begin(head, Field.unixFds, 'u');
    head.uint32(fds);
  }
  for (const field of passedOn) add(head, field, frame.extension(field));
  if (metadata) addMetadata(head, metadata, frame.unixFds);
  head.patchUint32(12, head.length - 16);
  head.align(8);
  return head.bytes;
}

/** Whether the sender put something into a message that only such a receiver understands. */
export function hasPassedOn(frame: Frame): boolean {
  return frame.unknownFields && passedOn.some((field) => frame.hasExtension(field));
}

/** `type` a reply's or not: what a caller asked for comes to it whatever its inbox. */
export function isReply(frame: Frame): boolean {
  return frame.type === MessageType.methodReturn || frame.type === MessageType.error;
}

function addMetadata(head: Writer, { values, pidfd }: Metadata, index: number): void {
  begin(head, ExtensionField.metadata, 'a{sv}');
  const at = startArray(head);
  for (const [key, value] of values) {
    head.align(8);
    head.string(key);
    head.signature(value.signature);
    head.value(parseSingleType(value.signature), value.value, 3);
  }
  if (pidfd) {
    head.align(8);
    head.string('ProcessFD');
    head.signature('h');
    // The bus's own fd stands behind those of the message, whatever index a writer would count.
    head.uint32(index);
  }
  head.patchUint32(at - 4, head.length - at - (-at & 7));
}

/** Where the elements' bytes are counted from; padding to the first one follows. */
function startArray(head: Writer): number {
  head.uint32(0);
  const at = head.length;
  head.align(8);
  return at;
}

function add(head: Writer, field: number, value: unknown): void {
  if (value === undefined) return;
  const signature = extensionSignatures[field]!;
  begin(head, field, signature);
  head.value(parseSingleType(signature), value, 1);
}

function begin(head: Writer, field: number, signature: string): void {
  head.align(8);
  head.byte(field);
  head.signature(signature);
}
