/**
 * What is said on a virtual monitor's channel: a SOCK_SEQPACKET pair between the session (MonitorSession) and the
 * monitor's provider (MonitorProvider), one message a packet. Every packet starts with a u32, its type.
 *
 *   provider ── mode ──▶ session      first packet, and after every change
 *   session ── attach (+1 memfd) ──▶  a buffer, until detach or the channel's end
 *   session ── present ──▶            at most one outstanding
 *   provider ── flip_done ──▶         the presented frame is shown, its predecessor's buffer is free
 *   session ── cursor ──▶             the provider takes the picture at once; the buffer may be detached behind it
 *
 * The session manager ends a channel with shutdown(2): both ends read 0.
 */
import { struct } from '@switchyard/uapi';

export const MONITOR = { MODE: 1, FLIP_DONE: 2, ATTACH: 3, DETACH: 4, PRESENT: 5, CURSOR: 6 } as const;

export const modeMessage = struct('monitor_mode', {
  type: 'u32',
  width: 'u32',
  height: 'u32',
  /** mHz */
  refresh: 'u32',
  /** In 120ths, as wp_fractional_scale_v1 has it. */
  scale: 'u32',
});
export const flipDoneMessage = struct('monitor_flip_done', {
  type: 'u32',
  sequence: 'u32',
  /** CLOCK_MONOTONIC, ns */
  time: 'u64',
});
export const attachMessage = struct('monitor_attach', {
  type: 'u32',
  buffer: 'u32',
  width: 'u32',
  height: 'u32',
  stride: 'u32',
  fourcc: 'u32',
  /** Bytes that may be mapped; at least stride × height. */
  size: 'u32',
});
export const detachMessage = struct('monitor_detach', { type: 'u32', buffer: 'u32' });
/** Followed by `rectangles` × damageRectangle; none = everything. */
export const presentMessage = struct('monitor_present', {
  type: 'u32',
  buffer: 'u32',
  sequence: 'u32',
  rectangles: 'u32',
});
export const damageRectangle = struct('monitor_damage', { x: 'i32', y: 'i32', width: 'i32', height: 'i32' });
export const cursorMessage = struct('monitor_cursor', {
  type: 'u32',
  /** A buffer of format AR24, CURSOR_HIDDEN, CURSOR_DEFAULT, or CURSOR_SHAPES and a place in `cursorShapes`. */
  buffer: 'u32',
  hotX: 'i32',
  hotY: 'i32',
});

export const CURSOR_HIDDEN = 0;
export const CURSOR_DEFAULT = 0xffffffff;
/** Buffers have lower numbers than this. */
export const CURSOR_SHAPES = 0xffffff00;

/** drm_fourcc.h: little-endian XRGB8888 and ARGB8888 (premultiplied). */
export const FOURCC = { XR24: 0x34325258, AR24: 0x34325241 } as const;

/** The sizes that `yard up --size` takes; also what DRM drivers of today stop at or near. */
export const MONITOR_SIZE_MAX = 8192;
/** A row is at most this many bytes: four times the widest, for sessions whose allocator rounds up generously. */
export const MONITOR_STRIDE_MAX = 4 * 4 * MONITOR_SIZE_MAX;
/** Three frames in turn, a cursor and its successor, and the same again while a mode change is under way. */
export const MONITOR_BUFFERS_MAX = 8;
/** More damage than this is better said by the bounding box; it also bounds a packet. */
export const DAMAGE_MAX = 64;
/** wl_seat clients draw up to 256 pixels; what is larger is not a cursor. */
export const CURSOR_SIZE_MAX = 256;
/** No message is longer; a longer packet is truncated by the kernel and thereby wrong. */
export const MONITOR_PACKET_MAX = presentMessage.size + DAMAGE_MAX * damageRectangle.size;

export interface Mode {
  readonly width: number;
  readonly height: number;
  /** mHz */
  readonly refresh: number;
  /** In 120ths */
  readonly scale: number;
}

export function checkMode(mode: Mode): void {
  for (const [name, value] of [
    ['width', mode.width],
    ['height', mode.height],
  ] as const) {
    if (!Number.isInteger(value) || value < 1 || value > MONITOR_SIZE_MAX) {
      throw new RangeError(`a monitor's ${name} is 1…${MONITOR_SIZE_MAX} pixels, not ${value}`);
    }
  }
}
