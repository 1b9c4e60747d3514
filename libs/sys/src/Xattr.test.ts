import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { getXattr, removeXattr, setXattr } from './Xattr.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'yard-xattr-'));
  file = join(directory, 'file');
  writeFileSync(file, '');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('an attribute is what was set last, until it is removed', () => {
  expect(getXattr(file, 'user.note')).toBeUndefined();
  setXattr(file, 'user.note', Buffer.from('one'));
  setXattr(file, 'user.note', Buffer.from('two'));
  expect(Buffer.from(getXattr(file, 'user.note')!).toString()).toBe('two');
  removeXattr(file, 'user.note');
  removeXattr(file, 'user.note');
  expect(getXattr(file, 'user.note')).toBeUndefined();
});

test('a symbolic link is not followed', () => {
  symlinkSync(file, join(directory, 'link'));
  setXattr(file, 'user.note', Buffer.from('one'));
  expect(() => setXattr(join(directory, 'link'), 'user.note', Buffer.from('two'))).toThrow(
    /^EPERM: lsetxattr/,
  );
  expect(Buffer.from(getXattr(file, 'user.note')!).toString()).toBe('one');
});

test('errors say which file', () => {
  expect(() => getXattr(join(directory, 'none'), 'user.note')).toThrow(
    /^ENOENT: lgetxattr\(user.note\) .*none/,
  );
});
