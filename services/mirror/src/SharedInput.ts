import { HeldKeys, type InputProvider } from '@switchyard/seat';
import { ABS, EV } from '@switchyard/uapi';

/** ABS_X and ABS_Y of the shared pointer, over the whole shared screen. */
export const pointerMax = 65_535;

/** The keyboard and the pointer of the shared session, played from all seats that show it. */
export class SharedInput {
  readonly #keyboard: InputProvider;
  readonly #pointer: InputProvider;
  readonly #keys = new HeldKeys();
  readonly #buttons = new HeldKeys();

  constructor(keyboard: InputProvider, pointer: InputProvider) {
    this.#keyboard = keyboard;
    this.#pointer = pointer;
  }

  /** Which of the keyboard's lights shine, by the session. */
  get lights(): number {
    return this.#keyboard.lights;
  }

  key(seat: object, code: number, down: boolean): void {
    if (!this.#keys.hold(seat, code, down)) return;
    this.#keyboard.event(EV.KEY, code, down ? 1 : 0);
    this.#keyboard.sync();
  }

  /** Part of a report; `sync` ends it. */
  button(seat: object, code: number, down: boolean): void {
    if (this.#buttons.hold(seat, code, down)) this.#pointer.event(EV.KEY, code, down ? 1 : 0);
  }

  /** Fractions of the picture's sides. */
  moveTo(x: number, y: number): void {
    this.#pointer.event(EV.ABS, ABS.X, Math.round(x * pointerMax));
    this.#pointer.event(EV.ABS, ABS.Y, Math.round(y * pointerMax));
  }

  relative(code: number, value: number): void {
    this.#pointer.event(EV.REL, code, value);
  }

  sync(): void {
    this.#pointer.sync();
  }

  /** The seat shows another session now. */
  release(seat: object): void {
    for (const code of this.#keys.release(seat)) this.#keyboard.event(EV.KEY, code, 0);
    this.#keyboard.sync();
    for (const code of this.#buttons.release(seat)) this.#pointer.event(EV.KEY, code, 0);
    this.#pointer.sync();
  }
}
