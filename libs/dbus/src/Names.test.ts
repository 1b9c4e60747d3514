import { describe, expect, it } from 'vitest';
import {
  isBusName,
  isInterfaceName,
  isMemberName,
  isNamespace,
  isObjectPath,
  isWellKnownName,
} from './Names.js';

const table: [string, (text: string) => boolean, string[], string[]][] = [
  [
    'object path',
    isObjectPath,
    ['/', '/a', '/a/b_1', '/0/9', `/${'x'.repeat(5000)}`],
    ['', 'a', '//', '/a/', '/a//b', '/a-b', '/a.b', '/é', ' /a'],
  ],
  [
    'interface',
    isInterfaceName,
    ['a.b', 'org.freedesktop.DBus', '_._', 'a1.b2', `a.${'b'.repeat(253)}`],
    ['', 'a', '.a.b', 'a..b', 'a.b.', 'a.1b', 'a-b.c', 'a.b c', `a.${'b'.repeat(254)}`],
  ],
  [
    'member',
    isMemberName,
    ['Get', '_x', 'a1', 'x'.repeat(255)],
    ['', '1a', 'a.b', 'a-b', 'é', 'x'.repeat(256)],
  ],
  [
    'bus name',
    isBusName,
    [':1.0', ':1.42', ':a.b-c', ':1', ':', ':.a', 'org.x', 'org.x-y.Z', '_a._b'],
    ['', 'org', '.org.x', 'org..x', 'org.1x', 'org.x.', ':1.', ':1..2', ':1/2', `a.${'b'.repeat(254)}`],
  ],
];

describe.each(table)('a valid %s', (_, isValid, good, bad) => {
  it.each(good)('is %j', (text) => {
    expect(isValid(text)).toBe(true);
  });
  it.each(bad)('is not %j', (text) => {
    expect(isValid(text)).toBe(false);
  });
});

it('a unique name is a bus name that nobody can own besides', () => {
  expect(isWellKnownName(':1.0')).toBe(false);
  expect(isWellKnownName('org.x')).toBe(true);
});

it('a namespace may be a single element', () => {
  expect(isNamespace('org')).toBe(true);
  expect(isNamespace('org.x')).toBe(true);
  expect(isNamespace('org.')).toBe(false);
  expect(isNamespace(':1.0')).toBe(true);
  expect(isNamespace(':1.')).toBe(false);
});
