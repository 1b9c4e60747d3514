import { KeyboardState, Keymap } from '@switchyard/input';
import { type Fd, pread } from '@switchyard/sys';
import { WlKeyboardKeyState, type WlKeyboardProxy, type WlSeatProxy } from '@switchyard/wayland';
import type { KeyModifiers } from './KeyEncoder.js';
import { type KeyPressEvents, KeyPresses } from './KeyPresses.js';

/** A keymap is about 64 kB; the largest with all groups stays below 300. */
const KEYMAP_LIMIT = 1 << 20;

/** wl_keyboard, with the keymap that the display sends. */
export class Keyboard {
  readonly #proxy: WlKeyboardProxy;
  readonly #presses: KeyPresses;
  #keymap: Keymap | undefined;
  #state: KeyboardState | undefined;

  constructor(seat: WlSeatProxy, events: KeyPressEvents) {
    this.#presses = new KeyPresses(events);
    this.#proxy = seat.getKeyboard({
      keymap: (_, format, fd, size) => this.#setKeymap(format, fd, size),
      enter: () => events.focus(true),
      leave: () => {
        this.#presses.reset();
        events.focus(false);
      },
      key: (_, serial, _time, code, state) => {
        if (state === WlKeyboardKeyState.pressed) this.#presses.press(code, serial);
        else this.#presses.release(code);
      },
      modifiers: (_, _serial, depressed, latched, locked, group) => {
        this.#state?.setModifiers(depressed, latched, locked, group);
      },
      repeatInfo: (_, rate, delay) => this.#presses.setRepeat({ rate, delay }),
    });
  }

  get modifiers(): KeyModifiers {
    return this.#presses.modifiers;
  }

  forgetDeadKeys(): void {
    this.#presses.forgetDeadKeys();
  }

  /** `gone`: the connection has ended, so no request can be made. */
  dispose(gone: boolean): void {
    this.#presses.dispose();
    if (!gone && this.#proxy.alive && this.#proxy.version >= 3) this.#proxy.release();
    this.#state?.[Symbol.dispose]();
    this.#keymap?.[Symbol.dispose]();
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
    this.#presses.use(this.#keymap, this.#state);
  }
}
