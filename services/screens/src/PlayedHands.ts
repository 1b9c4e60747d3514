import { type DeviceProvider, HeldKeys, type InputProvider } from '@switchyard/seat';
import { EV } from '@switchyard/uapi';
import type { Hands } from './MachineInput.js';
import { PointerPlace } from './PointerPlace.js';
import type { Screen } from './Screen.js';

/** One keyboard of the tree's seat, and a pointer on each of its screens, played by all that the machine has. */
export class PlayedHands implements Hands {
  readonly keyboard: InputProvider;
  readonly #place = new PointerPlace<Screen>();
  readonly #keys = new HeldKeys();
  readonly #buttons = new HeldKeys();
  /** On which screen what is told of was. */
  readonly #told = new Set<Screen>();

  /** `onLights`: which lights of the keyboard shine is another. */
  constructor(provider: DeviceProvider, seat: string, onLights: (bits: number) => void) {
    this.keyboard = provider.attachKeyboard(seat, 'Keyboard', undefined, onLights);
  }

  /** From the left to the right. */
  set screens(screens: readonly Screen[]) {
    this.#place.screens = screens;
    for (const gone of [...this.#told].filter((screen) => !screens.includes(screen))) this.#told.delete(gone);
    this.putCursor();
  }

  /** Where the pointer's picture is. */
  putCursor(): void {
    this.#place.screen?.putCursor(this.#place.x, this.#place.y);
  }

  key(from: object, code: number, down: boolean): void {
    if (!this.#keys.hold(from, code, down)) return;
    this.keyboard.event(EV.KEY, code, down ? 1 : 0);
    this.keyboard.sync();
  }

  button(from: object, code: number, down: boolean): void {
    if (this.#buttons.hold(from, code, down)) this.#tell(EV.KEY, code, down ? 1 : 0);
  }

  moveBy(dx: number, dy: number): void {
    this.#place.moveBy(dx, dy);
    this.#point();
  }

  moveTo(x: number, y: number): void {
    this.#place.moveTo(x, y);
    this.#point();
  }

  wheel(code: number, value: number): void {
    this.#tell(EV.REL, code, value);
  }

  sync(): void {
    for (const screen of this.#told) screen.pointer.sync();
    this.#told.clear();
  }

  letGo(from: object): void {
    for (const code of this.#keys.release(from)) this.keyboard.event(EV.KEY, code, 0);
    this.keyboard.sync();
    for (const code of this.#buttons.release(from)) this.#tell(EV.KEY, code, 0);
    this.sync();
  }

  #point(): void {
    const { screen, x, y } = this.#place;
    if (!screen) return;
    screen.pointAt(x, y);
    this.#told.add(screen);
  }

  #tell(type: number, code: number, value: number): void {
    const { screen } = this.#place;
    if (!screen) return;
    screen.pointer.event(type, code, value);
    this.#told.add(screen);
  }
}
