/** The EditContext API (W3C EditContext), which TypeScript's DOM library does not have: text input for a canvas. */
interface EditContext extends EventTarget {
  updateText(start: number, end: number, text: string): void;
  updateSelection(start: number, end: number): void;
  updateControlBounds(bounds: DOMRect): void;
  updateSelectionBounds(bounds: DOMRect): void;
}
interface TextUpdateEvent extends Event {
  readonly text: string;
}

/**
 * The browser's input method on the canvas: what is being composed is the seat's preedit, what is chosen its text. Keys
 * that the input method takes never come as keys (Keyboard leaves `isComposing` and `Process` alone). Where the browser
 * has no EditContext, the text field of SoftKeys does it.
 */
export function inputMethodOn(
  canvas: HTMLCanvasElement,
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
  context.addEventListener('compositionstart', () => {
    composing = true;
    text = '';
    const box = canvas.getBoundingClientRect();
    context.updateControlBounds(box);
    context.updateSelectionBounds(new DOMRect(box.left, box.bottom - 1, 1, 1));
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
