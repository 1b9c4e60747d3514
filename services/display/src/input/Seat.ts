import type { Keymap } from '@switchyard/input';
import {
  type WlKeyboardResource,
  type WlPointerResource,
  WlSeatCapability,
  WlSeatError,
  type WlSeatRequests,
  type WlSeatResource,
  type WlTouchResource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Outputs } from '../output/Outputs.js';
import type { Windows } from '../session/Windows.js';
import type { Surface } from '../surface/Surface.js';
import { Activity } from './Activity.js';
import { Keyboard } from './Keyboard.js';
import { Pointer } from './Pointer.js';
import type { Grabbable } from './PointerGrab.js';
import { Touch } from './Touch.js';

/** A switch between two of our sessions takes some milliseconds; after longer than this (ms), keys were released unseen. */
const unseenTime = 1000;

/**
 * The wl_seat: one keyboard, one pointer and one touchscreen, whatever devices there are, and whose windows they act on.
 *
 * Keyboard and pointer are offered from the start, since programs start before anybody looks at the seat and some
 * never ask again. Touch comes with a touchscreen: browsers and toolkits look different when they see one.
 */
export class Seat implements WlSeatRequests {
  readonly name: string;
  readonly keyboard: Keyboard;
  readonly pointer: Pointer;
  readonly touch: Touch;
  readonly activity = new Activity();
  readonly #stateOf: (resource: WlSeatResource) => ClientState;
  readonly #resources = new Set<WlSeatResource>();
  #windows: Windows | undefined;
  #leftAt = Number.NEGATIVE_INFINITY;
  #hasTouch = false;
  #everHadTouch = false;

  constructor(
    name: string,
    keymap: Keymap,
    outputs: Outputs,
    stateOf: (resource: WlSeatResource) => ClientState,
  ) {
    this.name = name;
    this.#stateOf = stateOf;
    this.keyboard = new Keyboard(keymap, () => this.#windows);
    this.pointer = new Pointer(outputs, () => this.#windows);
    this.touch = new Touch(() => this.#windows, this.pointer);
  }

  /** The active session's windows; undefined while none of ours is active. */
  get windows(): Windows | undefined {
    return this.#windows;
  }

  /** Input goes to these windows from now on. Keys and buttons that are down are up for both sides. */
  setWindows(windows: Windows | undefined): void {
    if (windows === this.#windows) return;
    this.keyboard.setFocus(undefined);
    this.keyboard.reset();
    this.touch.cancel();
    const now = performance.now();
    if (!windows) this.#leftAt = now;
    else if (now - this.#leftAt > unseenTime) this.keyboard.lost();
    this.#windows = windows;
    this.pointer.reset();
    this.updateFocus();
  }

  /** After anything that may have changed which surface has the keyboard. */
  updateFocus(): void {
    const focus = this.#windows?.focus;
    this.keyboard.setFocus(focus?.alive ? focus : undefined);
  }

  /** The pointer or the finger that the client was told with this serial to be pressed on it, while it still is. */
  held(state: ClientState, serial: number): Grabbable | undefined {
    const { pointer } = this;
    if (pointer.buttons.size > 0 && pointer.focus?.state === state && pointer.pressSerial === serial)
      return pointer;
    return this.touch.held(state, serial);
  }

  surfaceDestroyed(surface: Surface): void {
    this.keyboard.surfaceDestroyed(surface);
    this.pointer.surfaceDestroyed(surface);
    this.touch.surfaceDestroyed(surface);
  }

  bind(resource: WlSeatResource): void {
    resource.implement(this);
    this.#resources.add(resource);
    resource.onDestroy(() => this.#resources.delete(resource));
    resource.sendCapabilities(this.#capabilities);
    resource.sendName(this.name);
  }

  /** Whether the seat has a touchscreen. */
  setTouch(present: boolean): void {
    if (present === this.#hasTouch) return;
    this.#hasTouch = present;
    this.#everHadTouch ||= present;
    for (const resource of this.#resources) resource.sendCapabilities(this.#capabilities);
  }

  get #capabilities(): number {
    const touch = this.#hasTouch ? WlSeatCapability.touch : 0;
    return WlSeatCapability.pointer | WlSeatCapability.keyboard | touch;
  }

  // ---- requests

  getPointer(resource: WlSeatResource, id: WlPointerResource): void {
    this.pointer.add(this.#stateOf(resource), id);
  }

  getKeyboard(resource: WlSeatResource, id: WlKeyboardResource): void {
    this.keyboard.add(this.#stateOf(resource), id);
  }

  getTouch(resource: WlSeatResource, id: WlTouchResource): void {
    if (!this.#everHadTouch)
      resource.postError(WlSeatError.missing_capability, 'the seat has never had touch');
    this.touch.add(this.#stateOf(resource), id);
  }

  release(): void {}
}
