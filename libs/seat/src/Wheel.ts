import { EV, REL } from '@switchyard/uapi';

/** One notch in the units of REL_WHEEL_HI_RES (linux/input-event-codes.h). */
export const NOTCH = 120;

/**
 * A pointer's two wheels as evdev has them: every turn in 120ths of a notch, and whole notches as they are complete, for
 * programs that count only these. What is left of a notch is kept until the wheel turns on.
 */
export class Wheel {
  #restX = 0;
  #restY = 0;

  /**
   * Turns by 120ths of a notch, right and down positive; the kernel's wheel turns positive away from the person, that is
   * up. `event` is called for each record of the report, which its caller ends.
   */
  turn(x: number, y: number, event: (type: number, code: number, value: number) => void): void {
    const [notchesX, restX] = split(this.#restX + x);
    const [notchesY, restY] = split(this.#restY + y);
    this.#restX = restX;
    this.#restY = restY;
    if (y !== 0) event(EV.REL, REL.WHEEL_HI_RES, -y);
    if (notchesY !== 0) event(EV.REL, REL.WHEEL, -notchesY);
    if (x !== 0) event(EV.REL, REL.HWHEEL_HI_RES, x);
    if (notchesX !== 0) event(EV.REL, REL.HWHEEL, notchesX);
  }
}

function split(units: number): [notches: number, rest: number] {
  const notches = Math.trunc(units / NOTCH);
  return [notches, units - notches * NOTCH];
}
