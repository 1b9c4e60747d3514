import type { KeyModifiers, KeyPress } from './KeyEncoder.js';
import { keysyms } from './keysyms.js';

/** What the terminal does itself instead of telling the program. */
export const commands = [
  'copy',
  'paste',
  'paste-primary',
  'page-up',
  'page-down',
  'line-up',
  'line-down',
  'top',
  'bottom',
  'previous-prompt',
  'next-prompt',
  'larger',
  'smaller',
  'usual-size',
  'search',
  'links',
  'new-tab',
  'close-tab',
  'next-tab',
  'previous-tab',
  'move-tab-right',
  'move-tab-left',
] as const;
export type Command = (typeof commands)[number];

/** On the alternate screen, which has no scrollback, their keys are the program's. */
const scrolling: ReadonlySet<Command> = new Set([
  'page-up',
  'page-down',
  'line-up',
  'line-down',
  'top',
  'bottom',
  'previous-prompt',
  'next-prompt',
]);
/** With a single tab, theirs too. */
const amongTabs: ReadonlySet<Command> = new Set([
  'next-tab',
  'previous-tab',
  'move-tab-right',
  'move-tab-left',
]);

const usual: Readonly<Record<string, Command>> = {
  'Shift+PageUp': 'page-up',
  'Shift+PageDown': 'page-down',
  'Shift+Home': 'top',
  'Shift+End': 'bottom',
  'Ctrl+Shift+Up': 'line-up',
  'Ctrl+Shift+Down': 'line-down',
  'Ctrl+Shift+Z': 'previous-prompt',
  'Ctrl+Shift+X': 'next-prompt',
  'Ctrl+Shift+C': 'copy',
  'Ctrl+Shift+V': 'paste',
  'Shift+Insert': 'paste-primary',
  'Ctrl++': 'larger',
  'Ctrl+=': 'larger',
  'Ctrl+-': 'smaller',
  'Ctrl+0': 'usual-size',
  'Ctrl+Shift+F': 'search',
  'Ctrl+Shift+O': 'links',
  'Ctrl+Shift+T': 'new-tab',
  'Ctrl+Shift+W': 'close-tab',
  'Ctrl+PageDown': 'next-tab',
  'Ctrl+PageUp': 'previous-tab',
  'Ctrl+Shift+PageDown': 'move-tab-right',
  'Ctrl+Shift+PageUp': 'move-tab-left',
};

const names = new Map<string, number>(
  Object.entries(keysyms)
    .filter(([name]) => !name.startsWith('KP_'))
    .map(([name, keysym]) => [name.toLowerCase(), keysym]),
);
for (let number = 1; number <= 35; number++) names.set(`f${number}`, keysyms.F1 + number - 1);

/** The keypad's keys are those that are printed on them. */
const keypad = new Map<number, number>([
  [keysyms.KP_PageUp, keysyms.PageUp],
  [keysyms.KP_PageDown, keysyms.PageDown],
  [keysyms.KP_Home, keysyms.Home],
  [keysyms.KP_End, keysyms.End],
  [keysyms.KP_Insert, keysyms.Insert],
  [keysyms.KP_Up, keysyms.Up],
  [keysyms.KP_Down, keysyms.Down],
  [keysyms.KP_Enter, keysyms.Return],
]);

interface Chord {
  readonly control: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
  /** A keysym, or what the key types. */
  readonly key: number | string;
}

/** `Ctrl+Shift+PageUp`: names of modifiers and a key, or a character. Undefined when it is none. */
export function parseChord(text: string): Chord | undefined {
  const parts = text.endsWith('++') ? [...text.slice(0, -2).split('+'), '+'] : text.split('+');
  const last = parts.pop() ?? '';
  const held = parts.map((part) => part.toLowerCase());
  if (held.some((part) => !['ctrl', 'control', 'shift', 'alt', 'super', 'meta'].includes(part)))
    return undefined;
  const key = [...last].length === 1 ? last.toLowerCase() : names.get(last.toLowerCase());
  if (key === undefined) return undefined;
  return {
    control: held.includes('ctrl') || held.includes('control'),
    shift: held.includes('shift'),
    alt: held.includes('alt'),
    meta: held.includes('super') || held.includes('meta'),
    key,
  };
}

/** Which keys are the terminal's own. */
export class Bindings {
  readonly #chords: (readonly [Chord, Command])[] = [];

  /** `own`: chords of the user's, before the usual ones; `none` gives a chord to the program. */
  constructor(own: Readonly<Record<string, Command | 'none'>> = {}) {
    const all = new Map<string, Command | 'none'>();
    for (const [text, command] of [...Object.entries(usual), ...Object.entries(own)]) {
      const chord = parseChord(text);
      if (chord) all.set(JSON.stringify(chord), command);
    }
    for (const [chord, command] of all) {
      if (command !== 'none') this.#chords.push([JSON.parse(chord) as Chord, command]);
    }
  }

  /** `alternate`: the alternate screen is shown; `tabs`: how many there are. */
  command(key: KeyPress, modifiers: KeyModifiers, alternate: boolean, tabs: number): Command | undefined {
    const keysym = keypad.get(key.keysym) ?? key.keysym;
    const letter = key.text.toLowerCase();
    for (const [chord, command] of this.#chords) {
      if (
        chord.control !== modifiers.control ||
        chord.alt !== modifiers.alt ||
        chord.meta !== modifiers.meta ||
        !matches(chord, keysym, letter, key.latin, modifiers.shift)
      ) {
        continue;
      }
      if (alternate && scrolling.has(command)) return undefined;
      if (tabs < 2 && amongTabs.has(command)) return undefined;
      return command;
    }
    return undefined;
  }
}

function matches(chord: Chord, keysym: number, letter: string, latin: string, shift: boolean): boolean {
  if (typeof chord.key === 'number') return keysym === chord.key && chord.shift === shift;
  // A letter needs the Shift that it says; what other character a key types decides Shift itself.
  if (/^\p{L}$/u.test(chord.key)) {
    if (chord.shift !== shift) return false;
    return letter === chord.key || (!/^[a-z]$/.test(letter) && latin === chord.key);
  }
  return letter === chord.key;
}
