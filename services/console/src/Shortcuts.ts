import type { KeyModifiers, KeyPress } from './KeyEncoder.js';
import { keysyms } from './keysyms.js';

/** What the terminal does itself instead of telling the program. */
export type Command =
  | 'copy'
  | 'paste'
  | 'paste-primary'
  | 'page-up'
  | 'page-down'
  | 'line-up'
  | 'line-down'
  | 'top'
  | 'bottom'
  | 'larger'
  | 'smaller'
  | 'usual-size';

const scrolling = new Map<number, Command>([
  [keysyms.PageUp, 'page-up'],
  [keysyms.KP_PageUp, 'page-up'],
  [keysyms.PageDown, 'page-down'],
  [keysyms.KP_PageDown, 'page-down'],
  [keysyms.Home, 'top'],
  [keysyms.End, 'bottom'],
]);

/** `alternate`: the alternate screen, which has no scrollback: its keys are the program's. */
export function shortcut(key: KeyPress, modifiers: KeyModifiers, alternate: boolean): Command | undefined {
  const { shift, control, alt, meta } = modifiers;
  if (alt || meta) return undefined;
  if (shift && !control) {
    if (key.keysym === keysyms.Insert) return 'paste-primary';
    return alternate ? undefined : scrolling.get(key.keysym);
  }
  if (!control) return undefined;
  if (shift) {
    if (key.keysym === keysyms.Up && !alternate) return 'line-up';
    if (key.keysym === keysyms.Down && !alternate) return 'line-down';
    const letter = key.text.toLowerCase();
    if (letter === 'c' || (letter === '' && key.latin === 'c')) return 'copy';
    if (letter === 'v' || (letter === '' && key.latin === 'v')) return 'paste';
  }
  if (key.text === '+' || key.text === '=') return 'larger';
  if (key.text === '-') return 'smaller';
  return key.text === '0' ? 'usual-size' : undefined;
}
