import { describe, expect, test } from 'vitest';
import { encodeKey, type KeyModes } from './KeyEncoder.js';
import { keysyms } from './keysyms.js';

const modes: KeyModes = {
  applicationCursor: false,
  applicationKeypad: false,
  kittyFlags: 0,
  modifyOtherKeys: 0,
};

function press(name: string, keysym: number, text = '', using: Partial<KeyModes> = {}, latin = text): string {
  const held = name.split('+').slice(0, -1);
  const modifiers = {
    shift: held.includes('Shift'),
    alt: held.includes('Alt'),
    control: held.includes('Ctrl'),
    meta: held.includes('Super'),
    numLock: held.includes('Num'),
    capsLock: false,
  };
  return encodeKey({ keysym, text, latin }, modifiers, { ...modes, ...using });
}

const k = keysyms;

describe('encodeKey', () => {
  test.each<[string, number, string, string]>([
    ['a', 0x61, 'a', 'a'],
    ['Shift+A', 0x41, 'A', 'A'],
    ['ö', 0xf6, 'ö', 'ö'],
    ['Alt+a', 0x61, 'a', '\x1ba'],
    ['Ctrl+a', 0x61, 'a', '\x01'],
    ['Ctrl+z', 0x7a, 'z', '\x1a'],
    ['Ctrl+Shift+A', 0x41, 'A', '\x01'],
    ['Ctrl+Alt+a', 0x61, 'a', '\x1b\x01'],
    ['Ctrl+space', 0x20, ' ', '\0'],
    ['Ctrl+@', 0x40, '@', '\0'],
    ['Ctrl+[', 0x5b, '[', '\x1b'],
    ['Ctrl+\\', 0x5c, '\\', '\x1c'],
    ['Ctrl+]', 0x5d, ']', '\x1d'],
    ['Ctrl+^', 0x5e, '^', '\x1e'],
    ['Ctrl+_', 0x5f, '_', '\x1f'],
    ['Ctrl+/', 0x2f, '/', '\x1f'],
    ['Ctrl+2', 0x32, '2', '\0'],
    ['Ctrl+8', 0x38, '8', '\x7f'],
    ['Ctrl+?', 0x3f, '?', '\x7f'],
    ['Ctrl+1', 0x31, '1', '1'],
    ['BackSpace', k.BackSpace, '\b', '\x7f'],
    ['Ctrl+BackSpace', k.BackSpace, '\b', '\b'],
    ['Alt+BackSpace', k.BackSpace, '\b', '\x1b\x7f'],
    ['Tab', k.Tab, '\t', '\t'],
    ['Shift+Tab', k.ISO_Left_Tab, '', '\x1b[Z'],
    ['Return', k.Return, '\r', '\r'],
    ['Alt+Return', k.Return, '\r', '\x1b\r'],
    ['Escape', k.Escape, '\x1b', '\x1b'],
    ['Up', k.Up, '', '\x1b[A'],
    ['Shift+Up', k.Up, '', '\x1b[1;2A'],
    ['Ctrl+Left', k.Left, '', '\x1b[1;5D'],
    ['Alt+Right', k.Right, '', '\x1b[1;3C'],
    ['Ctrl+Shift+Down', k.Down, '', '\x1b[1;6B'],
    ['Home', k.Home, '', '\x1b[H'],
    ['End', k.End, '', '\x1b[F'],
    ['Ctrl+Home', k.Home, '', '\x1b[1;5H'],
    ['Insert', k.Insert, '', '\x1b[2~'],
    ['Delete', k.Delete, '\x7f', '\x1b[3~'],
    ['Ctrl+Delete', k.Delete, '\x7f', '\x1b[3;5~'],
    ['PageUp', k.PageUp, '', '\x1b[5~'],
    ['PageDown', k.PageDown, '', '\x1b[6~'],
    ['F1', k.F1, '', '\x1bOP'],
    ['F4', k.F1 + 3, '', '\x1bOS'],
    ['Shift+F1', k.F1, '', '\x1b[1;2P'],
    ['F5', k.F1 + 4, '', '\x1b[15~'],
    ['F6', k.F1 + 5, '', '\x1b[17~'],
    ['F10', k.F1 + 9, '', '\x1b[21~'],
    ['F11', k.F1 + 10, '', '\x1b[23~'],
    ['F12', k.F1 + 11, '', '\x1b[24~'],
    ['Ctrl+F12', k.F1 + 11, '', '\x1b[24;5~'],
    ['F20', k.F20, '', '\x1b[34~'],
    ['KP_5', k.KP_0 + 5, '5', '5'],
    ['KP_Enter', k.KP_Enter, '\r', '\r'],
    ['KP_Home', k.KP_Home, '', '\x1b[H'],
    ['KP_Delete', k.KP_Delete, '', '\x1b[3~'],
    ['Shift_L', 0xffe1, '', ''],
  ])('%s', (name, keysym, text, sent) => {
    expect(press(name, keysym, text)).toBe(sent);
  });

  test('application cursor keys are SS3, but not with a modifier', () => {
    expect(press('Up', k.Up, '', { applicationCursor: true })).toBe('\x1bOA');
    expect(press('Home', k.Home, '', { applicationCursor: true })).toBe('\x1bOH');
    expect(press('Ctrl+Up', k.Up, '', { applicationCursor: true })).toBe('\x1b[1;5A');
    expect(press('Delete', k.Delete, '', { applicationCursor: true })).toBe('\x1b[3~');
  });

  test('the application keypad is SS3, but digits with Num Lock', () => {
    const application = { applicationKeypad: true };
    expect(press('KP_5', k.KP_0 + 5, '5', application)).toBe('\x1bOu');
    expect(press('KP_Enter', k.KP_Enter, '\r', application)).toBe('\x1bOM');
    expect(press('KP_Add', k.KP_Add, '+', application)).toBe('\x1bOk');
    expect(press('Num+KP_5', k.KP_0 + 5, '5', application)).toBe('5');
  });

  test('Control works by the key’s place where the layout has other letters', () => {
    expect(press('Ctrl+с', 0x6d3, 'с', {}, 'c')).toBe('\x03');
  });
});
