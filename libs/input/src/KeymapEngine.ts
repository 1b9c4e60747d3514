/** What a keymap and a keyboard's state are made of: libxkbcommon (XkbKeymap) or the built-in us layout (UsKeymap). */

/** One way to type a keysym: the key, and the modifiers with which (and no others that matter to the key) it gives it. */
export interface KeymapEntry {
  /** evdev's. */
  readonly code: number;
  readonly keysym: number;
  /** Modifier mask, as in wl_keyboard.modifiers. */
  readonly mask: number;
}

export interface KeymapEngine {
  /** In the XKB text format, as wl_keyboard.keymap wants it (without the NUL). */
  readonly text: string;
  repeats(code: number): boolean;
  /** Of the first layout. */
  entries(): readonly KeymapEntry[];
  newState(): StateEngine;
  dispose(): void;
}

export interface StateEngine {
  /** Whether modifiers or the group changed. */
  update(code: number, down: boolean): boolean;
  /** Replaces everything by what wl_keyboard.modifiers tells. */
  set(depressed: number, latched: number, locked: number, group: number): void;
  /** Writes depressed, latched, locked, group. */
  read(into: Uint32Array): void;
  /** 1 << LED_NUML, 1 << LED_CAPSL, … */
  readonly leds: number;
  keysym(code: number): number;
  /** UTF-8 that the key types; with Control held the control character. */
  text(code: number): string;
  dispose(): void;
}
