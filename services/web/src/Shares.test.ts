import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Shares } from './Shares.js';

const directory = mkdtempSync(join(tmpdir(), 'yard-web-shares-'));
const path = join(directory, 'web-shares.json');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('a link outlives a restart, its token is written nowhere, and it ends when it is revoked', () => {
  const { name, token } = new Shares(directory).add('', 'watch');
  expect(name).toBe('watch-1');
  expect(readFileSync(path, 'utf8')).not.toContain(token);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const again = new Shares(directory);
  expect(again.find(token)).toMatchObject({ share: name, role: 'watch' });
  expect(again.find(`${token}x`)).toBeUndefined();
  expect(again.revoke(name)).toBe(true);
  expect(again.revoke(name)).toBe(false);
  expect(new Shares(directory).find(token)).toBeUndefined();
});

test('names are told apart and bounded, and so is their number', () => {
  const shares = new Shares(join(directory, 'many'));
  for (const name of ['a b', '../x', 'x'.repeat(33)]) expect(() => shares.add(name, 'drive')).toThrow(/name/);
  shares.add('one', 'drive');
  expect(() => shares.add('one', 'watch')).toThrow(/already/);
  for (let i = 1; i < 64; i++) shares.add('', 'drive');
  expect(() => shares.add('', 'drive')).toThrow(/64 shares/);
});

test('a damaged file lets nobody in', () => {
  for (const text of ['{', '7', '[{"name":"a","role":"root","created":1,"digest":""}]', '[null]']) {
    writeFileSync(path, text);
    expect(new Shares(directory).all).toEqual([]);
  }
});
