/**
 * The seat protocol: what a page and services/web say to each other over one WebSocket. Little endian; one message a
 * WebSocket message. What is frequent is binary and stands here; what is rare is JSON in a text message (Control.ts).
 *
 *   server → page   frame, cursor, sound
 *   page → server   ack, key, motion, button, wheel, touch, releaseAll
 */
import { struct } from '@switchyard/uapi/Struct';

export const PROTOCOL_VERSION = 1;

/** The first byte of every binary message. */
export const MessageType = {
  frame: 1,
  cursor: 2,
  sound: 3,
  ack: 16,
  key: 17,
  motion: 18,
  button: 19,
  wheel: 20,
  releaseAll: 21,
  touch: 22,
} as const;

/**
 * New pixels: this header, then `rectangles` times a rectangleHeader and its data, each padded to 4 bytes. All
 * rectangles of a message belong to one moment of the output and are drawn together. The page answers with an ack.
 */
export const frameHeader = struct('frame', {
  type: 'u8',
  flags: 'u8',
  rectangles: 'u16',
  /** Counts up by one a message, from 1. */
  sequence: 'u32',
});

/** The frame repeats tiles losslessly that were sent as JPEG: nothing moved on the output. */
export const FRAME_REFINES = 1;

export const rectangleHeader = struct('rectangle', {
  x: 'u16',
  y: 'u16',
  width: 'u16',
  height: 'u16',
  codec: 'u8',
  reserved0: 'u8',
  reserved1: 'u16',
  /** Bytes of data, without the padding. */
  length: 'u32',
});

export const Codec = {
  /** 4 bytes: the one pixel that fills the rectangle, XRGB8888. */
  fill: 0,
  /** A raw LZ4 block of the tightly packed XRGB8888 rows. */
  lz4: 1,
  /** A JPEG image of the rectangle's size. */
  jpeg: 2,
  /** Units of an H.264 stream, each a videoUnit and its data, padded to 4 bytes; the last one is the rectangle. */
  h264: 3,
  /** A copySource: the rectangle's pixels stand there on the canvas, as it was before this one. */
  copy: 4,
} as const;
export type Codec = (typeof Codec)[keyof typeof Codec];

export const copySource = struct('copy', { x: 'u16', y: 'u16' });

export const videoUnit = struct('unit', { kind: 'u8', reserved0: 'u8', reserved1: 'u16', length: 'u32' });

export const UnitKind = {
  /** An AVCDecoderConfigurationRecord: a stream begins. */
  configuration: 0,
  /** An access unit, its NAL units behind their lengths. */
  key: 1,
  delta: 2,
} as const;

/** What the pointer looks like from now on. For an image: premultiplied ARGB8888 rows as one LZ4 block follow. */
export const cursorHeader = struct('cursor', {
  type: 'u8',
  kind: 'u8',
  width: 'u16',
  height: 'u16',
  hotX: 'i16',
  hotY: 'i16',
  reserved: 'u16',
});

/** A named one is followed by its name, in ASCII: CSS knows it. */
export const CursorKind = { hidden: 0, arrow: 1, image: 2, named: 3 } as const;
export type CursorKind = (typeof CursorKind)[keyof typeof CursorKind];

/** An Opus packet of 20 ms, 48 kHz, two channels, follows. For pages that asked for it; a page without room misses it. */
export const soundHeader = struct('sound', { type: 'u8', reserved0: 'u8', reserved1: 'u16' });

/** The frame is on the canvas. Every frame is acknowledged, in order. */
export const ack = struct('ack', {
  type: 'u8',
  reserved0: 'u8',
  reserved1: 'u16',
  sequence: 'u32',
  /** How long decoding and drawing took, so that the server can tell the network's part of the round trip. */
  drawMicroseconds: 'u32',
});

/** A key (KEY_… of linux/input-event-codes.h) went down or up. Repeats are the session's business and are not sent. */
export const key = struct('key', { type: 'u8', down: 'u8', code: 'u16' });

/**
 * The pointer's place on the output: 0 … POINTER_MAX over its whole width and height. Held by a button it may have left
 * the page's own monitor for that of another window, by its number; 0 is the page's own.
 */
export const motion = struct('motion', { type: 'u8', monitor: 'u8', x: 'u16', y: 'u16' });
export const POINTER_MAX = 65535;

/** A pointer button (BTN_…) went down or up, at the place of the last motion. */
export const button = struct('button', { type: 'u8', down: 'u8', code: 'u16' });

/** Scrolling in 120ths of a wheel's notch: right and down are positive. */
export const wheel = struct('wheel', { type: 'u8', reserved: 'u8', x: 'i16', y: 'i16' });

/** A finger on the screen, at 0 … POINTER_MAX as the pointer; `id` tells a page's fingers apart while they are down. */
export const touch = struct('touch', { type: 'u8', phase: 'u8', id: 'u16', x: 'u16', y: 'u16' });
export const TouchPhase = { up: 0, down: 1, move: 2 } as const;

/** The page no longer sees the keyboard: every key, button and finger that it holds is up. */
export const releaseAll = struct('releaseAll', { type: 'u8' });

/** Data is padded to this, so that fills and headers can be read as words. */
export const ALIGNMENT = 4;
export const aligned = (length: number): number => (length + ALIGNMENT - 1) & -ALIGNMENT;
