/** evdev codes (input-event-codes.h) of a us keyboard's rows: what is printed on a key, whatever the layout makes of it. */
const rows: readonly (readonly [first: number, characters: string])[] = [
  [2, '1234567890-='],
  [16, 'qwertyuiop[]'],
  [30, "asdfghjkl;'`"],
  [43, '\\zxcvbnm,./'],
  [57, ' '],
];

const byCode = new Map<number, string>();
for (const [first, characters] of rows) {
  for (const [index, character] of [...characters].entries()) byCode.set(first + index, character);
}

/** '' when the key types nothing on a us keyboard. */
export function latinLetter(code: number): string {
  return byCode.get(code) ?? '';
}
