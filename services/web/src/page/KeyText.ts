import { KEY } from '@switchyard/uapi/input';

/** What the us layout's keys give, without and with Shift: `[code, plain, shifted]`. */
const rows: readonly [codes: readonly number[], plain: string, shifted: string][] = [
  [
    [
      KEY.GRAVE,
      KEY[1],
      KEY[2],
      KEY[3],
      KEY[4],
      KEY[5],
      KEY[6],
      KEY[7],
      KEY[8],
      KEY[9],
      KEY[0],
      KEY.MINUS,
      KEY.EQUAL,
    ],
    '`1234567890-=',
    '~!@#$%^&*()_+',
  ],
  [
    [
      KEY.Q,
      KEY.W,
      KEY.E,
      KEY.R,
      KEY.T,
      KEY.Y,
      KEY.U,
      KEY.I,
      KEY.O,
      KEY.P,
      KEY.LEFTBRACE,
      KEY.RIGHTBRACE,
      KEY.BACKSLASH,
    ],
    'qwertyuiop[]\\',
    'QWERTYUIOP{}|',
  ],
  [
    [KEY.A, KEY.S, KEY.D, KEY.F, KEY.G, KEY.H, KEY.J, KEY.K, KEY.L, KEY.SEMICOLON, KEY.APOSTROPHE],
    "asdfghjkl;'",
    'ASDFGHJKL:"',
  ],
  [
    [KEY.Z, KEY.X, KEY.C, KEY.V, KEY.B, KEY.N, KEY.M, KEY.COMMA, KEY.DOT, KEY.SLASH],
    'zxcvbnm,./',
    'ZXCVBNM<>?',
  ],
];

const shiftedText = new Map<number, string>();
const keysOfText = new Map<string, number>();
for (const [codes, plain, shifted] of rows) {
  for (const [i, code] of codes.entries()) {
    shiftedText.set(code, shifted[i]!);
    keysOfText.set(shifted[i]!, code);
    keysOfText.set(plain[i]!, code);
  }
}
for (const [name, code] of [
  [' ', KEY.SPACE],
  ['Enter', KEY.ENTER],
  ['Backspace', KEY.BACKSPACE],
  ['Tab', KEY.TAB],
  ['Escape', KEY.ESC],
  ['Delete', KEY.DELETE],
  ['ArrowLeft', KEY.LEFT],
  ['ArrowRight', KEY.RIGHT],
  ['ArrowUp', KEY.UP],
  ['ArrowDown', KEY.DOWN],
] as const) {
  keysOfText.set(name, code);
}

/** The key for an event that names no place (on-screen keyboards): the us layout's for its text. */
export function keyForText(text: string): number | undefined {
  return keysOfText.get(text);
}

/**
 * Whether a press means the shifted character although nobody holds Shift: on-screen keyboards and automation tell the
 * character and the key, and leave Shift out.
 */
export function impliesShift(code: number, { key, shiftKey }: KeyboardEvent): boolean {
  return !shiftKey && shiftedText.get(code) === key;
}
