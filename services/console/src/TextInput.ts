import {
  type Globals,
  type WlSeatProxy,
  ZwpTextInputManagerV3Proxy,
  ZwpTextInputV3ContentHint,
  ZwpTextInputV3ContentPurpose,
  type ZwpTextInputV3Proxy,
} from '@switchyard/wayland';

/** What is being composed and not written yet. */
export interface Composed {
  readonly text: string;
  /** What the input method's own cursor is on, in bytes of UTF-8; both -1 hides it. */
  readonly begin: number;
  readonly end: number;
}

/** What is written to: the terminal's program, its search, or a program that asks for a password. */
export type FieldKind = 'terminal' | 'search' | 'password';

const contentTypes: Readonly<
  Record<FieldKind, readonly [hint: number, purpose: ZwpTextInputV3ContentPurpose]>
> = {
  terminal: [ZwpTextInputV3ContentHint.none, ZwpTextInputV3ContentPurpose.terminal],
  search: [ZwpTextInputV3ContentHint.none, ZwpTextInputV3ContentPurpose.normal],
  // Neither to be shown nor learnt from.
  password: [
    ZwpTextInputV3ContentHint.hidden_text | ZwpTextInputV3ContentHint.sensitive_data,
    ZwpTextInputV3ContentPurpose.password,
  ],
};

export interface CompositionEvents {
  /** Of the field that is written to now; when it is another, `renew` must be called. */
  readonly field: FieldKind;
  /** This is being composed from now on; undefined: nothing. */
  composing(composed: Composed | undefined): void;
  /** An input method wrote this. */
  composed(text: string): void;
}

/**
 * zwp_text_input_v3: the terminal as a text field of an input method, of whose text nothing is told but the cursor's place.
 *
 *   away ──enter / enable──▶ here ──leave──▶ away
 *
 * What comes is pending until `done`. Its serial says which of our states it was made for, and bars an answer in a new state alone: no
 * state of ours depends on what is composed, so text that was made for an older one counts like any other, and none is told from here.
 */
export class TextInput {
  readonly #proxy: ZwpTextInputV3Proxy;
  readonly #scale: () => number;
  readonly #events: CompositionEvents;
  #here = false;
  /** In pixels of the buffer: x, y, width, height. */
  readonly #cursor = new Int32Array(4);
  #placed = false;
  #pendingPreedit: Composed | undefined;
  #pendingText = '';
  #composing = false;

  /** Undefined where the display has none. `scale`: pixels of the buffer by units of the surface. */
  static bind(
    globals: Globals,
    seat: WlSeatProxy,
    scale: () => number,
    events: CompositionEvents,
  ): TextInput | undefined {
    const manager = globals.bind(ZwpTextInputManagerV3Proxy, 1);
    return manager && new TextInput(manager, seat, scale, events);
  }

  private constructor(
    manager: ZwpTextInputManagerV3Proxy,
    seat: WlSeatProxy,
    scale: () => number,
    events: CompositionEvents,
  ) {
    this.#scale = scale;
    this.#events = events;
    this.#proxy = manager.getTextInput(seat, {
      enter: () => {
        this.#here = true;
        this.#enable();
      },
      leave: () => this.#left(),
      preeditString: (_, text, begin, end) => {
        this.#pendingPreedit = text ? { text, begin, end } : undefined;
      },
      commitString: (_, text) => {
        this.#pendingText = text ?? '';
      },
      // Of text that was not told nothing can be deleted.
      deleteSurroundingText() {},
      done: () => this.#apply(),
    });
  }

  /** Where the text cursor is in the frame that was just drawn. Told when it is another place, and while somebody composes here. */
  place(x: number, y: number, width: number, height: number): void {
    const cursor = this.#cursor;
    if (this.#placed && cursor[0] === x && cursor[1] === y && cursor[2] === width && cursor[3] === height)
      return;
    cursor[0] = x;
    cursor[1] = y;
    cursor[2] = width;
    cursor[3] = height;
    this.#placed = true;
    if (!this.#here) return;
    this.#tellPlace();
    this.#proxy.commit();
  }

  /** The field that is written to is another one: what was composed for the one before is given up. */
  renew(): void {
    if (this.#here) this.#enable();
  }

  /** The connection has ended. */
  dispose(): void {
    this.#left();
  }

  /** Enabling takes all state back, the input method's too. */
  #enable(): void {
    this.#forget();
    this.#proxy.enable();
    this.#proxy.setContentType(...contentTypes[this.#events.field]);
    if (this.#placed) this.#tellPlace();
    this.#proxy.commit();
  }

  #tellPlace(): void {
    const scale = this.#scale();
    const [x, y, width, height] = this.#cursor as unknown as [number, number, number, number];
    const left = Math.floor(x / scale);
    const top = Math.floor(y / scale);
    this.#proxy.setCursorRectangle(
      left,
      top,
      Math.ceil((x + width) / scale) - left,
      Math.ceil((y + height) / scale) - top,
    );
  }

  /** In the protocol's order: what was being composed goes, text is written, then comes what is being composed now. */
  #apply(): void {
    const text = this.#pendingText;
    const preedit = this.#pendingPreedit;
    this.#pendingText = '';
    this.#pendingPreedit = undefined;
    if (!this.#here) return;
    if (text !== '') this.#events.composed(text);
    if (!preedit && !this.#composing) return;
    this.#composing = preedit !== undefined;
    this.#events.composing(preedit);
  }

  /** What comes between `leave` and `enter` is not for us. */
  #left(): void {
    this.#here = false;
    this.#forget();
  }

  #forget(): void {
    this.#pendingText = '';
    this.#pendingPreedit = undefined;
    if (!this.#composing) return;
    this.#composing = false;
    this.#events.composing(undefined);
  }
}
