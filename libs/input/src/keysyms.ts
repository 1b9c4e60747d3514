/** Keysyms: X's numbers for what keys mean. Complete with libxkbcommon; without it, as far as the us layout goes. */
import native from '@switchyard/native';
import { usKeysyms } from './generated/usKeys.js';

/** Keysyms from here on are Unicode characters (X11 protocol, appendix A). */
const UNICODE = 0x01000000;

/** Keysyms with a character of their own that no rule gives: the control keys and the keypad. */
const characters: ReadonlyMap<number, string> = new Map([
  [0xff08, '\b'],
  [0xff09, '\t'],
  [0xff0a, '\n'],
  [0xff0b, '\v'],
  [0xff0d, '\r'],
  [0xff1b, '\x1b'],
  [0xffff, '\x7f'],
  [0xff80, ' '],
  [0xff89, '\t'],
  [0xff8d, '\r'],
  [0xffbd, '='],
  ...Array.from('*+,-./0123456789', (text, i): [number, string] => [0xffaa + i, text]),
]);

/** The keysym of a name from xkbcommon-keysyms.h without XKB_KEY_ ('Return', 'odiaeresis', 'U20AC'); 0 when there is none. */
export function keysymByName(name: string): number {
  if (native.xkbAvailable()) return native.xkbKeysymFromName(name);
  return usKeysyms[name] ?? 0;
}

/** The name of a keysym; '' when it has none. */
export function keysymName(keysym: number): string {
  if (native.xkbAvailable()) return native.xkbKeysymName(keysym);
  return Object.entries(usKeysyms).find(([, value]) => value === keysym)?.[0] ?? '';
}

/** The character that a keysym types; '' when it types none. */
export function keysymToUtf8(keysym: number): string {
  if ((keysym >= 0x20 && keysym <= 0x7e) || (keysym >= 0xa0 && keysym <= 0xff))
    return String.fromCharCode(keysym);
  const character = characters.get(keysym);
  if (character !== undefined) return character;
  if (keysym >= UNICODE + 0x100 && keysym <= UNICODE + 0x10ffff)
    return String.fromCodePoint(keysym - UNICODE);
  const code = native.xkbAvailable() ? native.xkbKeysymToUtf32(keysym) : 0;
  return code ? String.fromCodePoint(code) : '';
}

/** The keysym of a string's first character; 0 when it has none. */
export function keysymOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if ((code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff)) return code;
  if (native.xkbAvailable()) return native.xkbUtf32ToKeysym(code);
  for (const [keysym, text] of characters) if (text === character) return keysym;
  return code >= 0x100 ? UNICODE + code : 0;
}
