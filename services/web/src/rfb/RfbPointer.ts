import { NOTCH } from '@switchyard/seat';
import { BTN } from '@switchyard/uapi';
import type { SeatInput } from '../SeatInput.js';
import { POINTER_MAX } from '../wire/Wire.js';

/** The mask's bits from the lowest: buttons, then a notch of a wheel for each press of the next four. */
const buttons = [BTN.LEFT, BTN.MIDDLE, BTN.RIGHT];
const wheels: readonly [x: number, y: number][] = [
  [0, -NOTCH],
  [0, NOTCH],
  [-NOTCH, 0],
  [NOTCH, 0],
];

/** A client's pointer events as the seat's. */
export class RfbPointer {
  readonly #viewer: object;
  readonly #input: SeatInput;
  #mask = 0;

  constructor(viewer: object, input: SeatInput) {
    this.#viewer = viewer;
    this.#input = input;
  }

  event(mask: number, x: number, y: number, width: number, height: number): void {
    const place = (at: number, size: number) =>
      Math.min(POINTER_MAX, Math.round(((at + 0.5) / size) * POINTER_MAX));
    this.#input.motion(place(x, width), place(y, height));
    const pressed = (bit: number, of: number) => ((of >> bit) & 1) === 1;
    for (const [bit, code] of buttons.entries())
      if (pressed(bit, mask) !== pressed(bit, this.#mask))
        this.#input.button(this.#viewer, code, pressed(bit, mask));
    for (const [index, [dx, dy]] of wheels.entries()) {
      const bit = buttons.length + index;
      if (pressed(bit, mask) && !pressed(bit, this.#mask)) this.#input.wheel(dx, dy);
    }
    this.#mask = mask;
  }
}
