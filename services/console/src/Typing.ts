import type { Bindings } from './Bindings.js';
import type { KeyModifiers, KeyPress } from './KeyEncoder.js';
import type { OwnKeys } from './OwnKeys.js';
import { Preedit } from './Preedit.js';
import type { Tab } from './Tab.js';
import type { Tabs } from './Tabs.js';
import type { Composed, CompositionEvents } from './TextInput.js';

export interface TypingHost {
  readonly tabs: Tabs;
  readonly ownKeys: OwnKeys;
  bindings(): Bindings;
  /** What is shown may be different now. */
  changed(): void;
  /** A key was pressed at a terminal whose program could not be started. */
  dismissed(tab: Tab): void;
}

/** Keys, and what input methods compose and write, on their way to who takes them: the seen terminal's program, or the terminal itself. */
export class Typing implements CompositionEvents {
  readonly preedit: Preedit;
  readonly #host: TypingHost;

  constructor(host: TypingHost) {
    this.#host = host;
    this.preedit = new Preedit(
      () => (host.ownKeys.taken ? undefined : host.tabs.active.screen),
      () => host.changed(),
    );
  }

  key(key: KeyPress, modifiers: KeyModifiers, serial: number): void {
    const { tabs, ownKeys } = this.#host;
    const tab = tabs.active;
    const released = key.event === 'release';
    if (tab.failed && !released) this.#host.dismissed(tab);
    else if (ownKeys.taken && !released) {
      const command = this.#host.bindings().command(key, modifiers, false, tabs.count);
      if (command) tab.input.key(key, modifiers, serial);
      else ownKeys.key(key, modifiers);
    } else tab.input.key(key, modifiers, serial);
  }

  /** What is composed is seen where it will be written. */
  composing(composed: Composed | undefined): void {
    const { tabs, ownKeys } = this.#host;
    if (composed && !ownKeys.taken) tabs.active.screen.scrollToBottom();
    this.preedit.composed = composed;
  }

  composed(text: string): void {
    const { tabs, ownKeys } = this.#host;
    const tab = tabs.active;
    if (tab.failed) this.#host.dismissed(tab);
    else if (ownKeys.taken) ownKeys.text(text);
    else tab.input.text(text);
  }
}
