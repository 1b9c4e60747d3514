/**
 * The Remote Framebuffer protocol 3.8 (RFC 6143) and the extensions that rfbproto (the community's specification)
 * describes: the fixed-size parts of its messages, without their type byte where the type is read first.
 */
import { layout } from './Layout.js';

export const VERSION = 'RFB 003.008\n';
export const VERSION_SIZE = 12;

export const Security = { none: 1, vncAuth: 2, veNCrypt: 19 } as const;
export const VeNCrypt = { x509None: 260, x509Vnc: 261 } as const;

export const ClientMessage = {
  setPixelFormat: 0,
  setEncodings: 2,
  updateRequest: 3,
  key: 4,
  pointer: 5,
  cutText: 6,
  continuousUpdates: 150,
  fence: 248,
  setDesktopSize: 251,
  qemu: 255,
} as const;

export const ServerMessage = {
  update: 0,
  cutText: 3,
  endOfContinuousUpdates: 150,
  fence: 248,
} as const;

export const Encoding = {
  raw: 0,
  copyRect: 1,
  tight: 7,
  zrle: 16,
  /** Tight's JPEG qualities 0 … 9 are -32 … -23. */
  qualityLowest: -32,
  qualityHighest: -23,
  desktopSize: -223,
  cursor: -239,
  qemuKeys: -258,
  ledState: -261,
  desktopName: -307,
  extendedDesktopSize: -308,
  fence: -312,
  continuousUpdates: -313,
  cursorWithAlpha: -314,
  extendedClipboard: 0xc0a1e5ce | 0,
  vmwareLedState: 0x574d5668,
} as const;

export const pixelFormat = layout({
  bitsPerPixel: 'u8',
  depth: 'u8',
  bigEndian: 'u8',
  trueColour: 'u8',
  redMax: 'u16',
  greenMax: 'u16',
  blueMax: 'u16',
  redShift: 'u8',
  greenShift: 'u8',
  blueShift: 'u8',
  padding: 3,
});

/** Then the pixel format, then the name's length and the name. */
export const serverInit = layout({ width: 'u16', height: 'u16' });

export const setPixelFormat = layout({ padding: 3 });
export const setEncodings = layout({ padding: 1, count: 'u16' });
export const updateRequest = layout({ incremental: 'u8', x: 'u16', y: 'u16', width: 'u16', height: 'u16' });
export const key = layout({ down: 'u8', padding: 2, keysym: 'u32' });
export const pointer = layout({ buttons: 'u8', x: 'u16', y: 'u16' });
/** A negative length is the extended clipboard's. */
export const cutText = layout({ padding: 3, length: 'i32' });
export const continuousUpdates = layout({ enable: 'u8', x: 'u16', y: 'u16', width: 'u16', height: 'u16' });
export const fence = layout({ padding: 3, flags: 'u32', length: 'u8' });
export const setDesktopSize = layout({
  padding: 1,
  width: 'u16',
  height: 'u16',
  screens: 'u8',
  padding2: 1,
});
export const qemuKey = layout({ down: 'u16', keysym: 'u32', keycode: 'u32' });

export const update = layout({ type: 'u8', padding: 1, rectangles: 'u16' });
export const rectangle = layout({ x: 'u16', y: 'u16', width: 'u16', height: 'u16', encoding: 'i32' });
/** CopyRect's data: where the rectangle was. */
export const copySource = layout({ x: 'u16', y: 'u16' });
export const screenCount = layout({ screens: 'u8', padding: 3 });
export const screen = layout({ id: 'u32', x: 'u16', y: 'u16', width: 'u16', height: 'u16', flags: 'u32' });

/** Bits: 1 Scroll Lock, 2 Num Lock, 4 Caps Lock. */
export const ledState = layout({ bits: 'u8' });
export const vmwareLedState = layout({ bits: 'u32' });

export const Fence = { blockBefore: 1, blockAfter: 2, syncNext: 4, request: 0x80000000 } as const;
export const FENCE_PAYLOAD_MAX = 64;

export function fenceMessage(flags: number, payload: Buffer): Buffer {
  return Buffer.concat([
    Buffer.of(ServerMessage.fence),
    fence.write({ flags: flags >>> 0, length: payload.length }),
    payload,
  ]);
}

/** ExtendedDesktopSize: why a rectangle of it comes (its x), and what became of a request (its y). */
export const SizeReason = { server: 0, thisClient: 1, otherClient: 2 } as const;
export const SizeStatus = { done: 0, prohibited: 1, noRoom: 2, invalid: 3 } as const;

export const Clipboard = {
  text: 1,
  caps: 1 << 24,
  request: 1 << 25,
  peek: 1 << 26,
  notify: 1 << 27,
  provide: 1 << 28,
} as const;
