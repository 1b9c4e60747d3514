import type { Caret } from './Caret.js';

/** The EditContext API (W3C EditContext), which TypeScript's DOM library does not have: text input for a canvas. */
interface EditContext extends EventTarget {
  updateText(start: number, end: number, text: string): void;
  updateSelection(start: number, end: number): void;
  updateControlBounds(bounds: DOMRect): void;
  updateSelectionBounds(bounds: DOMRect): void;
  updateCharacterBounds(start: number, bounds: DOMRect[]): void;
}
interface CharacterBoundsEvent extends Event {
  readonly rangeStart: number;
  readonly rangeEnd: number;
}
interface TextUpdateEvent extends Event {
  readonly text: string;
}

/**
 * The browser's input method on the canvas: what is being composed is the seat's preedit, what is chosen its text. Keys
 * that the input method takes never come as keys (Keyboard leaves `isComposing` and `Process` alone). Its window of
 * candidates stands at the seat's text cursor, or below the canvas while nobody knows where that is. Where the browser has
 * no EditContext, the text field of SoftKeys does it.
 */
export function inputMethodOn(
  canvas: HTMLCanvasElement,
  caret: Caret,
  on: { text(text: string): void; preedit(text: string): void },
): void {
  const Context = (window as { EditContext?: new () => EditContext }).EditContext;
  // On a phone a focused editor brings up the keyboard, which is for its own button to do.
  if (Context === undefined || matchMedia('(pointer: coarse)').matches) return;
  const context = new Context();
  let composing = false;
  let text = '';
  const clear = () => {
    context.updateText(0, Number.MAX_SAFE_INTEGER, '');
    context.updateSelection(0, 0);
  };
  const place = () => {
    const box = canvas.getBoundingClientRect();
    const bounds = caret.bounds ?? new DOMRect(box.left, box.bottom - 1, 1, 1);
    context.updateControlBounds(box);
    context.updateSelectionBounds(bounds);
    return bounds;
  };
  caret.onMoved(() => {
    if (composing) place();
  });
  // Where the seat draws each of the characters is not known here.
  context.addEventListener('characterboundsupdate', (event) => {
    const { rangeStart, rangeEnd } = event as CharacterBoundsEvent;
    context.updateCharacterBounds(rangeStart, Array(Math.max(0, rangeEnd - rangeStart)).fill(place()));
  });
  context.addEventListener('compositionstart', () => {
    composing = true;
    text = '';
    place();
  });
  context.addEventListener('textupdate', (event) => {
    text = (event as TextUpdateEvent).text;
    if (composing) return on.preedit(text);
    clear();
    if (text !== '') on.text(text);
  });
  context.addEventListener('compositionend', () => {
    composing = false;
    on.preedit('');
    clear();
    if (text !== '') on.text(text);
  });
  (canvas as HTMLCanvasElement & { editContext?: EditContext }).editContext = context;
}
