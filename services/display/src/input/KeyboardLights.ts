/** A keyboard that has lights. Bits are 1 << LED_NUML and so on. */
export interface LitKeyboard {
  setLights(bits: number): void;
}

/** Num Lock's, Caps Lock's and Scroll Lock's lights: the same on all keyboards of the session on the screen. */
export class KeyboardLights {
  readonly #keyboards = new Set<LitKeyboard>();
  #bits = 0;

  /** What the keyboard shows is another session's until now. */
  add(keyboard: LitKeyboard): void {
    this.#keyboards.add(keyboard);
    keyboard.setLights(this.#bits);
  }

  remove(keyboard: LitKeyboard): void {
    this.#keyboards.delete(keyboard);
  }

  show(bits: number): void {
    if (bits === this.#bits) return;
    this.#bits = bits;
    for (const keyboard of this.#keyboards) keyboard.setLights(bits);
  }
}
