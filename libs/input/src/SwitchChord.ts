import { KEY } from '@switchyard/uapi';

export type ChordResult =
  | { readonly kind: 'pass' }
  | { readonly kind: 'swallow' }
  /** `to` counts positions from 1. The key that completed the chord is swallowed. */
  | { readonly kind: 'switch'; readonly to: number | 'next' | 'previous' };

const PASS: ChordResult = { kind: 'pass' };
const SWALLOW: ChordResult = { kind: 'swallow' };

/** Kernel names of the keys for positions: KEY.F1 … are not in one row. */
const functionKeys: readonly number[] = [
  ...[KEY.F1, KEY.F2, KEY.F3, KEY.F4, KEY.F5, KEY.F6],
  ...[KEY.F7, KEY.F8, KEY.F9, KEY.F10, KEY.F11, KEY.F12],
];

/**
 * Recognises the chords that switch sessions, in evdev codes so that no layout matters:
 *
 *   Ctrl+Alt+F1 … F12                  the session at that position
 *   Ctrl+left Alt+1 … 9                the same, for those whose browser or host keeps the F keys
 *   Ctrl+left Alt+← or ↑, → or ↓       the previous, the next
 *
 * The right Alt is no Alt for the digits and arrows: it is AltGr, and browsers on Windows send AltGr as Ctrl+AltGr. With Shift
 * or Meta it is another chord, and a client's. Ctrl and Alt themselves pass.
 *
 *   up ──press──▶ passed    ──release passes──▶ up         A key's release shares the fate of its press whatever
 *    └──chord───▶ swallowed ──release swallowed─▶ up        happens between them, so no client sees half a stroke.
 *
 * services/seat feeds it to act, services/display to keep the keys from clients; both see the same events.
 */
export class SwitchChord {
  readonly #passed = new Set<number>();
  readonly #swallowed = new Set<number>();

  /** One EV_KEY event; value as in the kernel: 0 released, 1 pressed, 2 repeated. */
  feed(code: number, value: number): ChordResult {
    if (value === 1) return this.#press(code);
    if (this.#swallowed.has(code)) {
      if (value === 0) this.#swallowed.delete(code);
      return SWALLOW;
    }
    if (value === 0) this.#passed.delete(code);
    return PASS;
  }

  /** All keys are up: events were lost (SYN_DROPPED), or the device was paused. */
  reset(): void {
    this.#passed.clear();
    this.#swallowed.clear();
  }

  #press(code: number): ChordResult {
    if (this.#passed.has(code)) return PASS;
    const to = this.#target(code);
    if (to !== undefined) {
      this.#swallowed.add(code);
      return { kind: 'switch', to };
    }
    // Pressed again without a release, which was lost: what it was before is over.
    this.#swallowed.delete(code);
    this.#passed.add(code);
    return PASS;
  }

  #target(code: number): number | 'next' | 'previous' | undefined {
    const down = this.#passed;
    if (!down.has(KEY.LEFTCTRL) && !down.has(KEY.RIGHTCTRL)) return undefined;
    if (down.has(KEY.LEFTSHIFT) || down.has(KEY.RIGHTSHIFT)) return undefined;
    if (down.has(KEY.LEFTMETA) || down.has(KEY.RIGHTMETA)) return undefined;
    const leftAlt = down.has(KEY.LEFTALT);
    if (!leftAlt && !down.has(KEY.RIGHTALT)) return undefined;
    const position = functionKeys.indexOf(code) + 1;
    if (position > 0) return position;
    if (!leftAlt) return undefined;
    if (code >= KEY[1] && code <= KEY[9]) return code - KEY[1] + 1;
    if (code === KEY.LEFT || code === KEY.UP) return 'previous';
    if (code === KEY.RIGHT || code === KEY.DOWN) return 'next';
    return undefined;
  }
}
