import { SwitchChord } from '@switchyard/input';
import { InputChannel } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { EV, SYN } from '@switchyard/uapi';
import { Channel } from './Channel.js';

/**
 * The seat manager's own ear at a keyboard: a channel beside the active session's, on which the switching chords are
 * heard whatever the session does. It lives as long as the keyboard.
 */
export class KeyboardWatch {
  readonly #channel: Channel;
  readonly #input: InputChannel;
  #chord = new SwitchChord();

  /** `providerEnd` gets the other end, to deliver. */
  constructor(
    providerEnd: (end: Fd) => void,
    onSwitch: (to: number | 'next' | 'previous') => void,
    onClosed: () => void,
  ) {
    const opened = Channel.open();
    this.#channel = opened.channel;
    this.#input = new InputChannel(opened.sessionEnd, {
      event: (type, code, value) => {
        if (type === EV.SYN && code === SYN.DROPPED) this.#chord = new SwitchChord();
        if (type !== EV.KEY) return;
        const heard = this.#chord.feed(code, value);
        if (heard.kind === 'switch') onSwitch(heard.to);
      },
      closed: onClosed,
    });
    providerEnd(opened.providerEnd);
  }

  close(): void {
    this.#input.close();
    this.#channel.revoke();
  }
}
