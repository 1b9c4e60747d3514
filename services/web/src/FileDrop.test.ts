import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FILE_MAX, FileDrop } from './FileDrop.js';

const root = process.getuid!() === 0;
let home: string;
let folder: string;
const user = () => ({ uid: root ? 65534 : process.getuid!(), gid: root ? 65534 : process.getgid!(), home });

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'yard-home-'));
  folder = join(home, 'Downloads');
  mkdirSync(folder, { mode: 0o777 });
  if (root) for (const path of [home, folder]) chown(path);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('a file is its user’s, for him alone, and never takes the place of one that is there', async () => {
  writeFileSync(join(folder, 'a b.txt'), 'mine');
  const drop = new FileDrop();
  const send = (text: string) =>
    drop.take('a b.txt', text.length, Readable.from([Buffer.from(text)]), user());
  expect(await send('one')).toBe(join(folder, 'a b (1).txt'));
  expect(await send('two')).toBe(join(folder, 'a b (2).txt'));
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  expect(['a b.txt', 'a b (1).txt', 'a b (2).txt'].map(read)).toEqual(['mine', 'one', 'two']);
  const { uid, mode } = statSync(join(folder, 'a b (1).txt'));
  expect([uid, mode & 0o777]).toEqual([user().uid, 0o600]);
  expect(readdirSync(folder)).toHaveLength(3);
});

test('of a file that does not come whole nothing is left', async () => {
  const drop = new FileDrop();
  const take = (bytes: number, body: Readable) => drop.take('broken', bytes, body, user());
  await expect(take(10, Readable.from([Buffer.from('short')]))).rejects.toThrow('did not come whole');
  await expect(take(2, Readable.from([Buffer.from('long')]))).rejects.toThrow('did not come whole');
  async function* breaks() {
    yield Buffer.from('half');
    throw new Error('reset');
  }
  await expect(take(8, Readable.from(breaks()))).rejects.toThrow('did not come whole');
  expect(readdirSync(folder)).toEqual([]);
});

test('how large files are, and how many come at once, is bounded; where nothing can be written it is said', async () => {
  const drop = new FileDrop();
  await expect(drop.take('x', FILE_MAX + 1, Readable.from([]), user())).rejects.toThrow('2 GiB');
  const slow = Array.from({ length: 4 }, () => new Readable({ read() {} }));
  const under = slow.map((body, i) => drop.take(`slow-${i}`, 1, body, user()));
  await expect(drop.take('x', 0, Readable.from([]), user())).rejects.toThrow('4 files');
  for (const body of slow) {
    body.push('x');
    body.push(null);
  }
  await Promise.all(under);
  const nowhere = { ...user(), home: '/proc/self' };
  await expect(drop.take('x', 1, Readable.from([Buffer.from('x')]), nowhere)).rejects.toThrow(/Downloads/);
});

function chown(path: string): void {
  chownSync(path, 65534, 65534);
}
