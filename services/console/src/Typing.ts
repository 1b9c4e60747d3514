import type { Bindings } from './Bindings.js';
import type { KeyModifiers, KeyPress } from './KeyEncoder.js';
import type { OverlayGrid } from './Overlay.js';
import type { OwnKeys } from './OwnKeys.js';
import { type FieldCursor, Preedit } from './Preedit.js';
import { SecretWatch } from './SecretWatch.js';
import type { Tab } from './Tab.js';
import type { Tabs } from './Tabs.js';
import type { Composed, CompositionEvents, FieldKind } from './TextInput.js';

export interface TypingHost {
  readonly tabs: Tabs;
  readonly ownKeys: OwnKeys;
  bindings(): Bindings;
  /** What is shown may be different now. */
  changed(): void;
  /** A key was pressed at a terminal whose program could not be started. */
  dismissed(tab: Tab): void;
  /** What is typed and composed belongs to another field now. */
  fieldChanged(): void;
}

/** Keys, and what input methods compose and write, on their way to who takes them: the seen terminal's program, or the terminal itself. */
export class Typing implements CompositionEvents {
  readonly preedit: Preedit;
  readonly #host: TypingHost;
  readonly #secrets: SecretWatch;

  constructor(host: TypingHost) {
    this.#host = host;
    this.preedit = new Preedit(this.place, () => host.changed());
    this.#secrets = new SecretWatch(
      () => host.tabs.active.readsSecret,
      () => host.fieldChanged(),
    );
  }

  get field(): FieldKind {
    if (this.#host.ownKeys.searching) return 'search';
    return this.#secrets.secret ? 'password' : 'terminal';
  }

  /** The cursor of the field that is written to; undefined when there is none, or it is scrolled out. */
  readonly place = (onto: OverlayGrid): FieldCursor | undefined => {
    const { tabs, ownKeys } = this.#host;
    if (ownKeys.taken) return ownKeys.cursor(onto);
    const { place, palette } = tabs.active.screen;
    return place && { x: place.x, y: place.y + onto.top, palette, paper: palette.background };
  };

  /** A frame was shown. */
  shown(): void {
    this.#secrets.shown();
  }

  close(): void {
    this.#secrets.close();
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

  /** What is composed is seen where it will be written, unless it is a password. */
  composing(composed: Composed | undefined): void {
    const { tabs, ownKeys } = this.#host;
    const unseen = !ownKeys.searching && this.#secrets.look();
    if (composed && !ownKeys.taken) tabs.active.screen.scrollToBottom();
    ownKeys.composing(composed?.text ?? '');
    this.preedit.composed = unseen ? undefined : composed;
  }

  composed(text: string): void {
    const { tabs, ownKeys } = this.#host;
    const tab = tabs.active;
    if (tab.failed) this.#host.dismissed(tab);
    else if (ownKeys.taken) ownKeys.text(text);
    else tab.input.text(text);
  }
}
