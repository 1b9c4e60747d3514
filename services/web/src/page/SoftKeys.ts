import { KEY } from '@switchyard/uapi/input';
import { keyForText } from './KeyText.js';

/** Buttons for what on-screen keyboards leave out. */
const buttons: readonly [label: string, name: string, code: number][] = [
  ['Esc', 'Escape', KEY.ESC],
  ['Tab', 'Tab', KEY.TAB],
  ['←', 'Left', KEY.LEFT],
  ['↑', 'Up', KEY.UP],
  ['↓', 'Down', KEY.DOWN],
  ['→', 'Right', KEY.RIGHT],
];
const held: readonly [label: string, code: number][] = [
  ['Ctrl', KEY.LEFTCTRL],
  ['Alt', KEY.LEFTALT],
];
/** Something before the cursor, so that deleting is an event on every on-screen keyboard. */
const FILLER = '\u200b\u200b';

export interface SoftKeysEvents {
  /** Presses all, then releases them. */
  chord(codes: readonly number[]): void;
  text(text: string): void;
  preedit(text: string): void;
}

/**
 * What brings up a phone's own keyboard: a text field that sends what is typed in it, with buttons beside it. Ctrl and
 * Alt stay pressed until the next key.
 */
export class SoftKeys {
  readonly #field: HTMLTextAreaElement;
  readonly #on: SoftKeysEvents;
  readonly #modifiers = new Map<number, HTMLButtonElement>();

  constructor(button: HTMLButtonElement, bar: HTMLElement, field: HTMLTextAreaElement, on: SoftKeysEvents) {
    this.#field = field;
    this.#on = on;
    button.addEventListener('click', () => {
      bar.hidden = !bar.hidden;
      button.setAttribute('aria-pressed', String(!bar.hidden));
      if (!bar.hidden) field.focus();
    });
    for (const [label, code] of held) {
      const key = addButton(bar, label, label, () =>
        key.setAttribute('aria-pressed', String(key.getAttribute('aria-pressed') !== 'true')),
      );
      key.setAttribute('aria-pressed', 'false');
      this.#modifiers.set(code, key);
    }
    for (const [label, name, code] of buttons) addButton(bar, label, name, () => this.#press(code));
    field.addEventListener('keydown', (event) => this.#key(event));
    field.addEventListener('beforeinput', (event) => this.#input(event));
    field.addEventListener('compositionupdate', ({ data }) => on.preedit(data));
    field.addEventListener('compositionend', ({ data }) => {
      on.preedit('');
      this.#type(data);
      this.#refill();
    });
    this.#refill();
  }

  /** Keys that tell themselves apart; letters come as text. */
  #key(event: KeyboardEvent): void {
    if (event.isComposing || event.key.length === 1) return;
    const code = keyForText(event.key);
    if (code === undefined) return;
    event.preventDefault();
    this.#press(code);
  }

  #input(event: InputEvent): void {
    if (event.isComposing) return;
    event.preventDefault();
    if (event.inputType.startsWith('delete')) this.#press(KEY.BACKSPACE);
    else if (event.inputType === 'insertLineBreak' || event.inputType === 'insertParagraph')
      this.#press(KEY.ENTER);
    else if (event.inputType !== 'insertCompositionText')
      this.#type(event.data ?? event.dataTransfer?.getData('text/plain') ?? '');
    this.#refill();
  }

  #type(text: string): void {
    if (text === '') return;
    const code = keyForText(text.toLowerCase());
    // With Ctrl or Alt it is a key, otherwise whatever it takes to write it.
    if (this.#held().length > 0 && code !== undefined) this.#press(code);
    else this.#on.text(text);
  }

  #press(code: number): void {
    this.#on.chord([...this.#held(), code]);
    for (const button of this.#modifiers.values()) button.setAttribute('aria-pressed', 'false');
  }

  #held(): number[] {
    return [...this.#modifiers]
      .filter(([, button]) => button.getAttribute('aria-pressed') === 'true')
      .map(([code]) => code);
  }

  #refill(): void {
    this.#field.value = FILLER;
    this.#field.setSelectionRange(FILLER.length, FILLER.length);
  }
}

function addButton(bar: HTMLElement, label: string, name: string, press: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.setAttribute('aria-label', name);
  // The text field keeps the focus, and with it the phone's keyboard.
  button.addEventListener('pointerdown', (event) => event.preventDefault());
  button.addEventListener('click', press);
  bar.append(button);
  return button;
}
