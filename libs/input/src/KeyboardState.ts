import type { Keymap } from './Keymap.js';
import type { StateEngine } from './KeymapEngine.js';

/** One keyboard: which keys are down, and what that makes of the others. Codes are evdev's. */
export class KeyboardState implements Disposable {
  readonly #engine: StateEngine;
  readonly #pressed = new Set<number>();
  /** What wl_keyboard.modifiers sends: depressed, latched, locked, group. One array, kept up to date. */
  readonly modifiers = new Uint32Array(4);

  constructor(keymap: Keymap) {
    this.#engine = keymap.newState();
  }

  get pressed(): ReadonlySet<number> {
    return this.#pressed;
  }

  /** LED.… bits that should shine. */
  get leds(): number {
    return this.#engine.leds;
  }

  /**
   * A key went down or up; returns whether `modifiers` changed. Repeats, and releases of keys that are not down, change nothing:
   * a lost event cannot make a modifier stick.
   */
  update(code: number, down: boolean): boolean {
    if (this.#pressed.has(code) === down) return false;
    if (down) this.#pressed.add(code);
    else this.#pressed.delete(code);
    const changed = this.#engine.update(code, down);
    if (changed) this.#engine.read(this.modifiers);
    return changed;
  }

  /** The keysym that the key has now. Ask before `update` when it is pressed. */
  keysym(code: number): number {
    return this.#engine.keysym(code);
  }

  /** What the key types now ('' when nothing); with Control held the control character. */
  text(code: number): string {
    return this.#engine.text(code);
  }

  /** For a Wayland client, which is told its modifiers: takes over what wl_keyboard.modifiers says. Not to be mixed with `update`. */
  setModifiers(depressed: number, latched: number, locked: number, group: number): void {
    this.#engine.set(depressed, latched, locked, group);
    this.#engine.read(this.modifiers);
  }

  /** All keys up and nothing latched; locks and the group stay, as they do on a keyboard that is left alone. */
  reset(): void {
    const [, , locked = 0, group = 0] = this.modifiers;
    for (const code of this.#pressed) this.#engine.update(code, false);
    this.#pressed.clear();
    this.setModifiers(0, 0, locked, group);
  }

  [Symbol.dispose](): void {
    this.#engine.dispose();
  }
}
