import { type Message, MessageFlag, type MessageMetadata, MessageType } from '@switchyard/dbus';
import { jsonBody, lineOf } from './ValueText.js';

const typeNames: Readonly<Record<number, string>> = {
  [MessageType.methodCall]: 'call',
  [MessageType.methodReturn]: 'return',
  [MessageType.error]: 'error',
  [MessageType.signal]: 'signal',
};
/** Of a body in one line: what is beyond is a matter for --json. */
const longestLine = 1000;

export function typeName(message: Message): string {
  return typeNames[message.type] ?? `type ${message.type}`;
}

/** A message in one line for a person. */
export function messageLine(message: Message, time: Date, metadata?: MessageMetadata): string {
  const { sender = '?', destination, path, member, errorName, serial, replySerial } = message;
  const what =
    member === undefined
      ? `#${replySerial}${errorName ? ` ${errorName}` : ''}`
      : `${path} ${message.interface ? `${message.interface}.` : ''}${member}${message.expectsReply ? ` #${serial}` : ''}`;
  const text = bodyText(message);
  return `${time.toISOString().slice(11, 23)} ${typeName(message).padEnd(6)} ${sender}${metadata ? ` ${processText(metadata)}` : ''} → ${destination ?? '*'}  ${what}(${text.length > longestLine ? `${text.slice(0, longestLine)}…` : text})\n`;
}

/** `(systemd 1)`. What a process calls itself may be anything. */
function processText({ comm = '?', pid = 0, uid }: MessageMetadata): string {
  return `(${comm.replaceAll(/\p{Cc}/gu, '�')} ${pid}${uid === undefined || uid === 0 ? '' : `, uid ${uid}`})`;
}

function bodyText(message: Message): string {
  try {
    return lineOf(message.signature, message.body);
  } catch (error) {
    return `not readable: ${(error as Error).message}`;
  }
}

/** A message as busctl's `monitor --json=short` tells it, with the bus's time in microseconds. */
export function messageJson(message: Message, microseconds: number, metadata?: MessageMetadata): object {
  let payload: object;
  try {
    payload = jsonBody(message.signature, message.body);
  } catch (error) {
    payload = { type: message.signature, error: (error as Error).message };
  }
  return {
    type: typeName(message),
    endian: message.endian,
    flags: message.flags,
    version: 1,
    cookie: message.serial,
    ...(message.replySerial ? { reply_cookie: message.replySerial } : {}),
    'timestamp-realtime': microseconds,
    sender: message.sender,
    destination: message.destination,
    path: message.path,
    interface: message.interface,
    member: message.member,
    ...(message.errorName ? { error_name: message.errorName } : {}),
    expects_reply: message.type === MessageType.methodCall && !(message.flags & MessageFlag.noReplyExpected),
    payload,
    ...(metadata
      ? {
          metadata: {
            pid: metadata.pid,
            uid: metadata.uid,
            gid: metadata.gid,
            comm: metadata.comm,
            names: metadata.ownedNames,
          },
        }
      : {}),
  };
}
