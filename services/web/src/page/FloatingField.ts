import type { Caret } from './Caret.js';

/**
 * Keeps a text field at the seat's text cursor while something is composed in it, and with it the input method's window
 * of candidates. A phone's keyboard composes all the time, below everything: there the field stays where it is.
 */
export function floatAtCaret(field: HTMLTextAreaElement, caret: Caret): void {
  if (matchMedia('(pointer: coarse)').matches) return;
  let composing = false;
  const place = () => {
    const bounds = composing ? caret.bounds : undefined;
    const bar = field.parentElement!;
    // The bar stays as high as it is, or the screen above it would grow meanwhile.
    if (bounds !== undefined && field.dataset['floats'] !== 'true')
      bar.style.minHeight = `${bar.offsetHeight}px`;
    field.dataset['floats'] = String(bounds !== undefined);
    const { style } = field;
    if (bounds === undefined) {
      bar.style.removeProperty('min-height');
      style.removeProperty('left');
      style.removeProperty('top');
      return;
    }
    // Below the cursor's line, or above it where the window ends.
    const { width, height } = field.getBoundingClientRect();
    const below = bounds.bottom + height <= window.innerHeight;
    style.left = `${Math.max(0, Math.min(bounds.left, window.innerWidth - width))}px`;
    style.top = `${below ? bounds.bottom : Math.max(0, bounds.top - height)}px`;
  };
  const compose = (on: boolean) => () => {
    composing = on;
    place();
  };
  field.addEventListener('compositionstart', compose(true));
  field.addEventListener('compositionend', compose(false));
  field.addEventListener('blur', compose(false));
  caret.onMoved(place);
}
