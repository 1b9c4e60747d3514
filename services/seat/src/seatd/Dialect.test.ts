import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { haveLibseat, LibseatClient } from '../testing/LibseatClient.js';
import { dialectOf } from './Dialect.js';

const run = promisify(execFile);

test('a client of its own making speaks the newer dialect, and one that is gone too', () => {
  expect(dialectOf(process.pid)).toBe('0.9');
  expect(dialectOf(2 ** 22)).toBe('0.9');
});

test.skipIf(!haveLibseat() || !existsSync('/usr/bin/dpkg-query'))(
  'libseat is known by the copy that the process has mapped',
  async () => {
    const client = new LibseatClient({ LIBSEAT_BACKEND: 'noop' });
    await client.journal.until('seat noop');
    const { stdout } = await run('dpkg-query', ['-s', 'libseat1']);
    expect(dialectOf(client.process.pid)).toBe(/^Version: 0\.[0-8]\./m.test(stdout) ? '0.7' : '0.9');
    client.kill();
  },
);
