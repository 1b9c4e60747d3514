import { HeldKeys, type InputProvider, Wheel } from '@switchyard/seat';
import { ABS, BTN, EV } from '@switchyard/uapi';
import { SeatTouch } from './SeatTouch.js';

/** Where key codes may lie: KEY_ESC … below BTN_MISC, and KEY_OK … KEY_MAX. Between them are buttons, which a keyboard has none of. */
const BUTTONS_FROM = 0x100;
const KEYS_AGAIN_FROM = 0x160;
const KEY_MAX = 0x2ff;

export const isKey = (code: number): boolean =>
  (code > 0 && code < BUTTONS_FROM) || (code >= KEYS_AGAIN_FROM && code <= KEY_MAX);
export const isButton = (code: number): boolean => code >= BTN.LEFT && code <= BTN.BACK + 1;

/**
 * The keyboard, pointer and touchscreen in front of a monitor, played by several viewers at once. A key is down while any viewer holds it; a
 * viewer that leaves lets go of everything. Each call writes to the session before it returns.
 */
export class SeatInput {
  readonly #keyboard: InputProvider;
  #ownKeyboard: InputProvider | undefined;
  readonly #pointer: InputProvider;
  readonly #held = new HeldKeys();
  readonly #pressed = new Map<number, InputProvider>();
  readonly #wheel = new Wheel();
  readonly #turned: (type: number, code: number, value: number) => void;
  readonly #attachTouch: () => InputProvider;
  /** Who looks at the whole seat, and types wherever its keyboard is. */
  readonly #everywhere = new WeakSet<object>();
  #touch: SeatTouch | undefined;

  /** `attachTouch` is called when the first viewer has fingers: programs look different on a seat with a touchscreen. */
  constructor(keyboard: InputProvider, pointer: InputProvider, attachTouch: () => InputProvider) {
    this.#keyboard = keyboard;
    this.#pointer = pointer;
    this.#turned = (type, code, value) => pointer.event(type, code, value);
    this.#attachTouch = attachTouch;
  }

  /** Viewers type on this keyboard instead, as soon as a session has it; what they hold on the one before is up. */
  setOwnKeyboard(keyboard: InputProvider | undefined): void {
    const before = this.#ownKeyboard;
    this.#ownKeyboard = keyboard;
    for (const [code, device] of this.#pressed) if (device === before) this.#pressed.delete(code);
  }

  /** This viewer is in front of no monitor by itself. */
  typeEverywhere(viewer: object): void {
    this.#everywhere.add(viewer);
  }

  /** Of the keyboard, as bits 1 << LED_NUML and so on. */
  get lights(): number {
    return this.#keyboard.lights;
  }

  /** Undefined until wantTouch() was called. */
  get touch(): SeatTouch | undefined {
    return this.#touch;
  }

  wantTouch(): void {
    this.#touch ??= new SeatTouch(this.#attachTouch());
  }

  key(viewer: object, code: number, down: boolean): void {
    this.#hold(viewer, code, down);
  }

  button(viewer: object, code: number, down: boolean): void {
    this.#hold(viewer, code, down);
  }

  /** 0 … POINTER_MAX over the output; what lies beyond is on the outputs beside it. */
  motion(x: number, y: number): void {
    this.#pointer.event(EV.ABS, ABS.X, x);
    this.#pointer.event(EV.ABS, ABS.Y, y);
    this.#pointer.sync();
  }

  /** In 120ths of a notch, right and down positive. */
  wheel(x: number, y: number): void {
    this.#wheel.turn(x, y, this.#turned);
    this.#pointer.sync();
  }

  releaseAll(viewer: object): void {
    this.#touch?.releaseAll(viewer);
    for (const code of this.#held.release(viewer)) this.#change(viewer, code, false);
  }

  #hold(viewer: object, code: number, down: boolean): void {
    if (this.#held.hold(viewer, code, down)) this.#change(viewer, code, down);
  }

  /** A key goes up where it went down. */
  #change(viewer: object, code: number, down: boolean): void {
    const device = (!down && this.#pressed.get(code)) || this.#deviceFor(viewer, code);
    if (down) this.#pressed.set(code, device);
    else this.#pressed.delete(code);
    device.event(EV.KEY, code, down ? 1 : 0);
    device.sync();
  }

  #deviceFor(viewer: object, code: number): InputProvider {
    if (!isKey(code)) return this.#pointer;
    const own = this.#ownKeyboard;
    return own?.session === undefined || this.#everywhere.has(viewer) ? this.#keyboard : own;
  }
}
