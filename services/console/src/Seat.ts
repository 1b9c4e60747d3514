import { type Globals, WlSeatCapability, WlSeatProxy } from '@switchyard/wayland';
import { Clipboard } from './Clipboard.js';
import { Keyboard } from './Keyboard.js';
import type { KeyPressEvents } from './KeyPresses.js';
import { Pointer, type PointerEvents } from './Pointer.js';
import { type CompositionEvents, TextInput } from './TextInput.js';

export interface SeatEvents {
  readonly keyboard: KeyPressEvents;
  readonly pointer: PointerEvents;
  /** Without it nothing is composed. */
  readonly composition: CompositionEvents | undefined;
  /** Scale of the pointer's picture, and of the text cursor's place. */
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
  textInput: TextInput | undefined;

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
    this.textInput?.dispose();
    this.textInput = undefined;
  }

  #bind(): void {
    if (this.#seat) return;
    this.#seat = this.#globals.bind(WlSeatProxy, 5, {
      capabilities: (seat, capabilities) => this.#follow(seat, capabilities),
      name() {},
    });
    if (!this.#seat) return;
    this.clipboard = new Clipboard(this.#globals, this.#seat);
    const { composition } = this.#events;
    const scale = () => this.#events.scale();
    if (composition) this.textInput = TextInput.bind(this.#globals, this.#seat, scale, composition);
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
