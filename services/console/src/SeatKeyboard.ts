import { KeyboardState, Keymap, LED, SwitchChord } from '@switchyard/input';
import { InputChannel } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { EV, SYN } from '@switchyard/uapi';
import type { KeyModifiers } from './KeyEncoder.js';
import { type KeyPressEvents, KeyPresses } from './KeyPresses.js';

/** A keyboard of the seat's, with the keymap that the environment names (XKB_DEFAULT_LAYOUT), else us. */
export class SeatKeyboard {
  readonly #channel: InputChannel;
  readonly #presses: KeyPresses;
  readonly #keymap = Keymap.fromNames();
  readonly #state = new KeyboardState(this.#keymap);
  /** The seat manager's; what it acts upon is not typed. */
  readonly #chord = new SwitchChord();

  /** Takes the channel. */
  constructor(channel: Fd, events: KeyPressEvents, closed: () => void) {
    this.#presses = new KeyPresses(events);
    this.#presses.use(this.#keymap, this.#state);
    this.#channel = new InputChannel(channel, {
      event: (type, code, value) => {
        if (type === EV.SYN && code === SYN.DROPPED) this.#reset();
        else if (type === EV.KEY) this.#key(code, value);
      },
      closed,
    });
  }

  get modifiers(): KeyModifiers {
    return this.#presses.modifiers;
  }

  get capsLock(): boolean {
    return (this.#state.leds & LED.CAPS) !== 0;
  }

  /** Of the keymap's layouts, which is in use. */
  get group(): number {
    return this.#state.modifiers[3] ?? 0;
  }

  forgetDeadKeys(): void {
    this.#presses.forgetDeadKeys();
  }

  close(): void {
    this.#channel.close();
    this.#presses.dispose();
    this.#state[Symbol.dispose]();
    this.#keymap[Symbol.dispose]();
  }

  #key(code: number, value: number): void {
    if (this.#chord.feed(code, value).kind !== 'pass') return;
    if (value === 1) this.#presses.press(code, 0);
    else if (value === 0) this.#presses.release(code);
    if (value !== 2) this.#state.update(code, value === 1);
  }

  #reset(): void {
    this.#chord.reset();
    this.#presses.reset();
    this.#state.reset();
  }
}
