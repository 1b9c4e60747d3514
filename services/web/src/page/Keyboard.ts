import { KEY } from '@switchyard/uapi/input';
import { key, MessageType, releaseAll } from '../wire/Wire.js';
import { keyCodes } from './KeyCodes.js';
import { impliesShift, keyForText } from './KeyText.js';

/** How long a paste chord waits for the browser to hand over its clipboard (ms); without a paste event it is a chord like any other. */
const PASTE_EVENT_MS = 40;

export interface KeyboardEvents {
  send(message: Uint8Array<ArrayBuffer>): void;
  /** Whether the seat can be reached: if not, the keys stay the browser's. */
  live(): boolean;
  /** Ctrl+Alt+Shift alone: the person wants the page's own controls. */
  leave(): void;
  /** The browser pastes: brings the text to the seat and resolves when it is there. `primary`: it was Shift+Insert. */
  paste(text: string, primary: boolean): Promise<void>;
  pasteImage(image: Blob): Promise<void>;
}

/**
 * The keyboard while the canvas has the focus. Keys are told by their place (event.code), each press and release once;
 * repeating is the session's matter.
 *
 * Ctrl+V, Ctrl+Shift+V and Shift+Insert (which terminals take for the primary selection) need the browser's clipboard on the seat before the seat sees the key:
 *
 *   typing ──paste chord──▶ pasting (keys wait) ──text is on the seat | no paste event──▶ typing
 */
export class Keyboard {
  readonly #canvas: HTMLCanvasElement;
  readonly #on: KeyboardEvents;
  readonly #pressed = new Set<number>();
  readonly #message = new DataView(new ArrayBuffer(key.size));
  #pasting = false;
  #pastesPrimary = false;
  #pasteTimer: number | undefined;
  readonly #waiting: [code: number, down: boolean][] = [];
  /** Only Ctrl, Alt and Shift have gone down since nothing was pressed. */
  #leaving = false;

  constructor(canvas: HTMLCanvasElement, on: KeyboardEvents) {
    this.#canvas = canvas;
    this.#on = on;
    canvas.addEventListener('keydown', (event) => this.#down(event));
    canvas.addEventListener('keyup', (event) => this.#up(event));
    canvas.addEventListener('blur', () => this.releaseAll());
    window.addEventListener('blur', () => this.releaseAll());
    document.addEventListener('visibilitychange', () => this.releaseAll());
    document.addEventListener('paste', (event) => this.#pasteEvent(event));
  }

  /** Presses all, then releases them in the opposite order. */
  chord(codes: readonly number[]): void {
    for (const code of codes) this.#send(code, true);
    for (const code of codes.toReversed()) this.#send(code, false);
  }

  releaseAll(): void {
    this.#endPaste();
    this.#leaving = false;
    if (this.#pressed.size === 0) return;
    this.#pressed.clear();
    const message = new Uint8Array(releaseAll.size);
    message[0] = MessageType.releaseAll;
    this.#on.send(message);
  }

  #down(event: KeyboardEvent): void {
    // The input method has this one; what comes of it comes as text.
    if (event.isComposing || event.key === 'Process') return;
    const code = codeOf(event);
    if (code === undefined || !this.#on.live()) return;
    const pastes = isPasteChord(event);
    if (!pastes || event.repeat) event.preventDefault();
    if (event.repeat || this.#pressed.has(code)) return;
    if (onWindows && event.key === 'AltGraph' && this.#pressed.delete(KEY.LEFTCTRL))
      this.#send(KEY.LEFTCTRL, false);
    this.#leaving = (this.#pressed.size === 0 || this.#leaving) && modifiers.has(code);
    this.#pressed.add(code);
    if (pastes && !this.#pasting) {
      this.#pasting = true;
      this.#pastesPrimary = code === KEY.INSERT;
      this.#pasteTimer = setTimeout(() => this.#endPaste(), PASTE_EVENT_MS);
    }
    // CapsLock gives capitals too, and the seat knows of it.
    const shifts = impliesShift(code, event) && !event.getModifierState('CapsLock') && !this.#holdsShift();
    if (shifts) this.#send(KEY.LEFTSHIFT, true);
    this.#send(code, true);
    if (shifts) this.#send(KEY.LEFTSHIFT, false);
  }

  #holdsShift(): boolean {
    return this.#pressed.has(KEY.LEFTSHIFT) || this.#pressed.has(KEY.RIGHTSHIFT);
  }

  #up(event: KeyboardEvent): void {
    const code = codeOf(event);
    if (code === undefined || !this.#pressed.has(code)) return;
    event.preventDefault();
    const leaves = this.#leaving && this.#holdsLeavingChord();
    this.#pressed.delete(code);
    this.#send(code, false);
    // macOS reports no keyup for keys that are released while Command is held.
    if (code === KEY.LEFTMETA || code === KEY.RIGHTMETA) this.releaseAll();
    if (leaves) {
      this.releaseAll();
      this.#on.leave();
    }
  }

  #holdsLeavingChord(): boolean {
    const held = (...codes: number[]) => codes.some((code) => this.#pressed.has(code));
    return held(KEY.LEFTCTRL, KEY.RIGHTCTRL) && held(KEY.LEFTALT) && held(KEY.LEFTSHIFT, KEY.RIGHTSHIFT);
  }

  #send(code: number, down: boolean): void {
    if (this.#pasting) {
      this.#waiting.push([code, down]);
      return;
    }
    key.set.type(this.#message, 0, MessageType.key);
    key.set.down(this.#message, 0, down ? 1 : 0);
    key.set.code(this.#message, 0, code);
    this.#on.send(new Uint8Array(this.#message.buffer));
  }

  #pasteEvent(event: ClipboardEvent): void {
    if (document.activeElement !== this.#canvas && !this.#pasting) return;
    event.preventDefault();
    clearTimeout(this.#pasteTimer);
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const image = [...(event.clipboardData?.files ?? [])].find(({ type }) => type === 'image/png');
    const done =
      text === '' && image ? this.#on.pasteImage(image) : this.#on.paste(text, this.#pastesPrimary);
    done.finally(() => this.#endPaste());
  }

  #endPaste(): void {
    clearTimeout(this.#pasteTimer);
    if (!this.#pasting) return;
    this.#pasting = false;
    for (const [code, down] of this.#waiting.splice(0)) this.#send(code, down);
  }
}

/** Windows says AltGr as ControlLeft and AltRight; to a seat that would be another chord. */
const onWindows = navigator.platform.startsWith('Win');

const codeOf = ({ code, key }: KeyboardEvent): number | undefined =>
  code === '' ? keyForText(key) : keyCodes.get(code);

const modifiers: ReadonlySet<number> = new Set([
  KEY.LEFTCTRL,
  KEY.RIGHTCTRL,
  KEY.LEFTALT,
  KEY.LEFTSHIFT,
  KEY.RIGHTSHIFT,
]);

const isPasteChord = ({ code, ctrlKey, shiftKey, altKey, metaKey }: KeyboardEvent): boolean =>
  !altKey &&
  ((code === 'KeyV' && (ctrlKey || metaKey)) || (code === 'Insert' && shiftKey && !ctrlKey && !metaKey));
