import { encodeKittyKey, encodeOtherKey } from './KittyKeys.js';
import { keysyms } from './keysyms.js';

export interface KeyModifiers {
  readonly shift: boolean;
  readonly alt: boolean;
  readonly control: boolean;
  readonly meta: boolean;
  readonly numLock: boolean;
  readonly capsLock: boolean;
}

export interface KeyModes {
  /** DECCKM */
  readonly applicationCursor: boolean;
  /** DECNKM, DECKPAM */
  readonly applicationKeypad: boolean;
  /** KittyKeys.ts */
  readonly kittyFlags: number;
  /** xterm's resource, 0…2 */
  readonly modifyOtherKeys: number;
}

export interface KeyPress {
  readonly keysym: number;
  /** What the key types, Control not applied. */
  readonly text: string;
  /** What the key would type on a us keyboard, for Control with letters that have no control code (Ctrl+С is ^C). */
  readonly latin: string;
  /** What the key types in its layout without Shift and locks, and with Shift; '' or absent when that is nothing. */
  readonly plain?: string;
  readonly shifted?: string;
  /** A press when absent. */
  readonly event?: 'press' | 'repeat' | 'release';
}

const ESC = '\x1b';

/** `CSI 1 ; m X`, plain `CSI X`, or `SS3 X` in application cursor mode. */
const cursorKeys = new Map<number, string>([
  [keysyms.Up, 'A'],
  [keysyms.Down, 'B'],
  [keysyms.Right, 'C'],
  [keysyms.Left, 'D'],
  [keysyms.Begin, 'E'],
  [keysyms.End, 'F'],
  [keysyms.Home, 'H'],
]);

/** `CSI n ~` or `CSI n ; m ~`; F5… have the numbers of the VT220's second row. */
const numberedKeys = new Map<number, number>([
  [keysyms.Insert, 2],
  [keysyms.Delete, 3],
  [keysyms.PageUp, 5],
  [keysyms.PageDown, 6],
  [keysyms.Menu, 29],
  ...[15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34].map(
    (number, index): [number, number] => [keysyms.F1 + 4 + index, number],
  ),
]);

/** Keypad keys without Num Lock are the keys that are printed on them. */
const keypadTwins = new Map<number, number>([
  [keysyms.KP_Home, keysyms.Home],
  [keysyms.KP_Left, keysyms.Left],
  [keysyms.KP_Up, keysyms.Up],
  [keysyms.KP_Right, keysyms.Right],
  [keysyms.KP_Down, keysyms.Down],
  [keysyms.KP_PageUp, keysyms.PageUp],
  [keysyms.KP_PageDown, keysyms.PageDown],
  [keysyms.KP_End, keysyms.End],
  [keysyms.KP_Begin, keysyms.Begin],
  [keysyms.KP_Insert, keysyms.Insert],
  [keysyms.KP_Delete, keysyms.Delete],
]);

/** `SS3 X` in application keypad mode (without Num Lock, which makes digits of the keys again, as in xterm). */
const applicationKeypad = new Map<number, string>([
  [keysyms.KP_Multiply, 'j'],
  [keysyms.KP_Add, 'k'],
  [keysyms.KP_Separator, 'l'],
  [keysyms.KP_Subtract, 'm'],
  [keysyms.KP_Decimal, 'n'],
  [keysyms.KP_Divide, 'o'],
  [keysyms.KP_Enter, 'M'],
  [keysyms.KP_Equal, 'X'],
  ...Array.from('pqrstuvwxy', (letter, digit): [number, string] => [keysyms.KP_0 + digit, letter]),
]);

/** Control codes of keys that are not between @ and _. */
const controlCodes = new Map<string, string>([
  [' ', '\0'],
  ['2', '\0'],
  ['3', ESC],
  ['4', '\x1c'],
  ['5', '\x1d'],
  ['6', '\x1e'],
  ['7', '\x1f'],
  ['8', '\x7f'],
  ['/', '\x1f'],
  ['?', '\x7f'],
  ['`', '\0'],
]);

/** What a key sends to the application: as it asked for, else as xterm-256color's terminfo entry and xterm say; '' for nothing. */
export function encodeKey(key: KeyPress, modifiers: KeyModifiers, modes: KeyModes): string {
  const asked =
    modes.kittyFlags !== 0
      ? encodeKittyKey(key, modifiers, modes.kittyFlags)
      : encodeOtherKey(key, modifiers, modes.modifyOtherKeys);
  if (asked !== undefined) return asked;
  return key.event === 'release' ? '' : encodeUsualKey(key, modifiers, modes);
}

function encodeUsualKey(key: KeyPress, modifiers: KeyModifiers, modes: KeyModes): string {
  const parameter =
    1 +
    (modifiers.shift ? 1 : 0) +
    (modifiers.alt ? 2 : 0) +
    (modifiers.control ? 4 : 0) +
    (modifiers.meta ? 8 : 0);
  if (modes.applicationKeypad && !modifiers.numLock) {
    const letter = applicationKeypad.get(key.keysym);
    if (letter) return parameter > 1 ? `${ESC}O${parameter}${letter}` : `${ESC}O${letter}`;
  }
  const keysym = keypadTwins.get(key.keysym) ?? key.keysym;

  const cursor = cursorKeys.get(keysym);
  if (cursor) {
    if (parameter > 1) return `${ESC}[1;${parameter}${cursor}`;
    return modes.applicationCursor ? `${ESC}O${cursor}` : `${ESC}[${cursor}`;
  }
  if (keysym >= keysyms.F1 && keysym < keysyms.F1 + 4) {
    const letter = 'PQRS'[keysym - keysyms.F1];
    return parameter > 1 ? `${ESC}[1;${parameter}${letter}` : `${ESC}O${letter}`;
  }
  const number = numberedKeys.get(keysym);
  if (number !== undefined) {
    return parameter > 1 ? `${ESC}[${number};${parameter}~` : `${ESC}[${number}~`;
  }
  const text = plainText(keysym, key, modifiers);
  return text !== '' && modifiers.alt ? ESC + text : text;
}

function plainText(keysym: number, key: KeyPress, modifiers: KeyModifiers): string {
  switch (keysym) {
    case keysyms.BackSpace:
      return modifiers.control ? '\b' : '\x7f';
    case keysyms.Tab:
      return modifiers.shift ? `${ESC}[Z` : '\t';
    case keysyms.ISO_Left_Tab:
      return `${ESC}[Z`;
    case keysyms.Return:
    case keysyms.KP_Enter:
      return '\r';
    case keysyms.Escape:
      return ESC;
    default:
      return modifiers.control ? controlOf(key) : key.text;
  }
}

function controlOf(key: KeyPress): string {
  return controlCode(key.text) ?? controlCode(key.latin) ?? key.text;
}

function controlCode(text: string): string | undefined {
  if (text.length !== 1) return undefined;
  const code = text.toUpperCase().charCodeAt(0);
  if (code >= 0x40 && code <= 0x5f) return String.fromCharCode(code & 0x1f);
  return controlCodes.get(text);
}
