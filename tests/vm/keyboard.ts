/** What QEMU calls a key (QKeyCode), where a person says it otherwise. */
const qcodes: Readonly<Record<string, string>> = {
  super: 'meta_l',
  enter: 'ret',
  escape: 'esc',
  space: 'spc',
  ' ': 'spc',
  '\n': 'ret',
  '\t': 'tab',
  '/': 'slash',
  '\\': 'backslash',
  '.': 'dot',
  '-': 'minus',
  ',': 'comma',
  ';': 'semicolon',
  '=': 'equal',
  "'": 'apostrophe',
  '`': 'grave_accent',
  '[': 'bracket_left',
  ']': 'bracket_right',
};

/** What Shift makes of a key of the US layout. */
const shifted: Readonly<Record<string, string>> = {
  '!': '1',
  '@': '2',
  '#': '3',
  $: '4',
  '%': '5',
  '^': '6',
  '&': '7',
  '*': '8',
  '(': '9',
  ')': '0',
  _: '-',
  '+': '=',
  '{': '[',
  '}': ']',
  '|': '\\',
  ':': ';',
  '"': "'",
  '~': '`',
  '<': ',',
  '>': '.',
  '?': '/',
};

const qcode = (key: string): string => qcodes[key] ?? key;

/** The keys of a chord such as `ctrl-alt-f2`, in the order in which they go down. */
export const chordKeys = (chord: string): string[] => chord.split('-').map(qcode);

/** The keys that type a character on the US layout, which is the guest's. */
export function characterKeys(character: string): string[] {
  const plain = shifted[character] ?? (/[A-Z]/.test(character) ? character.toLowerCase() : undefined);
  if (plain !== undefined) return ['shift', qcode(plain)];
  if (!/^[ -~\n\t]$/.test(character))
    throw new Error(`no key of the guest's keyboard types ${JSON.stringify(character)}`);
  return [qcode(character)];
}
