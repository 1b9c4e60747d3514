import {
  WlKeyboardKeymapFormat,
  WlKeyboardKeyState,
  type ZwpInputMethodKeyboardGrabV2Requests,
  type ZwpInputMethodKeyboardGrabV2Resource,
} from '@switchyard/wayland';
import { type Keyboard, repeatDelay, repeatRate } from '../input/Keyboard.js';
import type { KeyboardGrab, KeyboardSource, KeymapFile } from '../input/KeyboardSource.js';

/**
 * A zwp_input_method_keyboard_grab_v2: while a field is edited, the input method gets the keys instead of the program, and
 * gives back what it does not want on a virtual keyboard of its own. The seat's chords never come here.
 */
export class InputMethodGrab implements ZwpInputMethodKeyboardGrabV2Requests, KeyboardGrab {
  readonly #resource: ZwpInputMethodKeyboardGrabV2Resource;
  readonly #keyboard: Keyboard;
  readonly #active: () => boolean;
  #keymap: KeymapFile | undefined;

  constructor(resource: ZwpInputMethodKeyboardGrabV2Resource, keyboard: Keyboard, active: () => boolean) {
    this.#resource = resource;
    this.#keyboard = keyboard;
    this.#active = active;
  }

  begin(): void {
    this.#tellKeymap(this.#keyboard.hardware);
    this.#resource.sendRepeatInfo(repeatRate, repeatDelay);
    this.modifiers(this.#keyboard.hardware);
    this.#keyboard.setGrab(this);
  }

  end(): void {
    this.#keyboard.endGrab(this);
  }

  // ---- KeyboardGrab

  takes(source: KeyboardSource): boolean {
    return this.#active() && source.client !== this.#resource.client;
  }

  key(source: KeyboardSource, code: number, down: boolean, time: number): void {
    this.#tellKeymap(source);
    const state = down ? WlKeyboardKeyState.pressed : WlKeyboardKeyState.released;
    this.#resource.sendKey(this.#serial(), time, code, state);
  }

  modifiers(source: KeyboardSource): void {
    this.#tellKeymap(source);
    const [depressed, latched, locked, group] = source.modifiers;
    this.#resource.sendModifiers(this.#serial(), depressed!, latched!, locked!, group!);
  }

  release(): void {}

  #tellKeymap({ keymap }: KeyboardSource): void {
    if (keymap === this.#keymap) return;
    this.#keymap = keymap;
    this.#resource.sendKeymap(WlKeyboardKeymapFormat.xkb_v1, keymap.file(), keymap.size);
  }

  #serial(): number {
    return this.#resource.client.display.nextSerial();
  }
}
