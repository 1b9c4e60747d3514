import { KeyboardState, type Keymap, SwitchChord } from '@switchyard/input';
import {
  WlKeyboardKeymapFormat,
  WlKeyboardKeyState,
  type WlKeyboardRequests,
  type WlKeyboardResource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Surface } from '../surface/Surface.js';
import { KeyboardLights } from './KeyboardLights.js';
import type { KeyboardGrab, KeyboardSource, KeymapFile } from './KeyboardSource.js';
import type { PlayedKeyboard } from './PlayedKeyboard.js';
import { type CyclingWindows, WindowChord } from './WindowChord.js';

/** What desktops use: after 600 ms, 25 a second. Clients repeat by themselves. */
export const repeatRate = 25;
export const repeatDelay = 600;

/** Told which surface is about to have the keyboard, before wl_keyboard.enter: a selection must be there first. */
export type FocusListener = (surface: Surface | undefined) => void;

/**
 * The seat's keyboard towards the clients.
 *
 * There is one wl_keyboard, but several sources may type on it. Clients are told the keymap of the one that typed last,
 * before its key:
 *
 *   hardware ──a program types──▶ that program's ──hardware types | the program's keyboard goes──▶ hardware
 */
export class Keyboard implements WlKeyboardRequests {
  #hardware: KeyboardState & KeyboardSource;
  readonly lights = new KeyboardLights();
  readonly #chord = new SwitchChord();
  readonly #windowChord: WindowChord;
  readonly #focusListeners: FocusListener[] = [];
  #source: KeyboardSource;
  readonly #played = new Set<PlayedKeyboard>();
  /** The keymap that each client object was told last. */
  readonly #keymaps = new WeakMap<WlKeyboardResource, KeymapFile>();
  #focus: Surface | undefined;
  #grab: KeyboardGrab | undefined;
  /** Keys whose press went to the grab: so does their release. */
  readonly #grabbed = new Set<number>();

  constructor(keymap: Keymap, windows: () => CyclingWindows | undefined) {
    this.#windowChord = new WindowChord(windows);
    this.#hardware = Object.assign(new KeyboardState(keymap), { keymap, client: undefined });
    this.#source = this.#hardware;
  }

  get focus(): Surface | undefined {
    return this.#focus;
  }
  get pressed(): ReadonlySet<number> {
    return this.#source.pressed;
  }
  /** The seat's own keyboards. */
  get hardware(): KeyboardSource {
    return this.#hardware;
  }

  /** Another layout for the seat's own keyboards. Keys that are held are up; Caps Lock and Num Lock stay. */
  setKeymap(keymap: Keymap): void {
    this.lost();
    const before = this.#hardware;
    const [, , locked = 0] = before.modifiers;
    this.#hardware = Object.assign(new KeyboardState(keymap), { keymap, client: undefined });
    this.#hardware.setModifiers(0, 0, locked, 0);
    this.#use(this.#hardware);
    this.lights.show(this.#hardware.leds);
    before[Symbol.dispose]();
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
    this.#sendKeymap(resource);
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

  /** An EV_KEY event of the hardware. Hot. */
  key(code: number, value: number, time: number): void {
    if (this.#chord.feed(code, value).kind !== 'pass' || this.#windowChord.takes(code, value)) return;
    // Clients repeat by themselves.
    if (value > 1) return;
    const down = value === 1;
    if (this.#hardware.pressed.has(code) === down) return;
    const modifiersChanged = this.#hardware.update(code, down);
    this.type(this.#hardware, code, down, time);
    if (!modifiersChanged) return;
    this.modifiersChanged(this.#hardware);
    this.lights.show(this.#hardware.leds);
  }

  /** A key of this source went down or up; `source.pressed` has it already. Hot. */
  type(source: KeyboardSource, code: number, down: boolean, time: number): void {
    const grab = this.#grab;
    if (down ? grab?.takes(source) : this.#grabbed.has(code)) {
      if (down) this.#grabbed.add(code);
      else this.#grabbed.delete(code);
      grab?.key(source, code, down, time);
      return;
    }
    this.#use(source);
    const focus = this.#focus;
    if (!focus) return;
    const { client, keyboards } = focus.state;
    const serial = client.display.nextSerial();
    const state = down ? WlKeyboardKeyState.pressed : WlKeyboardKeyState.released;
    for (const keyboard of keyboards) keyboard.sendKey(serial, time, code, state);
    if (down) focus.state.ping();
  }

  /** `source.modifiers` are others now. */
  modifiersChanged(source: KeyboardSource): void {
    if (this.#grab?.takes(source)) {
      this.#grab.modifiers(source);
      return;
    }
    if (this.#use(source) || !this.#focus) return;
    const serial = this.#focus.state.client.display.nextSerial();
    for (const keyboard of this.#focus.state.keyboards) this.#sendModifiers(keyboard, serial);
  }

  addPlayed(keyboard: PlayedKeyboard): void {
    this.#played.add(keyboard);
  }

  removePlayed(keyboard: PlayedKeyboard): void {
    this.#played.delete(keyboard);
  }

  /** The source types no more: what it holds is up. */
  removeSource(source: KeyboardSource, time: number): void {
    for (const code of [...source.pressed]) this.type(source, code, false, time);
    if (source === this.#source) this.#use(this.#hardware);
  }

  /** Keys go there while it takes them. */
  setGrab(grab: KeyboardGrab): void {
    this.#grab = grab;
  }

  endGrab(grab: KeyboardGrab): void {
    if (this.#grab !== grab) return;
    this.#grab = undefined;
    // What the client believes to be held may have changed meanwhile.
    this.modifiersChanged(this.#source);
  }

  /** Events were lost: whatever was held may have been released. */
  lost(): void {
    this.#chord.reset();
    this.#windowChord.reset();
    this.reset();
  }

  /**
   * All keys are up, for the surface that has the keyboard too. The chord's keys are not: they are held while a person goes
   * from session to session, and none of these may see the arrow.
   */
  reset(): void {
    const focus = this.#focus;
    if (focus && this.#source.pressed.size > 0) {
      // Leaving is how a client is told that everything is up.
      this.setFocus(undefined);
      this.#forgetKeys();
      this.setFocus(focus);
    } else {
      this.#forgetKeys();
    }
  }

  release(): void {}

  #forgetKeys(): void {
    this.#hardware.reset();
    for (const played of this.#played) played.forget();
    this.#source = this.#hardware;
    this.#grabbed.clear();
  }

  /** True when clients had to be told of another source, and so of its modifiers. */
  #use(source: KeyboardSource): boolean {
    if (source === this.#source) return false;
    this.#source = source;
    const focus = this.#focus;
    if (!focus) return true;
    const serial = focus.state.client.display.nextSerial();
    for (const keyboard of focus.state.keyboards) {
      this.#sendKeymap(keyboard);
      this.#sendModifiers(keyboard, serial);
    }
    return true;
  }

  #enter(keyboard: WlKeyboardResource, surface: Surface, serial: number): void {
    this.#sendKeymap(keyboard);
    const held = [...this.#source.pressed].filter((code) => !this.#grabbed.has(code));
    keyboard.sendEnter(serial, surface.resource, new Uint8Array(Uint32Array.from(held).buffer));
    this.#sendModifiers(keyboard, serial);
  }

  #sendKeymap(keyboard: WlKeyboardResource): void {
    const { keymap } = this.#source;
    if (this.#keymaps.get(keyboard) === keymap) return;
    this.#keymaps.set(keyboard, keymap);
    keyboard.sendKeymap(WlKeyboardKeymapFormat.xkb_v1, keymap.file(), keymap.size);
  }

  #sendModifiers(keyboard: WlKeyboardResource, serial: number): void {
    const [depressed, latched, locked, group] = this.#source.modifiers;
    keyboard.sendModifiers(serial, depressed!, latched!, locked!, group!);
  }
}
