/** The start of every message; then the fields' bytes, padding to 8, and the body. */
export const FixedHeader = {
  endian: 0,
  type: 1,
  flags: 2,
  version: 3,
  bodyLength: 4,
  serial: 8,
  fieldsLength: 12,
  size: 16,
} as const;

export const MessageType = { methodCall: 1, methodReturn: 2, error: 3, signal: 4 } as const;

export const MessageFlag = { noReplyExpected: 1, noAutoStart: 2, allowInteractiveAuthorization: 4 } as const;

export const Field = {
  path: 1,
  interface: 2,
  member: 3,
  errorName: 4,
  replySerial: 5,
  destination: 6,
  sender: 7,
  signature: 8,
  unixFds: 9,
} as const;

export function readUint32(bytes: Uint8Array, at: number, little: boolean): number {
  return little
    ? (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
    : ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
