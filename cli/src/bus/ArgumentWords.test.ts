import { Fd, Variant } from '@switchyard/dbus';
import { describe, expect, it } from 'vitest';
import { valuesOfWords } from './ArgumentWords.js';

const v = (type: string, value: unknown) => new Variant(type, value);

describe('arguments as words', () => {
  it.each<[string, string[], unknown[]]>([
    ['', [], []],
    [
      'ybnqiu',
      ['0xff', 'yes', '-5', '65535', '-2147483648', '4294967295'],
      [255, true, -5, 65535, -2147483648, 4294967295],
    ],
    ['xt', ['-9223372036854775808', '18446744073709551615'], [-(2n ** 63n), 2n ** 64n - 1n]],
    ['dsog', ['1e3', '5', '/a', 'a{sv}'], [1000, '5', '/a', 'a{sv}']],
    ['as', ['["a","b"]'], [['a', 'b']]],
    ['as', ['2', 'a', 'b'], [['a', 'b']]],
    ['as', ['0'], [[]]],
    ['as', ['[]'], [[]]],
    ['ay', ['"hé"'], [Buffer.from('hé')]],
    ['ay', ['[1,2]'], [Uint8Array.of(1, 2)]],
    ['ay', ['2', '1', '2'], [Uint8Array.of(1, 2)]],
    [
      'sa{sv}',
      ['x', '{"On": true, "n": 5, "d": 0.5, "l": ["a"], "big": 1e12}'],
      [
        'x',
        new Map([
          ['On', v('b', true)],
          ['n', v('i', 5)],
          ['d', v('d', 0.5)],
          ['l', v('as', ['a'])],
          ['big', v('x', 1_000_000_000_000n)],
        ]),
      ],
    ],
    [
      'sa{sv}',
      ['x', '2', 'On', 'b', 'true', 'at', '(us)', '3', 'y'],
      [
        'x',
        new Map([
          ['On', v('b', true)],
          ['at', v('(us)', [3, 'y'])],
        ]),
      ],
    ],
    ['a{u(ss)}', ['{"7": ["a", "b"]}'], [new Map([[7, ['a', 'b']]])]],
    ['(ia{ss})', ['[1, {"k": "v"}]'], [[1, new Map([['k', 'v']])]]],
    ['v', ['hello'], [v('s', 'hello')]],
    ['v', ['5'], [v('i', 5)]],
    ['v', ['{"type": "t", "data": 5}'], [v('t', 5n)]],
    ['v', ['t', '5'], [v('t', 5n)]],
    ['vs', ['{"a": [1]}', 'x'], [v('a{sv}', new Map([['a', v('av', [v('i', 1)])]])), 'x']],
    ['aas', ['[["a"],[]]'], [[['a'], []]]],
  ])('%s from %j', (signature, words, values) => {
    expect(valuesOfWords(signature, words)).toEqual(values);
  });

  it.each<[string, string[], string]>([
    ['u', ['-1'], 'argument 1 (size): "-1" is not a number from 0 to 4294967295 (type \'u\')'],
    ['u', ['x'], 'is not a number'],
    ['b', ['maybe'], 'true or false'],
    ['o', ['a'], 'an object path'],
    ['g', ['z'], 'a signature'],
    ['uu', ['1'], 'argument 2 is missing'],
    ['u', ['1', '2'], 'too many arguments'],
    ['as', ['a'], 'JSON, or the number of its elements'],
    ['as', ['3', 'a'], 'is missing'],
    ['a{sv}', ['{"a": null}'], 'a variant'],
    ['a{sv}', ['1', 'a', 'zz', '1'], 'the signature of a variant'],
    ['(uu)', ['[1]'], 'an array of 2'],
    ['au', ['[1, "x"]'], 'is not a number'],
    ['au', ['{"a": 1}'], "an array for 'au'"],
    ['h', ['/nonexistent'], 'ENOENT'],
    ['h', ['999'], 'EBADF'],
  ])('%s does not take %j', (signature, words, why) => {
    expect(() => valuesOfWords(signature, words, ['size'])).toThrow(why);
  });

  it('an fd is an inherited one’s number, or a file', () => {
    for (const word of ['2', '/dev/null']) {
      const [fd] = valuesOfWords('h', [word]) as [Fd];
      expect(fd).toBeInstanceOf(Fd);
      fd.close();
    }
  });
});
