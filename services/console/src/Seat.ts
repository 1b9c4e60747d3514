import { type Globals, WlSeatCapability, WlSeatProxy } from '@switchyard/wayland';
import { Keyboard, type KeyboardEvents } from './Keyboard.js';

export type SeatEvents = KeyboardEvents;

/** wl_seat: the keyboard and the pointer as they come and go. A display without one, or without one yet, is only looked at. */
export class Seat {
  readonly #events: SeatEvents;
  proxy: WlSeatProxy | undefined;
  keyboard: Keyboard | undefined;

  constructor(globals: Globals, events: SeatEvents) {
    this.#events = events;
    this.#bind(globals);
    globals.onAdded(() => this.#bind(globals));
  }

  dispose(): void {
    this.keyboard?.dispose(true);
  }

  #bind(globals: Globals): void {
    this.proxy ??= globals.bind(WlSeatProxy, 5, {
      capabilities: (seat, capabilities) => this.#follow(seat, capabilities),
      name() {},
    });
  }

  #follow(seat: WlSeatProxy, capabilities: number): void {
    const has = (capability: number) => (capabilities & capability) !== 0;
    if (has(WlSeatCapability.keyboard) !== (this.keyboard !== undefined)) {
      this.keyboard?.dispose(false);
      this.keyboard = has(WlSeatCapability.keyboard) ? new Keyboard(seat, this.#events) : undefined;
    }
  }
}
