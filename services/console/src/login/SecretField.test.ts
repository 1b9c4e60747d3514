import { describe, expect, it } from 'vitest';
import { noModifiers } from '../Front.js';
import type { KeyPress } from '../KeyEncoder.js';
import { keysyms } from '../keysyms.js';
import { SecretField } from './SecretField.js';

const press = (text: string, keysym = text.codePointAt(0) ?? 0): KeyPress => ({ keysym, text, latin: text });
const control = { ...noModifiers, control: true };

function typed(text: string): SecretField {
  const field = new SecretField();
  for (const character of text) field.key(press(character), noModifiers);
  return field;
}

describe('SecretField', () => {
  it('keeps what is typed, and takes back whole characters', () => {
    const field = typed('aß€😀');
    expect(field.count).toBe(4);
    const backspace = press('\b', keysyms.BackSpace);
    field.key(backspace, noModifiers);
    field.key(backspace, noModifiers);
    expect(field.text).toBe('aß');
    for (let times = 0; times < 3; times++) field.key(backspace, noModifiers);
    expect(field.count).toBe(0);
  });

  it('is empty when its bytes were taken, by Escape, and by Ctrl+U', () => {
    const field = typed('secret');
    expect(Buffer.from(field.take()).toString()).toBe('secret');
    expect(field.count).toBe(0);
    for (const [key, modifiers] of [
      [press('\x1b', keysyms.Escape), noModifiers],
      [press('u'), control],
    ] as const) {
      const another = typed('secret');
      another.key(key, modifiers);
      expect(another.text).toBe('');
    }
  });

  it('takes no controls and no shortcuts', () => {
    const field = typed('a');
    for (const [key, modifiers] of [
      [press('\t', keysyms.Tab), noModifiers],
      [press('\x7f', keysyms.Delete), noModifiers],
      [press('', keysyms.Left), noModifiers],
      [press('c'), control],
      [press('x'), { ...noModifiers, alt: true }],
    ] as const) {
      expect(field.key(key, modifiers)).toBe(false);
    }
    expect(field.text).toBe('a');
  });

  it('has room for as much as PAM takes, and no more', () => {
    const field = typed('x'.repeat(600));
    expect(field.take()).toHaveLength(511);
    const almost = typed('x'.repeat(510));
    almost.key(press('€'), noModifiers);
    expect(almost.count).toBe(510);
  });
});
