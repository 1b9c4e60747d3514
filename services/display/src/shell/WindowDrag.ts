import type { Grabbable, PointerGrab } from '../input/PointerGrab.js';
import type { View } from '../output/View.js';
import type { WindowMotion } from './ShellPolicy.js';

/**
 * A person moves or resizes a window with what is held down: a pointer or a finger, which clients do not see meanwhile.
 *
 *   dragging ──released | session switched | toplevel gone──▶ over
 */
export class WindowDrag implements PointerGrab {
  readonly #held: Grabbable;
  readonly #motion: WindowMotion;
  readonly #scale: () => number;
  readonly #changed: () => void;
  #from: { x: number; y: number } | undefined;
  #over = false;

  /** `scale` is output pixels a unit; `changed` is called after each step. */
  constructor(held: Grabbable, motion: WindowMotion, scale: () => number, changed: () => void) {
    this.#held = held;
    this.#motion = motion;
    this.#scale = scale;
    this.#changed = changed;
    held.grab(this);
  }

  motion(_: View | undefined, x: number, y: number): void {
    this.#from ??= { x, y };
    const scale = this.#scale();
    this.#motion.to(Math.round((x - this.#from.x) / scale), Math.round((y - this.#from.y) / scale));
    this.#changed();
  }

  released(): void {
    this.#held.endGrab();
    this.cancelled();
  }

  cancelled(): void {
    if (this.#over) return;
    this.#over = true;
    this.#motion.end();
    this.#changed();
  }

  /** The window is gone. */
  end(): void {
    if (!this.#over) this.released();
  }
}
