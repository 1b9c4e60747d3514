import {
  isEntry,
  ZwpTextInputV3ChangeCause,
  ZwpTextInputV3ContentPurpose,
  type ZwpTextInputV3Requests,
  type ZwpTextInputV3Resource,
} from '@switchyard/wayland';
import type { Surface } from '../surface/Surface.js';
import { CompositionPace } from './CompositionPace.js';
import {
  type Composition,
  initialState,
  isBoundary,
  longestText,
  type SurroundingText,
  type TextInputState,
} from './TextInputState.js';
import type { TextInputs } from './TextInputs.js';

/**
 * A zwp_text_input_v3: one client's text fields, as far as they tell of themselves.
 *
 *   away ──enter──▶ disabled ──enable + commit──▶ enabled ──disable + commit──▶ disabled
 *    ◀──leave── any state
 */
export class TextInput implements ZwpTextInputV3Requests {
  readonly resource: ZwpTextInputV3Resource;
  readonly #inputs: TextInputs;
  /** The surface that was entered. */
  surface: Surface | undefined;
  #state: TextInputState = initialState;
  #pending: TextInputState = initialState;
  #pendingEnabled: boolean | undefined;
  #enabled = false;
  /** How often it was committed: what `done` answers. */
  #commits = 0;
  readonly #pace = new CompositionPace({
    send: (composition) => this.#send(composition),
    whenSeen: (callback) => this.#whenSeen(callback),
  });

  constructor(resource: ZwpTextInputV3Resource, inputs: TextInputs) {
    this.resource = resource;
    this.#inputs = inputs;
    resource.onDestroy(() => this.#pace.clear());
  }

  get enabled(): boolean {
    return this.#enabled;
  }
  get state(): TextInputState {
    return this.#state;
  }

  enter(surface: Surface): void {
    this.surface = surface;
    this.#reset();
    this.resource.sendEnter(surface.resource);
  }

  leave(): void {
    const { surface } = this;
    this.surface = undefined;
    this.#reset();
    if (surface?.alive) this.resource.sendLeave(surface.resource);
  }

  /** Changes the field's text, and replaces what was composed before. */
  compose(composition: Composition): void {
    this.#pace.add(composition);
  }

  #send(composition: Composition): void {
    const { resource } = this;
    const { before, after, commit, preedit, cursorBegin, cursorEnd } = composition;
    if (preedit !== '') resource.sendPreeditString(preedit, cursorBegin, cursorEnd);
    if (before > 0 || after > 0) resource.sendDeleteSurroundingText(before, after);
    if (commit !== '') resource.sendCommitString(commit);
    resource.sendDone(this.#commits);
  }

  // ---- requests

  enable(): void {
    this.#pendingEnabled = true;
    this.#pending = initialState;
  }

  disable(): void {
    this.#pendingEnabled = false;
  }

  /** Offsets that are none in this text make it a field that does not tell. */
  setSurroundingText(_: ZwpTextInputV3Resource, text: string, cursor: number, anchor: number): void {
    let surrounding: SurroundingText | undefined;
    if (Buffer.byteLength(text) <= longestText && isBoundary(text, cursor) && isBoundary(text, anchor)) {
      surrounding = { text, cursor, anchor };
    }
    this.#pending = { ...this.#pending, surrounding };
  }

  setTextChangeCause(_: ZwpTextInputV3Resource, cause: number): void {
    if (isEntry(ZwpTextInputV3ChangeCause, cause)) this.#pending = { ...this.#pending, cause };
  }

  setContentType(_: ZwpTextInputV3Resource, hint: number, purpose: number): void {
    const known = isEntry(ZwpTextInputV3ContentPurpose, purpose);
    this.#pending = {
      ...this.#pending,
      hint,
      purpose: known ? purpose : ZwpTextInputV3ContentPurpose.normal,
    };
  }

  setCursorRectangle(_: ZwpTextInputV3Resource, x: number, y: number, width: number, height: number): void {
    this.#pending = {
      ...this.#pending,
      cursor: width < 0 || height < 0 ? undefined : { x, y, width, height },
    };
  }

  commit(): void {
    this.#commits++;
    const enabled = this.#pendingEnabled;
    this.#pendingEnabled = undefined;
    // What was meant for a surface that has lost the keyboard.
    if (!this.surface) {
      this.#pending = initialState;
      return;
    }
    if (enabled !== undefined) this.#enabled = enabled && this.#inputs.mayEnable(this);
    if (!this.#enabled) this.#pending = initialState;
    if (!this.#enabled) this.#pace.clear();
    this.#state = this.#pending;
    this.#pending = { ...this.#pending, cause: initialState.cause };
    this.#inputs.changed(this, enabled === true);
  }

  destroy(): void {}

  /** A client without a shell cannot be asked. */
  #whenSeen(callback: () => void): void {
    const [wmBase] = this.surface?.state.wmBases ?? [];
    if (wmBase) wmBase.whenSeen(callback);
    else callback();
  }

  #reset(): void {
    this.#pace.clear();
    this.#enabled = false;
    this.#pendingEnabled = undefined;
    this.#state = initialState;
    this.#pending = initialState;
  }
}
