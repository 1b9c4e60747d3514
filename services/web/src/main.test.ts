import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { AccessToken } from './AccessToken.js';
import { PortFile } from './PortFile.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'yard-web-main-'));
afterAll(() => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }));

/** Runs the service until it gives up. */
function run(...options: string[]): Promise<{ status: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, '--runtime-dir', directory, ...options],
      { timeout: 120_000 },
      (error, _stdout, stderr) => resolve({ status: Number(error?.code ?? 0), stderr }),
    );
  });
}

describe('the service says in one line why it cannot start', () => {
  test('a busy port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    expect(await run('--port', String(port))).toEqual({
      status: 1,
      stderr: `web: port ${port} on 127.0.0.1 is in use; choose another with --port, or --port 0\n`,
    });
    other.close();
  });

  test.each([
    [1, ['--size', '63x720'], 'an output is 64 to 8192 pixels wide and high, not 63x720'],
    [1, ['--size', '1280x8193'], 'an output is 64 to 8192 pixels wide and high, not 1280x8193'],
    [
      1,
      ['--port', '0', '--listen', '192.0.2.1'],
      '192.0.2.1 is not an address of this machine; choose one with --listen',
    ],
    [
      1,
      ['--token', 'short'],
      'the token must be 16 to 128 characters of A-Z a-z 0-9 _ -; leave --token out for a random one',
    ],
    [2, ['--size', 'large'], '--size large: a size looks like 1280x720, or 2560x1440@2'],
    [2, ['--port', '70700'], '--port 70700: a port is 0 to 65535'],
    [2, ['--seat', 'a/b'], '--seat a/b: a seat’s name is letters, digits, _ and -'],
  ])('exit %i for %j', async (status, options, line) => {
    expect(await run(...options)).toEqual({ status, stderr: `web: ${line.replace('’', "'")}\n` });
  });

  test('an option that does not exist', async () => {
    const { status, stderr } = await run('--colour');
    expect(status).toBe(2);
    expect(stderr).toContain('--colour');
  });
});

describe('what outlives a restart', () => {
  test('the token, random and for its owner’s eyes only', () => {
    const state = join(directory, 'state');
    const token = AccessToken.ofDirectory(state);
    expect(Buffer.from(token.value, 'base64url')).toHaveLength(32);
    expect(AccessToken.ofDirectory(state).value).toBe(token.value);
    expect(AccessToken.ofDirectory(join(directory, 'other')).value).not.toBe(token.value);
    const path = join(state, 'web-token');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8').trim()).toBe(token.value);
  });

  test('the port', () => {
    const file = new PortFile(join(directory, 'state'));
    expect(file.read()).toBe(0);
    file.write(12345);
    expect(file.read()).toBe(12345);
  });
});
