import fc from 'fast-check';
import { expect, test } from 'vitest';
import { harmlessFileName } from './FileName.js';

test.each([
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\a b.txt', 'a b.txt'],
  ['.bashrc', 'bashrc'],
  ['-rf', 'rf'],
  ['..', 'file'],
  ['', 'file'],
  ['a\u0000b\n\u202ecod.exe', 'abcod.exe'],
  ['Å', 'Å'],
])('%j becomes %j', (given, harmless) => expect(harmlessFileName(given)).toBe(harmless));

test('every name fits into a directory, and keeps its extension', () => {
  expect(harmlessFileName(`${'ü'.repeat(300)}.tar`)).toMatch(/^ü+\.tar$/);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (given) => {
      const name = harmlessFileName(given);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(247);
      expect(name).not.toMatch(/^[.-]|[/\\\p{Cc}]|^$/u);
    }),
  );
});
