import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getXattr, setXattr } from '@switchyard/sys';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AccessList } from './AccessList.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'yard-acl-'));
  file = join(directory, 'node');
  writeFileSync(file, '', { mode: 0o640 });
});
afterEach(() => rmSync(directory, { recursive: true }));

const facl = ['/usr/bin/getfacl', '/usr/bin/setfacl'].every((path) => existsSync(path));
const getfacl = () => execFileSync('getfacl', ['-cpn', file], { encoding: 'utf8' }).trim().split('\n');
const setfacl = (list: string) => execFileSync('setfacl', ['-m', list, file]);

describe.skipIf(!facl)('beside getfacl and setfacl', () => {
  test('a user who is given the file is named there, and nobody else has more than before', () => {
    const list = AccessList.ofMode(statSync(file).mode).withUser(1000, 6);
    setXattr(file, AccessList.attribute, list.encode());
    expect(getfacl()).toEqual(['user::rw-', 'user:1000:rw-', 'group::r--', 'mask::rw-', 'other::---']);
    expect(list.encode()).toEqual(getXattr(file, AccessList.attribute));
  });

  test('what setfacl wrote is read, and written again as it was', () => {
    setfacl('u:7:r,u:1001:rw,g:44:rwx,m::r');
    const bytes = getXattr(file, AccessList.attribute)!;
    const list = AccessList.decode(bytes)!;
    expect(Buffer.from(list.encode())).toEqual(Buffer.from(bytes));
    expect(list.permissionsOf(1001)).toBe(4);
    expect(list.permissionsOf(1000)).toBeUndefined();
    const before = getfacl();
    setXattr(file, AccessList.attribute, list.withUser(1000, 6).encode());
    expect(getfacl()).toContain('user:1000:rw-');
    setXattr(file, AccessList.attribute, bytes);
    expect(getfacl()).toEqual(before);
  });

  test('a list without its users is the one that was there before them', () => {
    const plain = AccessList.ofMode(0o640);
    expect(plain.withUser(1000, 6).withUser(7, 4).withoutUsers().encode()).toEqual(plain.encode());
    setfacl('u:7:r,u:1001:rw,g:44:rwx');
    const list = AccessList.decode(getXattr(file, AccessList.attribute)!)!;
    expect(list.namesUsers).toBe(true);
    setXattr(file, AccessList.attribute, list.withoutUsers().encode());
    expect(getfacl()).toEqual(['user::rw-', 'group::r--', 'group:44:rwx', 'mask::rwx', 'other::---']);
  });

  test('the list that a mode is makes the file what it was, list and all', () => {
    const plain = AccessList.ofMode(statSync(file).mode);
    setXattr(file, AccessList.attribute, plain.withUser(1000, 6).encode());
    expect(statSync(file).mode & 0o777).toBe(0o660);
    setXattr(file, AccessList.attribute, plain.encode());
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(getXattr(file, AccessList.attribute)).toBeUndefined();
  });
});

test('giving somebody else’s list a user changes nobody else in it', () => {
  const plain = AccessList.ofMode(0o600);
  const twice = plain.withUser(5, 4).withUser(6, 6).withUser(5, 6);
  expect(twice.permissionsOf(5)).toBe(6);
  expect(twice.permissionsOf(6)).toBe(6);
  expect(twice.permissionsOf(7)).toBeUndefined();
});

test('any list of users can be written and read again, and no bytes break it', () => {
  const users = fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff_fffe }), fc.integer({ min: 0, max: 7 })));
  fc.assert(
    fc.property(users, fc.integer({ min: 0, max: 0o777 }), fc.nat(), fc.nat(255), (given, mode, at, byte) => {
      let list = AccessList.ofMode(mode);
      for (const [uid, permissions] of given) list = list.withUser(uid, permissions);
      const bytes = list.encode();
      expect(Buffer.from(AccessList.decode(bytes)!.encode())).toEqual(Buffer.from(bytes));
      for (const [uid, permissions] of new Map(given)) expect(list.permissionsOf(uid)).toBe(permissions);
      bytes[at % bytes.length] = byte;
      AccessList.decode(bytes);
      AccessList.decode(bytes.subarray(0, at % bytes.length));
    }),
  );
});
