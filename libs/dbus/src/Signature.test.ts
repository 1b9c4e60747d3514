import { describe, expect, it } from 'vitest';
import { ProtocolError } from './DBusError.js';
import { isValidSignature, parseSignature, parseSingleType } from './Signature.js';

describe('a signature', () => {
  it.each(['', 'y', 'sss', 'a{sv}', 'a(iiay)', '(i(ii))', 'aaas', 'a{ya{sv}}', 'v', 'ahg'])(
    'accepts %j',
    (text) => {
      expect(
        parseSignature(text)
          .map((type) => type.text)
          .join(''),
      ).toBe(text);
    },
  );

  it.each([
    'a',
    'aa',
    '(',
    '()',
    ')',
    '(i',
    'a{}',
    'a{s}',
    'a{svs}',
    '{sv}',
    'a{vs}',
    'a{(i)s}',
    'z',
    'r',
    'e',
    'm',
    'i)',
    'a{sv',
    '\0',
    ' s',
  ])('refuses %j', (text) => {
    expect(isValidSignature(text)).toBe(false);
    expect(() => parseSignature(text)).toThrow(ProtocolError);
  });

  it('is at most 255 bytes long', () => {
    expect(isValidSignature('y'.repeat(255))).toBe(true);
    expect(isValidSignature('y'.repeat(256))).toBe(false);
  });

  it('nests arrays and structs at most 32 deep, each for itself', () => {
    expect(isValidSignature(`${'a'.repeat(32)}y`)).toBe(true);
    expect(isValidSignature(`${'a'.repeat(33)}y`)).toBe(false);
    const structs = (depth: number) => `${'('.repeat(depth)}y${')'.repeat(depth)}`;
    expect(isValidSignature(structs(32))).toBe(true);
    expect(isValidSignature(structs(33))).toBe(false);
    expect(isValidSignature(`${'a'.repeat(32)}${structs(32)}`)).toBe(true);
  });

  it('of a variant is one complete type', () => {
    expect(parseSingleType('a{sv}').children[0]?.children.map((type) => type.text)).toEqual(['s', 'v']);
    expect(() => parseSingleType('')).toThrow(ProtocolError);
    expect(() => parseSingleType('ss')).toThrow(ProtocolError);
  });
});
