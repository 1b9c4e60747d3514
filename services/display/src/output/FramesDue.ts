import type { WlCallbackResource } from '@switchyard/wayland';
import type { Surface } from '../surface/Surface.js';
import type { FrameListener } from '../surface/SurfaceState.js';
import type { Output } from './Output.js';

/** Who is to be told when the frame that is on its way to an output is on the screen. */
export class FramesDue {
  readonly #callbacks: WlCallbackResource[] = [];
  readonly #listeners: FrameListener[] = [];

  /** What the surface has committed by now is in the frame; what comes later waits for the next. Hot. */
  collect(surface: Surface): void {
    for (const callback of surface.frames) this.#callbacks.push(callback);
    surface.frames.length = 0;
    for (const listener of surface.listeners) this.#listeners.push(listener);
    surface.listeners.length = 0;
  }

  /** Its output is gone: they wait for another one's frame. True when there are any. */
  moveTo(other: FramesDue): boolean {
    const some = this.#callbacks.length > 0 || this.#listeners.length > 0;
    other.#callbacks.push(...this.#callbacks.splice(0));
    other.#listeners.push(...this.#listeners.splice(0));
    return some;
  }

  /** `time` is CLOCK_MONOTONIC in ns. */
  flipped(output: Output, time: bigint, sequence: number): void {
    const milliseconds = Number((time / 1_000_000n) & 0xffffffffn);
    for (const callback of this.#callbacks) callback.sendDone(milliseconds);
    this.#callbacks.length = 0;
    for (const listener of this.#listeners) listener.presented(output, time, sequence);
    this.#listeners.length = 0;
  }
}
