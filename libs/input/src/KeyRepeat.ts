/** As in wl_keyboard.repeat_info. */
export interface RepeatRate {
  /** Repeats per second; 0 turns repeating off. */
  readonly rate: number;
  /** Milliseconds from the press to the first repeat. */
  readonly delay: number;
}

/**
 * Repeats the key that was pressed last until it is released. There is one timer, and none while no key is held.
 * Which keys repeat is the keymap's matter (Keymap.repeats); press only those.
 */
export class KeyRepeat {
  readonly #rate: RepeatRate;
  readonly #emit: (code: number) => void;
  #code: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(rate: RepeatRate, emit: (code: number) => void) {
    this.#rate = rate;
    this.#emit = emit;
  }

  /** The key that is repeating. */
  get code(): number | undefined {
    return this.#code;
  }

  press(code: number): void {
    this.stop();
    if (!(this.#rate.rate > 0)) return;
    this.#code = code;
    this.#timer = setTimeout(() => {
      this.#timer = setInterval(() => this.#repeat(code), 1000 / this.#rate.rate);
      this.#repeat(code);
    }, this.#rate.delay);
  }

  /** After this turn's input: in a process that was held up, the timer comes before the release that lies in the socket. */
  #repeat(code: number): void {
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      this.#emit(code);
    });
  }

  /** Releases of other keys leave the repeating one alone. */
  release(code: number): void {
    if (code === this.#code) this.stop();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    this.#code = undefined;
  }
}
