import {
  type Globals,
  WlPointerAxis,
  WlPointerButtonState,
  type WlPointerProxy,
  type WlSeatProxy,
} from '@switchyard/wayland';
import { PointerShape } from './PointerShape.js';

/** Surface pixels of a wheel's step, as compositors send them with wl_pointer below version 5. */
const PIXELS_A_STEP = 15;

export interface PointerEvents {
  /** Surface coordinates. */
  moved(x: number, y: number): void;
  /** `button`: input-event-codes.h */
  button(button: number, pressed: boolean, serial: number): void;
  /** Wheel steps, fractions for touchpads; down and right are positive. */
  scrolled(horizontal: number, vertical: number): void;
  left(): void;
}

/** wl_pointer, frame by frame. */
export class Pointer {
  readonly #proxy: WlPointerProxy;
  readonly #events: PointerEvents;
  /** Of the frame that is being received: value and discrete steps of either axis. */
  readonly #value = [0, 0];
  readonly #steps = [0, 0];

  constructor(seat: WlSeatProxy, globals: Globals, scale: () => number, events: PointerEvents) {
    this.#events = events;
    let shape: PointerShape | undefined;
    let shapeScale = 0;
    this.#proxy = seat.getPointer({
      enter: (pointer, serial, _surface, x, y) => {
        const whole = Math.ceil(scale());
        if (!shape || shapeScale !== whole) {
          shapeScale = whole;
          shape?.surface.destroy();
          shape = new PointerShape(globals, shapeScale);
        }
        pointer.setCursor(serial, shape.surface, shape.hotSpot.x, shape.hotSpot.y);
        events.moved(x, y);
      },
      leave: () => events.left(),
      motion: (_, _time, x, y) => events.moved(x, y),
      button: (_, serial, _time, button, state) =>
        events.button(button, state === WlPointerButtonState.pressed, serial),
      axis: (pointer, _time, axis, value) => {
        this.#value[axis]! += value;
        if (pointer.version < 5) this.#frame();
      },
      axisDiscrete: (_, axis, steps) => {
        this.#steps[axis]! += steps;
      },
      frame: () => this.#frame(),
      axisSource() {},
      axisStop() {},
      axisValue120() {},
      axisRelativeDirection() {},
    });
  }

  /** `gone`: the connection has ended, so no request can be made. */
  dispose(gone: boolean): void {
    if (!gone && this.#proxy.alive && this.#proxy.version >= 3) this.#proxy.release();
  }

  #frame(): void {
    const steps = (axis: number) => this.#steps[axis] || this.#value[axis]! / PIXELS_A_STEP;
    const vertical = steps(WlPointerAxis.vertical_scroll);
    const horizontal = steps(WlPointerAxis.horizontal_scroll);
    this.#value.fill(0);
    this.#steps.fill(0);
    if (vertical !== 0 || horizontal !== 0) this.#events.scrolled(horizontal, vertical);
  }
}
