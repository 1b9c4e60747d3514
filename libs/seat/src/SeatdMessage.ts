import { struct } from '@switchyard/uapi';

/**
 * The seatd protocol: messages back to back in a stream, each a header and `size` bytes, in the host's byte order and
 * without padding between fields. It has no version; see Dialect.
 */

export const request = {
  openSeat: 0x0001,
  closeSeat: 0x0002,
  openDevice: 0x0003,
  closeDevice: 0x0004,
  disableSeat: 0x0005,
  switchSession: 0x0006,
  ping: 0x0007,
} as const;

export const reply = {
  seatOpened: 0x8001,
  seatClosed: 0x8002,
  /** One fd comes with it. */
  deviceOpened: 0x8003,
  deviceClosed: 0x8004,
  pong: 0x8007,
  /** The next two since seatd 0.9; an older client takes them for garbage. */
  sessionSwitched: 0x8008,
  seatDisabled: 0x8009,
  /** In place of any reply. */
  error: 0xffff,
} as const;

export const event = { disableSeat: 0x8005, enableSeat: 0x8006 } as const;

export const header = struct('header', { opcode: 'u16', size: 'u16' });
/** Before the path of an open_device, and before the name of a seat_opened. Both are counted with their NUL. */
export const textLength = struct('text', { length: 'u16' });
export const deviceId = struct('device', { id: 'i32' });
export const sessionNumber = struct('session', { number: 'i32' });
export const failure = struct('error', { errno: 'i32' });

/** libseat's ring buffers: no message, with its header, is longer. */
export const MESSAGE_MAX = 256;

/** A message whose payload is at most one number. */
export function encode(opcode: number, number?: number): Uint8Array {
  const size = number === undefined ? 0 : failure.size;
  const bytes = new Uint8Array(header.size + size);
  const view = new DataView(bytes.buffer);
  header.write(view, 0, { opcode, size });
  if (number !== undefined) view.setInt32(header.size, number, true);
  return bytes;
}

export function encodeSeatOpened(seat: string): Uint8Array {
  const name = Buffer.from(`${seat}\0`);
  const bytes = new Uint8Array(header.size + textLength.size + name.length);
  const view = new DataView(bytes.buffer);
  header.write(view, 0, { opcode: reply.seatOpened, size: textLength.size + name.length });
  textLength.write(view, header.size, { length: name.length });
  bytes.set(name, header.size + textLength.size);
  return bytes;
}

/** Throws RangeError for a path that fits into no message. */
export function encodeOpenDevice(path: string): Uint8Array {
  const text = Buffer.from(`${path}\0`);
  const size = textLength.size + text.length;
  if (header.size + size > MESSAGE_MAX) throw new RangeError(`a path of ${text.length} bytes is too long`);
  const bytes = new Uint8Array(header.size + size);
  const view = new DataView(bytes.buffer);
  header.write(view, 0, { opcode: request.openDevice, size });
  textLength.write(view, header.size, { length: text.length });
  bytes.set(text, header.size + textLength.size);
  return bytes;
}

/** The name in a seat_opened's payload; the NUL behind it is newer than 0.9.0. */
export function decodeSeatName(payload: DataView): string {
  const length = textLength.get.length(payload, 0);
  const text = Buffer.from(payload.buffer, payload.byteOffset + textLength.size, length);
  return text.toString('utf8').replace(/\0$/, '');
}

/** The path of an open_device's payload; undefined when its lengths do not fit or it does not end. */
export function decodePath(payload: DataView): string | undefined {
  if (payload.byteLength < textLength.size + 1) return undefined;
  const length = textLength.get.length(payload, 0);
  if (payload.byteLength !== textLength.size + length) return undefined;
  const text = Buffer.from(payload.buffer, payload.byteOffset + textLength.size, length);
  return text.indexOf(0) === length - 1 ? text.toString('utf8', 0, length - 1) : undefined;
}
