import { KeyChord, SwitchChord } from '@switchyard/input';
import { EV, SYN } from '@switchyard/uapi';
import type { Device } from './Device.js';

export interface KeyboardWatchEvents {
  /** A chord that switches: positions count from 1. */
  switch(to: number | 'next' | 'previous'): void;
  /** A chord that calls for attention: the seat hangs, or somebody wants to be sure whom he talks to. */
  attention(): void;
  /** Somebody does something with it. */
  used?(): void;
  /** The keyboard is gone, or its provider ended the watch. */
  closed(): void;
}

/**
 * The seat manager's own ear at a keyboard, beside the active session's: chords are heard whatever the session does.
 * It lives as long as the keyboard.
 */
export class KeyboardWatch {
  readonly #switches = new SwitchChord();
  readonly #attention: readonly KeyChord[];
  #source: { close(): void } | undefined;

  private constructor(attention: readonly string[]) {
    this.#attention = attention.map(KeyChord.parse);
  }

  /** Undefined for a device without keys, or, where `used` is asked for, that is no input at all. `attention`: chords' names. */
  static of(
    device: Device,
    attention: readonly string[],
    on: KeyboardWatchEvents,
  ): KeyboardWatch | undefined {
    const watch = new KeyboardWatch(attention);
    watch.#source = device.listen(
      {
        event: (type, code, value) => watch.#feed(type, code, value, on),
        closed: () => on.closed(),
      },
      on.used !== undefined,
    );
    return watch.#source && watch;
  }

  close(): void {
    this.#source?.close();
  }

  #feed(type: number, code: number, value: number, on: KeyboardWatchEvents): void {
    on.used?.();
    if (type === EV.SYN && code === SYN.DROPPED) {
      this.#switches.reset();
      for (const chord of this.#attention) chord.reset();
    }
    if (type !== EV.KEY) return;
    const heard = this.#switches.feed(code, value);
    if (heard.kind === 'switch') on.switch(heard.to);
    for (const chord of this.#attention) if (chord.feed(code, value)) on.attention();
  }
}
