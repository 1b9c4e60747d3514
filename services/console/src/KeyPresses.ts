import { Compose, KeyboardState, type Keymap, KeyRepeat, keysymToUtf8, MODIFIER } from '@switchyard/input';
import type { KeyModifiers, KeyPress } from './KeyEncoder.js';
import { latinLetter } from './LatinKeys.js';

/** Until somebody says otherwise. */
const USUAL_REPEAT = { rate: 25, delay: 600 };

export interface KeyPressEvents {
  focus(focused: boolean): void;
  /** A key went down, repeats, or goes up again. `serial` is of the event, for requests that need one. */
  key(key: KeyPress, modifiers: KeyModifiers, serial: number): void;
}

/** Keys that go down, with their meaning: keymap, compose sequences, repeat. Who owns the keyboard feeds it. */
export class KeyPresses {
  readonly #events: KeyPressEvents;
  readonly #compose = new Compose();
  #keymap: Keymap | undefined;
  #state: KeyboardState | undefined;
  #repeat = this.#repeater(USUAL_REPEAT);
  #serial = 0;
  /** What the keys that are down meant when they went down, by code: that is what goes up again. */
  readonly #down = new Map<number, KeyPress>();
  #held: KeyPress | undefined;
  /** The same keyboard with nothing, or only Shift, held. */
  #bare: KeyboardState | undefined;

  constructor(events: KeyPressEvents) {
    this.#events = events;
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
      capsLock: (effective & MODIFIER.LOCK) !== 0,
    };
  }

  /** What the keys mean from now on. Both stay the caller's. */
  use(keymap: Keymap, state: KeyboardState): void {
    this.#keymap = keymap;
    this.#state = state;
    this.#bare?.[Symbol.dispose]();
    this.#bare = new KeyboardState(keymap);
  }

  setRepeat(rate: { rate: number; delay: number }): void {
    this.#repeat.stop();
    this.#repeat = this.#repeater(rate);
  }

  /** A key went down. Before the state knows of it. */
  press(code: number, serial: number): void {
    this.#serial = serial;
    const state = this.#state;
    if (!state) return;
    const keysym = state.keysym(code);
    if (keysym === 0) return;
    const { control } = this.modifiers;
    let press: KeyPress = {
      keysym,
      text: control ? keysymToUtf8(keysym) : state.text(code),
      latin: latinLetter(code),
      plain: this.#typed(code, 0),
      shifted: this.#typed(code, MODIFIER.SHIFT),
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
    this.#down.set(code, press);
    if (this.#keymap?.repeats(code)) this.#repeat.press(code);
    this.#events.key(press, this.modifiers, this.#serial);
  }

  release(code: number): void {
    this.#repeat.release(code);
    const press = this.#down.get(code);
    this.#down.delete(code);
    if (press) this.#events.key({ ...press, event: 'release' }, this.modifiers, this.#serial);
  }

  /** Whoever types is somewhere else now: nothing is held, nothing half composed. */
  reset(): void {
    this.#repeat.stop();
    this.#down.clear();
    this.#compose.reset();
  }

  /** Nothing is half composed. */
  forgetDeadKeys(): void {
    this.#compose.reset();
  }

  dispose(): void {
    this.#repeat.stop();
    this.#compose[Symbol.dispose]();
    this.#bare?.[Symbol.dispose]();
  }

  #typed(code: number, modifiers: number): string {
    if (!this.#bare) return '';
    const [, , , group = 0] = this.#state?.modifiers ?? [];
    this.#bare.setModifiers(modifiers, 0, 0, group);
    return keysymToUtf8(this.#bare.keysym(code));
  }

  #repeater(rate: { rate: number; delay: number }): KeyRepeat {
    return new KeyRepeat(rate, () => {
      if (this.#held) this.#events.key({ ...this.#held, event: 'repeat' }, this.modifiers, this.#serial);
    });
  }
}
