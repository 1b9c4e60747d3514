import type { Clipboard } from './Clipboard.js';
import type { KeyModifiers } from './KeyEncoder.js';
import type { KeyPressEvents } from './KeyPresses.js';
import type { PointerEvents } from './Pointer.js';
import type { Target } from './Target.js';
import type { CompositionEvents, TextInput } from './TextInput.js';

/** A buffer to draw into. */
export interface Picture {
  readonly target: Target;
}

/** What a View draws on: at most one frame is on its way. */
export interface Canvas {
  /** The name that people see it by. */
  title: string;
  /** A frame may be drawn now. */
  readonly ready: boolean;
  /** The buffer to draw into; undefined unless `ready`. Preferably the one that was shown last. */
  takeBuffer(columns: number, rows: number): Picture | undefined;
  /** Shows what takeBuffer gave. `damage`: x, y, width, height in pixels, `count` times. */
  commit(picture: Picture, damage: Int32Array, count: number): void;
  /** Forgets the buffers: the size of the cells is another now. */
  renew(): void;
}

export interface FrontEvents {
  /** Resolves to whether anything can be drawn; a front that is slower than this waits for it. */
  prepared(): Promise<boolean>;
  appeared(canvas: Canvas): void;
  /** The canvas has a size now, or another one: it must be drawn anew. In pixels of the buffer. */
  resized(width: number, height: number, scale: number): void;
  /** There is room for a frame again. */
  frameDone(): void;
  /** The canvas is of no use any more; another may appear. */
  lost(why: Error): void;
  /** None will. */
  gaveUp(what: string, why: Error): void;
  /** The user closed it. */
  closed(): void;
  readonly keyboard: KeyPressEvents;
  readonly pointer: PointerEvents;
  /** Undefined where no input method may compose: fields of secrets. */
  readonly composition?: CompositionEvents;
}

/**
 * Where a console is shown and typed into: a window of a display, or a seat's own devices.
 *
 *   closed ──open──▶ waiting ──appeared──▶ there ──lost──▶ waiting ──gaveUp──▶ closed
 */
export interface Front {
  open(events: FrontEvents): void;
  close(): void;
  readonly modifiers: KeyModifiers;
  /** Undefined where there is none. */
  readonly clipboard: Clipboard | undefined;
  /** Undefined where there is none, or nothing may be composed. */
  readonly textInput: TextInput | undefined;
  /** A dead key, or the beginning of a Compose sequence, that waits for what follows does so no more. */
  forgetDeadKeys(): void;
}

export const noModifiers: KeyModifiers = {
  shift: false,
  alt: false,
  control: false,
  meta: false,
  numLock: false,
  capsLock: false,
};
