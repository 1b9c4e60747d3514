import { Variant } from '@switchyard/dbus';
import { describe, expect, it } from 'vitest';
import { blockOf, jsonBody, lineOf } from './ValueText.js';

const dictionary = new Map<string, Variant>([
  ['On', new Variant('b', true)],
  ['Big', new Variant('t', 2n ** 63n)],
  ['At', new Variant('(ix)', [1, -5n])],
]);

describe('values', () => {
  it('as JSON keep their types, and numbers that JSON would round are texts', () => {
    expect(jsonBody('sa{sv}ay', ['x', dictionary, Uint8Array.of(1, 2)])).toEqual({
      type: 'sa{sv}ay',
      data: [
        'x',
        {
          On: { type: 'b', data: true },
          Big: { type: 't', data: '9223372036854775808' },
          At: { type: '(ix)', data: [1, -5] },
        },
        [1, 2],
      ],
    });
  });

  it('for people have no types, and bytes that are text are text', () => {
    expect(lineOf('a{sv}ayay', [dictionary, Buffer.from('text\0'), Uint8Array.of(0, 1)])).toBe(
      '{"On":true,"Big":"9223372036854775808","At":[1,-5]}, "text", [0,1]',
    );
    expect(blockOf('sas', ['two\nlines', Array.from({ length: 4 }, (_, i) => `${i}`.repeat(30))])).toBe(
      `two\nlines\n[\n${[0, 1, 2, 3].map((i) => `  "${`${i}`.repeat(30)}"`).join(',\n')}\n]\n`,
    );
  });

  it('never tell a terminal what to do', () => {
    const hostile = '\x1b]0;x\x07\x9b2J\x7f';
    for (const text of [
      lineOf('s', [hostile]),
      blockOf('s', [hostile]),
      blockOf('as', [[hostile]]),
      lineOf('a{ss}', [new Map([[hostile, hostile]])]),
    ])
      expect(text.trimEnd()).not.toMatch(/\p{Cc}/u);
    expect(JSON.parse(lineOf('s', [hostile]))).toBe(hostile);
  });
});
