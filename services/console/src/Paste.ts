/** Control characters that a paste may bring; all others could be commands to the terminal or the program. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/**
 * Text as it is typed by pasting: line ends are Return; with bracketed paste it stands between marks that it cannot itself contain,
 * since no escape character comes through.
 */
export function pasted(text: string, bracketed: boolean): string {
  const clean = text.replace(/\r\n?|\n/g, '\r').replace(FORBIDDEN, '');
  if (clean === '') return '';
  return bracketed ? `\x1b[200~${clean}\x1b[201~` : clean;
}
