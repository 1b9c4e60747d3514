import type { Fd } from '@switchyard/sys';
import type { Client } from '@switchyard/wayland';

/** A keymap as clients get it. */
export interface KeymapFile {
  /** A new descriptor of sealed memory. */
  file(): Fd;
  /** Bytes, the NUL included. */
  readonly size: number;
}

/**
 * Where keys come from, and what they mean there: the seat's own keyboards, which have one keymap, or a keyboard that a
 * program plays and that brings its own.
 */
export interface KeyboardSource {
  readonly keymap: KeymapFile;
  /** The client whose keyboard it is; undefined for a person's. */
  readonly client: Client | undefined;
  readonly pressed: ReadonlySet<number>;
  /** Depressed, latched, locked, group: what wl_keyboard.modifiers sends. */
  readonly modifiers: Uint32Array;
}

/** Whoever gets the keys instead of the surface that has the keyboard: an input method. */
export interface KeyboardGrab {
  /** Whether it takes what this source types now. */
  takes(source: KeyboardSource): boolean;
  key(source: KeyboardSource, code: number, down: boolean, time: number): void;
  modifiers(source: KeyboardSource): void;
}
