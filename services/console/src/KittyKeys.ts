import type { KeyModifiers, KeyPress } from './KeyEncoder.js';
import { keysyms } from './keysyms.js';

/** The kitty keyboard protocol's flags: what a program asked to be told beyond what a VT tells. */
export const kitty = {
  disambiguate: 1,
  eventTypes: 2,
  alternates: 4,
  allKeys: 8,
  text: 16,
} as const;

/** Keys with an end of their own: `CSI number ; modifiers end`. All others end in `u`. */
const ends = new Map<number, readonly [number: number, end: string]>([
  [keysyms.Insert, [2, '~']],
  [keysyms.Delete, [3, '~']],
  [keysyms.PageUp, [5, '~']],
  [keysyms.PageDown, [6, '~']],
  [keysyms.Up, [1, 'A']],
  [keysyms.Down, [1, 'B']],
  [keysyms.Right, [1, 'C']],
  [keysyms.Left, [1, 'D']],
  [keysyms.Begin, [1, 'E']],
  [keysyms.KP_Begin, [1, 'E']],
  [keysyms.End, [1, 'F']],
  [keysyms.Home, [1, 'H']],
  ...(['P', 'Q', '', 'S'] as const).flatMap((end, index): [number, [number, string]][] =>
    end === '' ? [] : [[keysyms.F1 + index, [1, end]]],
  ),
  ...[13, 0, 15, 17, 18, 19, 20, 21, 23, 24].flatMap((number, index): [number, [number, string]][] =>
    number === 0 ? [] : [[keysyms.F1 + 2 + index, [number, '~']]],
  ),
]);

/** The protocol's own numbers of keys that have no character, by keysym; ranges that both count alike are one entry. */
const numbered: readonly (readonly [keysym: number, number: number, count: number])[] = [
  [keysyms.Escape, 27, 1],
  [keysyms.Return, 13, 1],
  [keysyms.Tab, 9, 1],
  [keysyms.ISO_Left_Tab, 9, 1],
  [keysyms.BackSpace, 127, 1],
  [0xffe5, 57_358, 1], // Caps_Lock
  [0xff14, 57_359, 1], // Scroll_Lock
  [0xff7f, 57_360, 1], // Num_Lock
  [0xff61, 57_361, 1], // Print
  [0xff13, 57_362, 1], // Pause
  [keysyms.Menu, 57_363, 1],
  [keysyms.F1 + 12, 57_376, 23], // F13…F35
  [keysyms.KP_0, 57_399, 10],
  [keysyms.KP_Decimal, 57_409, 1],
  [keysyms.KP_Divide, 57_410, 1],
  [keysyms.KP_Multiply, 57_411, 1],
  [keysyms.KP_Subtract, 57_412, 1],
  [keysyms.KP_Add, 57_413, 1],
  [keysyms.KP_Enter, 57_414, 1],
  [keysyms.KP_Equal, 57_415, 1],
  [keysyms.KP_Separator, 57_416, 1],
  [keysyms.KP_Left, 57_417, 1],
  [keysyms.KP_Right, 57_418, 1],
  [keysyms.KP_Up, 57_419, 1],
  [keysyms.KP_Down, 57_420, 1],
  [keysyms.KP_PageUp, 57_421, 2],
  [keysyms.KP_Home, 57_423, 1],
  [keysyms.KP_End, 57_424, 1],
  [keysyms.KP_Insert, 57_425, 2],
  [0x1008ff14, 57_430, 1], // XF86AudioPlay: play or pause
  [0x1008ff15, 57_432, 1], // XF86AudioStop
  [0x1008ff17, 57_435, 1], // XF86AudioNext
  [0x1008ff16, 57_436, 1], // XF86AudioPrev
  [0x1008ff11, 57_438, 1], // XF86AudioLowerVolume
  [0x1008ff13, 57_439, 1], // XF86AudioRaiseVolume
  [0x1008ff12, 57_440, 1], // XF86AudioMute
  [0xffe1, 57_441, 1], // Shift_L
  [0xffe3, 57_442, 1], // Control_L
  [0xffe9, 57_443, 1], // Alt_L
  [0xffeb, 57_444, 1], // Super_L
  [0xffed, 57_445, 1], // Hyper_L
  [0xffe7, 57_446, 1], // Meta_L
  [0xffe2, 57_447, 1], // Shift_R
  [0xffe4, 57_448, 1], // Control_R
  [0xffea, 57_449, 1], // Alt_R
  [0xffec, 57_450, 1], // Super_R
  [0xffee, 57_451, 1], // Hyper_R
  [0xffe8, 57_452, 1], // Meta_R
  [0xfe03, 57_453, 1], // ISO_Level3_Shift
  [0xfe11, 57_454, 1], // ISO_Level5_Shift
];
const LOCKS: ReadonlySet<number> = new Set([57_358, 57_359, 57_360]);
const isModifier = (number: number) => (number >= 57_441 && number <= 57_454) || LOCKS.has(number);
const isKeypad = (number: number) => number >= 57_399 && number <= 57_416;
/** Keys whose old byte a shell must go on getting, so that `reset` can be typed after a crash: Enter, Tab, Backspace. */
const isPlainControl = (number: number) => number === 13 || number === 9 || number === 127;

function numberOf(keysym: number): number | undefined {
  for (const [first, number, count] of numbered) {
    if (keysym >= first && keysym < first + count) return number + keysym - first;
  }
  return undefined;
}

const codePoints = (text: string) => [...text].map((character) => character.codePointAt(0)!);
const isControl = (text: string) => text === '' || text.charCodeAt(0) < 0x20 || text === '\x7f';

/**
 * What a key sends to a program that turned the protocol's `flags` on. Undefined: what it always sent (KeyEncoder). '' when it sends
 * nothing: releases that nobody asked for.
 */
export function encodeKittyKey(key: KeyPress, modifiers: KeyModifiers, flags: number): string | undefined {
  const { event = 'press' } = key;
  const all = (flags & kitty.allKeys) !== 0;
  if (event === 'release' && (flags & kitty.eventTypes) === 0) return '';
  const special = ends.get(key.keysym);
  const number = special ? special[0] : numberOf(key.keysym);
  const plain = key.plain || key.text.toLowerCase();
  if (number === undefined && plain === '') return '';
  if (number !== undefined && !special && isModifier(number) && !all) return '';

  const held =
    (modifiers.shift ? 1 : 0) |
    (modifiers.alt ? 2 : 0) |
    (modifiers.control ? 4 : 0) |
    (modifiers.meta ? 8 : 0);
  const locks = (modifiers.capsLock ? 64 : 0) | (modifiers.numLock ? 128 : 0);
  const types = (number === undefined || isKeypad(number)) && !isControl(key.text);
  if (!all) {
    // Text stays text, for programs that know of no more than the keys between them.
    if (types && (held & ~1) === 0 && event !== 'release') return key.text;
    if (number !== undefined && !special && isPlainControl(number)) {
      if (event === 'release') return '';
      if (held === 0) return undefined;
    }
    if ((flags & kitty.disambiguate) === 0 && event !== 'release') return undefined;
  }
  const mask = held | (all || number !== undefined ? locks : 0);

  let fields = String(number ?? plain.codePointAt(0));
  if (flags & kitty.alternates && number === undefined) {
    const shifted =
      modifiers.shift && key.shifted && key.shifted !== plain ? codePoints(key.shifted)[0]! : '';
    const base = key.latin !== '' && key.latin !== plain ? codePoints(key.latin)[0]! : '';
    if (base !== '') fields += `:${shifted}:${base}`;
    else if (shifted !== '') fields += `:${shifted}`;
  }
  const kind = flags & kitty.eventTypes && event !== 'press' ? (event === 'repeat' ? ':2' : ':3') : '';
  const text =
    flags & kitty.text && all && event !== 'release' && !isControl(key.text) && (held & ~1) === 0
      ? codePoints(key.text).join(':')
      : '';
  if (special && mask === 0 && kind === '') return `\x1b[${special[0] === 1 ? '' : fields}${special[1]}`;
  let sequence = `\x1b[${fields}`;
  if (mask !== 0 || kind !== '' || text !== '')
    sequence += `;${mask !== 0 || kind !== '' ? 1 + mask : ''}${kind}`;
  if (text !== '') sequence += `;${text}`;
  return sequence + (special ? special[1] : 'u');
}

/** xterm's modifyOtherKeys: `CSI 27 ; modifiers ; code ~` for keys that have no sequence of their own. Undefined: as always. */
export function encodeOtherKey(key: KeyPress, modifiers: KeyModifiers, level: number): string | undefined {
  const held =
    (modifiers.shift ? 1 : 0) |
    (modifiers.alt ? 2 : 0) |
    (modifiers.control ? 4 : 0) |
    (modifiers.meta ? 8 : 0);
  if (level === 0 || held === 0 || ends.has(key.keysym)) return undefined;
  const number = numberOf(key.keysym);
  const control = number !== undefined && (isPlainControl(number) || number === 27);
  const code = control ? number : number === undefined ? key.text.codePointAt(0) : undefined;
  if (code === undefined) return undefined;
  if (!control && held === 1) return undefined;
  if (level === 1) {
    // Only what a VT cannot say: a key with Control that has no control character.
    if (control) {
      if (held === 1 && number === 9) return undefined;
      if (held === 2 || number === 127 || number === 27) return undefined;
    } else if (!modifiers.control || /^[a-zA-Z @[\\\]^_/?2-8`~-]$/.test(key.text)) return undefined;
  }
  return `\x1b[27;${1 + held};${code}~`;
}
