import { KEY } from '@switchyard/uapi';
import { expect, test } from 'vitest';
import { SeatKeymap } from '../SeatKeymap.js';
import { KeysymKeys } from './KeysymKeys.js';

const keysym = (character: string) => character.codePointAt(0)!;

test('a character’s key is the seat’s layout’s, and another one when the layout is another', () => {
  using keymap = new SeatKeymap();
  const keys = new KeysymKeys(keymap);
  expect(keys.find(keysym('z'))?.code).toBe(KEY.Z);
  keymap.setLayout({ layout: 'de' });
  expect(keys.find(keysym('z'))?.code).toBe(KEY.Y);
  expect(keys.find(keysym('@'))).toEqual({ code: KEY.Q, modifiers: [KEY.RIGHTALT] });
  keymap.setLayout({});
  expect(keys.find(keysym('@'))).toEqual({ code: KEY[2], modifiers: [KEY.LEFTSHIFT] });
});
