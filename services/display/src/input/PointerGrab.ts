import type { View } from '../output/View.js';

/** What a motion was, whatever became of it; true when events were sent that a wl_pointer.frame must close. */
export type MotionListener = (dx: number, dy: number, time: number) => boolean;

/** What holds the pointer on its surface. */
export interface PointerConstraint {
  /** Where the pointer goes instead of (x, y), in output pixels. */
  place(x: number, y: number): { x: number; y: number } | 'locked';
}

/** Whoever takes the pointer, or a finger, for a while. */
export interface PointerGrab {
  /** `view` is what is under the pointer; x and y are output pixels. */
  motion(view: View | undefined, x: number, y: number, time: number): void;
  /** The last button was released, or the finger lifted. The grab goes on until endGrab. */
  released(time: number): void;
  /** The session is not active any more. */
  cancelled(): void;
}

/** The pointer or a finger, which is held down. */
export interface Grabbable {
  /** Takes all its events until endGrab. Clients see none of them. */
  grab(grab: PointerGrab): void;
  endGrab(): void;
}
