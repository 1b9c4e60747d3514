import { Compose, KeyboardState, Keymap, KeyRepeat, keysymToUtf8, MODIFIER } from '@switchyard/input';
import { type Fd, pread } from '@switchyard/sys';
import { WlKeyboardKeyState, type WlKeyboardProxy, type WlSeatProxy } from '@switchyard/wayland';
import type { KeyModifiers, KeyPress } from './KeyEncoder.js';
import { latinLetter } from './LatinKeys.js';

/** A keymap is about 64 kB; the largest with all groups stays below 300. */
const KEYMAP_LIMIT = 1 << 20;
/** Until the display says otherwise (wl_keyboard before version 4). */
const USUAL_REPEAT = { rate: 25, delay: 600 };

export interface KeyboardEvents {
  focus(focused: boolean): void;
  /** A key went down, or repeats. `serial` is of the event, for requests that need one. */
  key(key: KeyPress, modifiers: KeyModifiers, serial: number): void;
}

/** wl_keyboard as key presses with their meaning: keymap, compose sequences, repeat. */
export class Keyboard {
  readonly #proxy: WlKeyboardProxy;
  readonly #events: KeyboardEvents;
  readonly #compose = new Compose();
  #keymap: Keymap | undefined;
  #state: KeyboardState | undefined;
  #repeat: KeyRepeat;
  #serial = 0;
  #held: KeyPress | undefined;

  constructor(seat: WlSeatProxy, events: KeyboardEvents) {
    this.#events = events;
    this.#repeat = this.#repeater(USUAL_REPEAT);
    this.#proxy = seat.getKeyboard({
      keymap: (_, format, fd, size) => this.#setKeymap(format, fd, size),
      enter: (_, serial) => {
        this.#serial = serial;
        events.focus(true);
      },
      leave: () => {
        this.#repeat.stop();
        this.#compose.reset();
        events.focus(false);
      },
      key: (_, serial, _time, code, state) => {
        this.#serial = serial;
        if (state === WlKeyboardKeyState.pressed) this.#press(code);
        else this.#repeat.release(code);
      },
      modifiers: (_, _serial, depressed, latched, locked, group) => {
        this.#state?.setModifiers(depressed, latched, locked, group);
      },
      repeatInfo: (_, rate, delay) => {
        this.#repeat.stop();
        this.#repeat = this.#repeater({ rate, delay });
      },
    });
  }

  get modifiers(): KeyModifiers {
    const [depressed = 0, latched = 0, locked = 0] = this.#state?.modifiers ?? [];
    const effective = depressed | latched | locked;
    return {
      shift: (effective & MODIFIER.SHIFT) !== 0,
      control: (effective & MODIFIER.CONTROL) !== 0,
      alt: (effective & MODIFIER.MOD1) !== 0,
      meta: (effective & MODIFIER.MOD4) !== 0,
      numLock: (effective & MODIFIER.MOD2) !== 0,
    };
  }

  /** `gone`: the connection has ended, so no request can be made. */
  dispose(gone: boolean): void {
    this.#repeat.stop();
    if (!gone && this.#proxy.alive && this.#proxy.version >= 3) this.#proxy.release();
    this.#state?.[Symbol.dispose]();
    this.#keymap?.[Symbol.dispose]();
    this.#compose[Symbol.dispose]();
  }

  #repeater(rate: { rate: number; delay: number }): KeyRepeat {
    return new KeyRepeat(rate, () => {
      if (this.#held) this.#events.key(this.#held, this.modifiers, this.#serial);
    });
  }

  /** What cannot be read leaves the keymap that the environment names (XKB_DEFAULT_LAYOUT), else us. */
  #setKeymap(format: number, fd: Fd, size: number): void {
    using file = fd;
    let keymap: Keymap | undefined;
    if (format === 1 && size > 0 && size <= KEYMAP_LIMIT) {
      const bytes = new Uint8Array(size);
      const length = pread(file, bytes, 0);
      const end = bytes.subarray(0, length).indexOf(0);
      try {
        keymap = Keymap.fromText(Buffer.from(bytes.subarray(0, end < 0 ? length : end)).toString('utf8'));
      } catch {
        // Falls through to our own.
      }
    }
    this.#state?.[Symbol.dispose]();
    this.#keymap?.[Symbol.dispose]();
    this.#keymap = keymap ?? Keymap.fromNames();
    this.#state = new KeyboardState(this.#keymap);
  }

  #press(code: number): void {
    const state = this.#state;
    if (!state) return;
    const keysym = state.keysym(code);
    if (keysym === 0) return;
    const { control } = this.modifiers;
    let press: KeyPress = {
      keysym,
      text: control ? keysymToUtf8(keysym) : state.text(code),
      latin: latinLetter(code),
    };
    switch (this.#compose.feed(keysym)) {
      case 'composing':
      case 'cancelled':
        this.#repeat.stop();
        return;
      case 'composed':
        press = { keysym: this.#compose.keysym, text: this.#compose.text, latin: '' };
        break;
      case 'nothing':
        break;
    }
    this.#held = press;
    if (this.#keymap?.repeats(code)) this.#repeat.press(code);
    this.#events.key(press, this.modifiers, this.#serial);
  }
}
