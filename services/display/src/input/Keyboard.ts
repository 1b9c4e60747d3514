import { KeyboardState, type Keymap, SwitchChord } from '@switchyard/input';
import {
  WlKeyboardKeymapFormat,
  WlKeyboardKeyState,
  type WlKeyboardRequests,
  type WlKeyboardResource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Surface } from '../surface/Surface.js';

/** What desktops use: after 600 ms, 25 a second. Clients repeat by themselves. */
const repeatRate = 25;
const repeatDelay = 600;

/** Told which surface is about to have the keyboard, before wl_keyboard.enter: a selection must be there first. */
export type FocusListener = (surface: Surface | undefined) => void;

/** The seat's keyboard towards the clients. */
export class Keyboard implements WlKeyboardRequests {
  readonly #keymap: Keymap;
  readonly #state: KeyboardState;
  readonly #chord = new SwitchChord();
  readonly #focusListeners: FocusListener[] = [];
  #focus: Surface | undefined;

  constructor(keymap: Keymap) {
    this.#keymap = keymap;
    this.#state = new KeyboardState(keymap);
  }

  get focus(): Surface | undefined {
    return this.#focus;
  }
  get pressed(): ReadonlySet<number> {
    return this.#state.pressed;
  }

  /**
   * Calls `listener` whenever the keyboard focus is about to change, while the old surface still has it and before the
   * new one is told; undefined when nobody will have it.
   */
  onFocusChanging(listener: FocusListener): void {
    this.#focusListeners.push(listener);
  }

  add(state: ClientState, resource: WlKeyboardResource): void {
    resource.implement(this);
    state.keyboards.add(resource);
    resource.onDestroy(() => state.keyboards.delete(resource));
    resource.sendKeymap(WlKeyboardKeymapFormat.xkb_v1, this.#keymap.file(), this.#keymap.size);
    resource.sendRepeatInfo(repeatRate, repeatDelay);
    if (this.#focus?.state === state) this.#enter(resource, this.#focus, state.client.display.nextSerial());
  }

  setFocus(surface: Surface | undefined): void {
    if (surface === this.#focus) return;
    for (const listener of this.#focusListeners) listener(surface);
    const before = this.#focus;
    if (before?.alive) {
      const serial = before.state.client.display.nextSerial();
      for (const keyboard of before.state.keyboards) keyboard.sendLeave(serial, before.resource);
    }
    this.#focus = surface;
    if (!surface) return;
    const serial = surface.state.client.display.nextSerial();
    for (const keyboard of surface.state.keyboards) this.#enter(keyboard, surface, serial);
    surface.state.ping();
  }

  surfaceDestroyed(surface: Surface): void {
    if (surface === this.#focus) this.setFocus(undefined);
  }

  /** An EV_KEY event. Hot. */
  key(code: number, value: number, time: number): void {
    if (this.#chord.feed(code, value).kind !== 'pass') return;
    // Clients repeat by themselves.
    if (value > 1) return;
    const down = value === 1;
    if (this.#state.pressed.has(code) === down) return;
    const modifiersChanged = this.#state.update(code, down);
    const focus = this.#focus;
    if (!focus) return;
    const { client, keyboards } = focus.state;
    const serial = client.display.nextSerial();
    const state = down ? WlKeyboardKeyState.pressed : WlKeyboardKeyState.released;
    for (const keyboard of keyboards) {
      keyboard.sendKey(serial, time, code, state);
      if (modifiersChanged) this.#sendModifiers(keyboard, serial);
    }
    if (down) focus.state.ping();
  }

  /** Events were lost: whatever was held may have been released. */
  lost(): void {
    this.#chord.reset();
    this.reset();
  }

  /**
   * All keys are up, for the surface that has the keyboard too. The chord's keys are not: they are held while a person goes
   * from session to session, and none of these may see the arrow.
   */
  reset(): void {
    const focus = this.#focus;
    if (focus && this.#state.pressed.size > 0) {
      // Leaving is how a client is told that everything is up.
      this.setFocus(undefined);
      this.#state.reset();
      this.setFocus(focus);
    } else {
      this.#state.reset();
    }
  }

  release(): void {}

  #enter(keyboard: WlKeyboardResource, surface: Surface, serial: number): void {
    const keys = new Uint8Array(Uint32Array.from(this.#state.pressed).buffer);
    keyboard.sendEnter(serial, surface.resource, keys);
    this.#sendModifiers(keyboard, serial);
  }

  #sendModifiers(keyboard: WlKeyboardResource, serial: number): void {
    const [depressed, latched, locked, group] = this.#state.modifiers;
    keyboard.sendModifiers(serial, depressed!, latched!, locked!, group!);
  }
}
