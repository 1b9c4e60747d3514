import type {
  Client,
  WlSeatResource,
  ZwpTextInputManagerV3Requests,
  ZwpTextInputManagerV3Resource,
  ZwpTextInputV3Resource,
} from '@switchyard/wayland';
import type { Keyboard } from '../input/Keyboard.js';
import type { Surface } from '../surface/Surface.js';
import { TextInput } from './TextInput.js';

/** Toolkits make one a seat. */
const maxInputsPerClient = 32;

/** What became of the field that is composed for: another one (or none), or the same with another state. */
export type TextInputChange = 'field' | 'state';

/**
 * The zwp_text_input_manager_v3 global. Of all text inputs one at most is *active*: the enabled one of the client that
 * has the keyboard. Whoever composes text, an input method or the page, does it for that one.
 */
export class TextInputs implements ZwpTextInputManagerV3Requests {
  readonly #inputs = new Map<Client, Set<TextInput>>();
  readonly #listeners = new Set<(change: TextInputChange) => void>();
  #focus: Surface | undefined;
  #active: TextInput | undefined;

  constructor(keyboard: Keyboard) {
    keyboard.onFocusChanging((surface) => this.#focusChanging(surface));
  }

  get active(): TextInput | undefined {
    return this.#active;
  }

  /** Called after the active text input, or its state, has changed; returns what takes the listener back. */
  onChanged(listener: (change: TextInputChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** For TextInput: of a client's text inputs one at a time is enabled. */
  mayEnable(input: TextInput): boolean {
    return this.#active === undefined || this.#active === input;
  }

  /** For TextInput: it has been committed; `enabled` with a request to begin a field. */
  changed(input: TextInput, enabled: boolean): void {
    if (input.enabled) {
      const field = enabled || this.#active !== input;
      this.#active = input;
      this.#tell(field ? 'field' : 'state');
    } else if (this.#active === input) {
      this.#deactivate();
    }
  }

  getTextInput(manager: ZwpTextInputManagerV3Resource, id: ZwpTextInputV3Resource, _: WlSeatResource): void {
    const input = new TextInput(id, this);
    id.implement(input);
    const { client } = manager;
    const inputs = this.#inputs.get(client) ?? new Set();
    if (inputs.size >= maxInputsPerClient) {
      client.postNoMemory();
      return;
    }
    this.#inputs.set(client, inputs.add(input));
    id.onDestroy(() => {
      inputs.delete(input);
      if (inputs.size === 0) this.#inputs.delete(client);
      if (this.#active === input) this.#deactivate();
    });
    if (this.#focus?.state.client === client) input.enter(this.#focus);
  }

  destroy(): void {}

  #focusChanging(surface: Surface | undefined): void {
    const before = this.#focus;
    if (before) for (const input of this.#inputs.get(before.state.client) ?? []) input.leave();
    if (this.#active) this.#deactivate();
    this.#focus = surface;
    if (surface) for (const input of this.#inputs.get(surface.state.client) ?? []) input.enter(surface);
  }

  #deactivate(): void {
    this.#active = undefined;
    this.#tell('field');
  }

  #tell(change: TextInputChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
