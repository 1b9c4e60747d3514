import type { CursorLook } from './Composer.js';
import type { Screen } from './Screen.js';

const BLINK_MS = 530;
/** A cursor that nobody has typed at for this long stops blinking, and the terminal costs nothing. */
const BLINK_FOR_MS = 10_000;

/**
 * How the cursor looks now. With focus it has the shape that the application chose and blinks if that says so; without, it is hollow
 * and still. There is a timer only while it blinks.
 */
export class Cursor implements CursorLook {
  readonly #screen: Screen;
  readonly #changed: () => void;
  #focused = false;
  #hidden = false;
  #lastInput = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(screen: Screen, changed: () => void) {
    this.#screen = screen;
    this.#changed = changed;
  }

  get shape(): CursorLook['shape'] {
    if (!this.#focused) return 'hollow';
    return this.#hidden ? 'none' : this.#screen.cursorShape;
  }

  focus(focused: boolean): void {
    this.#focused = focused;
    this.typed();
    this.#changed();
  }

  /** Typing shows the cursor at once and makes it blink again. */
  typed(): void {
    this.#lastInput = performance.now();
    this.#show();
    this.update();
  }

  /** The application may have changed whether the cursor blinks. */
  update(): void {
    const blinks =
      this.#focused && this.#screen.cursorBlinks && performance.now() - this.#lastInput < BLINK_FOR_MS;
    if (blinks === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = blinks ? setInterval(() => this.#blink(), BLINK_MS) : undefined;
    if (!blinks) this.#show();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #blink(): void {
    this.#hidden = !this.#hidden;
    this.update();
    this.#changed();
  }

  #show(): void {
    if (!this.#hidden) return;
    this.#hidden = false;
    this.#changed();
  }
}
