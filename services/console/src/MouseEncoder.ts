import type { MouseEncoding, MouseTracking } from './TerminalModes.js';

export type MouseAction = 'press' | 'release' | 'move';
/** 0 left, 1 middle, 2 right, 3 none (motion only), 4…7 wheel up, down, left, right, 8… further buttons. */
export type MouseButton = number;

export const NO_BUTTON = 3;

export interface MouseEvent {
  readonly action: MouseAction;
  readonly button: MouseButton;
  /** From 0. */
  readonly column: number;
  readonly row: number;
  /** From 0, inside the text area; for DECSET 1016. */
  readonly pixelX: number;
  readonly pixelY: number;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly control: boolean;
}

/** In the default encoding a coordinate is one byte: 32 + place, from 1. What lies beyond cannot be told. */
const DEFAULT_LIMIT = 223;

/** Whether the application asked for such events. */
function wanted(event: MouseEvent, tracking: MouseTracking): boolean {
  const wheel = event.button >= 4 && event.button <= 7;
  switch (tracking) {
    case 'none':
      return false;
    case 'x10':
      return event.action === 'press' && event.button < NO_BUTTON;
    case 'press':
      return event.action !== 'move' && !(wheel && event.action === 'release');
    case 'drag':
      return event.action !== 'move' || event.button !== NO_BUTTON;
    case 'motion':
      return true;
  }
}

/** xterm's button code: low bits, then 64 for the wheel, 128 for buttons 8…11; 4 shift, 8 alt, 16 control, 32 motion. */
function buttonCode(event: MouseEvent, tracking: MouseTracking): number {
  let code = event.button & 3;
  if (event.button >= 8) code += 128;
  else if (event.button >= 4) code += 64;
  if (tracking === 'x10') return code;
  if (event.action === 'move') code += 32;
  return code + (event.shift ? 4 : 0) + (event.alt ? 8 : 0) + (event.control ? 16 : 0);
}

/** The report of an event as bytes (the default encoding is not UTF-8); undefined when the application does not want it. */
export function encodeMouse(
  event: MouseEvent,
  tracking: MouseTracking,
  encoding: MouseEncoding,
): Uint8Array | undefined {
  if (!wanted(event, tracking)) return undefined;
  const code = buttonCode(event, tracking);
  const [x, y] = [event.column + 1, event.row + 1];
  // Which button was released only the SGR encodings can tell.
  const released = event.action === 'release' ? (code & ~3 & ~192) | 3 : code;
  const last = event.action === 'release' ? 'm' : 'M';
  switch (encoding) {
    case 'sgr':
      return Buffer.from(`\x1b[<${code};${x};${y}${last}`);
    case 'sgr-pixels':
      return Buffer.from(`\x1b[<${code};${event.pixelX + 1};${event.pixelY + 1}${last}`);
    case 'urxvt':
      return Buffer.from(`\x1b[${released + 32};${x};${y}M`);
    case 'default':
      if (x > DEFAULT_LIMIT || y > DEFAULT_LIMIT) return undefined;
      return Uint8Array.of(0x1b, 0x5b, 0x4d, 32 + released, 32 + x, 32 + y);
  }
}
