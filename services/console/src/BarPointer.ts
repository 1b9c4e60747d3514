import type { PointerEvents } from './Pointer.js';

/** input-event-codes.h */
const BTN_LEFT = 0x110;
const BTN_MIDDLE = 0x112;

export interface BarPointerHost {
  /** Surface coordinates' height of what stands above the screen; 0 without. */
  readonly barHeight: number;
  readonly mouse: PointerEvents;
  /** The bar was clicked there. */
  clicked(x: number, button: 'left' | 'middle'): void;
}

/** Tells the tab bar's pointer from the screen's. What begins on the screen, a selection, stays the screen's until the button is up. */
export class BarPointer implements PointerEvents {
  readonly #host: BarPointerHost;
  #x = 0;
  #inBar = false;
  #held = 0;

  constructor(host: BarPointerHost) {
    this.#host = host;
  }

  moved(x: number, y: number): void {
    const { barHeight, mouse } = this.#host;
    this.#x = x;
    const inBar = y < barHeight && this.#held === 0;
    if (inBar && !this.#inBar) mouse.left();
    this.#inBar = inBar;
    if (!inBar) mouse.moved(x, y - barHeight);
  }

  button(code: number, pressed: boolean, serial: number): void {
    if (this.#inBar) {
      if (pressed && code === BTN_LEFT) this.#host.clicked(this.#x, 'left');
      else if (pressed && code === BTN_MIDDLE) this.#host.clicked(this.#x, 'middle');
      return;
    }
    this.#held = Math.max(0, this.#held + (pressed ? 1 : -1));
    this.#host.mouse.button(code, pressed, serial);
  }

  scrolled(horizontal: number, vertical: number): void {
    if (!this.#inBar) this.#host.mouse.scrolled(horizontal, vertical);
  }

  left(): void {
    this.#inBar = false;
    this.#host.mouse.left();
  }

  /** The pointer is another one now. */
  reset(): void {
    this.#held = 0;
    this.#inBar = false;
  }
}
