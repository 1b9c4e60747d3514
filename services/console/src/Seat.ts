import { type Globals, WlSeatCapability, WlSeatProxy } from '@switchyard/wayland';
import { Clipboard } from './Clipboard.js';
import { Keyboard } from './Keyboard.js';
import type { KeyPressEvents } from './KeyPresses.js';
import { Pointer, type PointerEvents } from './Pointer.js';

export interface SeatEvents {
  readonly keyboard: KeyPressEvents;
  readonly pointer: PointerEvents;
  /** Scale for the pointer's picture. */
  scale(): number;
}

/** wl_seat: the keyboard and the pointer as they come and go. A display without one, or without one yet, is only looked at. */
export class Seat {
  readonly #globals: Globals;
  readonly #events: SeatEvents;
  #seat: WlSeatProxy | undefined;
  keyboard: Keyboard | undefined;
  pointer: Pointer | undefined;
  clipboard: Clipboard | undefined;

  constructor(globals: Globals, events: SeatEvents) {
    this.#globals = globals;
    this.#events = events;
    this.#bind();
    globals.onAdded(() => this.#bind());
  }

  /** The connection has ended. */
  dispose(): void {
    this.keyboard?.dispose(true);
    this.pointer?.dispose(true);
  }

  #bind(): void {
    if (this.#seat) return;
    this.#seat = this.#globals.bind(WlSeatProxy, 5, {
      capabilities: (seat, capabilities) => this.#follow(seat, capabilities),
      name() {},
    });
    if (this.#seat) this.clipboard = new Clipboard(this.#globals, this.#seat);
  }

  #follow(seat: WlSeatProxy, capabilities: number): void {
    const has = (capability: number) => (capabilities & capability) !== 0;
    if (has(WlSeatCapability.keyboard) !== (this.keyboard !== undefined)) {
      this.keyboard?.dispose(false);
      this.keyboard = has(WlSeatCapability.keyboard) ? new Keyboard(seat, this.#events.keyboard) : undefined;
    }
    if (has(WlSeatCapability.pointer) !== (this.pointer !== undefined)) {
      this.pointer?.dispose(false);
      this.pointer = has(WlSeatCapability.pointer)
        ? new Pointer(seat, this.#globals, () => this.#events.scale(), this.#events.pointer)
        : undefined;
    }
  }
}
