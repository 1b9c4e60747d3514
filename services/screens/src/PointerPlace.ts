/** A screen's size in pixels. */
export interface Area {
  readonly width: number;
  readonly height: number;
}

/**
 * Where the mouse's pointer is: on one of the screens, which stand side by side from the left, their upper edges level, as
 * the display has them. A mouse only tells how far it went, so this is the only one who knows.
 */
export class PointerPlace<Screen extends Area> {
  #screens: readonly Screen[] = [];
  #x = 0;
  #y = 0;

  /** From the left to the right. A pointer whose screen is gone is on the nearest. */
  set screens(screens: readonly Screen[]) {
    const first = this.#screens.length === 0 ? screens[0] : undefined;
    this.#screens = screens;
    if (first) {
      this.#x = first.width / 2;
      this.#y = first.height / 2;
    }
    this.moveBy(0, 0);
  }

  moveBy(dx: number, dy: number): void {
    const width = this.#screens.reduce((sum, screen) => sum + screen.width, 0);
    this.#x = within(this.#x + dx, width);
    this.#y = within(this.#y + dy, this.screen?.height ?? 0);
  }

  /** To a place of the first screen: fractions of its sides, from 0 to 1. */
  moveTo(x: number, y: number): void {
    const first = this.#screens[0];
    if (!first) return;
    this.#x = within(x * first.width, first.width);
    this.#y = within(y * first.height, first.height);
  }

  /** The screen that it is on; undefined while there is none. */
  get screen(): Screen | undefined {
    let left = 0;
    for (const screen of this.#screens) {
      left += screen.width;
      if (this.#x < left) return screen;
    }
    return this.#screens.at(-1);
  }

  /** On its screen, in pixels. */
  get x(): number {
    let left = 0;
    for (const screen of this.#screens) {
      if (this.#x < left + screen.width) return this.#x - left;
      left += screen.width;
    }
    return 0;
  }
  get y(): number {
    return this.#y;
  }
}

const within = (at: number, size: number): number => Math.max(0, Math.min(size - 1, at));
