import { NOTCH } from '@switchyard/seat';
import { BTN } from '@switchyard/uapi';
import { POINTER_MAX } from '../wire/Wire.js';
import type { RfbScreen } from './RfbScreen.js';
import type { RfbScreens } from './RfbScreens.js';

/** The mask's bits from the lowest: buttons, then a notch of a wheel for each press of the next four. */
const buttons = [BTN.LEFT, BTN.MIDDLE, BTN.RIGHT];
const buttonBits = (1 << buttons.length) - 1;
const wheels: readonly [x: number, y: number][] = [
  [0, -NOTCH],
  [0, NOTCH],
  [-NOTCH, 0],
  [NOTCH, 0],
];

/** A client's pointer events as those of the pointer in front of the monitor where they are. */
export class RfbPointer {
  readonly #viewer: object;
  readonly #screens: RfbScreens;
  #mask = 0;
  /** Where the first button went down: that monitor's pointer has all of a drag, also beyond the monitor. */
  #pressedOn: RfbScreen | undefined;

  constructor(viewer: object, screens: RfbScreens) {
    this.#viewer = viewer;
    this.#screens = screens;
  }

  /** At a pixel of the framebuffer. */
  event(mask: number, x: number, y: number): void {
    const held = this.#pressedOn;
    const screen = held && this.#screens.list.includes(held) ? held : this.#screens.at(x);
    const { input } = screen.monitor;
    const place = (at: number, size: number) => Math.round(((at + 0.5) / size) * POINTER_MAX);
    input.motion(place(x - screen.x, screen.width), place(y, screen.height));
    const pressed = (bit: number, of: number) => ((of >> bit) & 1) === 1;
    for (const [bit, code] of buttons.entries())
      if (pressed(bit, mask) !== pressed(bit, this.#mask))
        input.button(this.#viewer, code, pressed(bit, mask));
    for (const [index, [dx, dy]] of wheels.entries()) {
      const bit = buttons.length + index;
      if (pressed(bit, mask) && !pressed(bit, this.#mask)) input.wheel(dx, dy);
    }
    this.#mask = mask;
    this.#pressedOn = (mask & buttonBits) === 0 ? undefined : screen;
  }
}
