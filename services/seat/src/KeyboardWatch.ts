import { SwitchChord } from '@switchyard/input';
import { EV, SYN } from '@switchyard/uapi';
import type { Device } from './Device.js';

export interface KeyboardWatchEvents {
  /** A chord that switches: positions count from 1. */
  switch(to: number | 'next' | 'previous'): void;
  /** The keyboard is gone, or its provider ended the watch. */
  closed(): void;
}

/**
 * The seat manager's own ear at a keyboard, beside the active session's: chords are heard whatever the session does.
 * It lives as long as the keyboard.
 */
export class KeyboardWatch {
  readonly #chord = new SwitchChord();
  #source: { close(): void } | undefined;

  /** Undefined for a device without keys. */
  static of(device: Device, on: KeyboardWatchEvents): KeyboardWatch | undefined {
    const watch = new KeyboardWatch();
    watch.#source = device.listen({
      event: (type, code, value) => watch.#feed(type, code, value, on),
      closed: () => on.closed(),
    });
    return watch.#source && watch;
  }

  close(): void {
    this.#source?.close();
  }

  #feed(type: number, code: number, value: number, on: KeyboardWatchEvents): void {
    if (type === EV.SYN && code === SYN.DROPPED) this.#chord.reset();
    if (type !== EV.KEY) return;
    const heard = this.#chord.feed(code, value);
    if (heard.kind === 'switch') on.switch(heard.to);
  }
}
