import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../bin/program.cjs', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yard-program-'));
  write('dist/main.js', "process.stdout.write('unbundled')");
  write('dist/.tsbuildinfo', '');
  write('dist/main.bundle.cjs', "/* .. */process.stdout.write('bundled')");
});
afterEach(() => rmSync(folder, { recursive: true, maxRetries: 10 }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Sets when a file was made, seconds from now. */
function made(path: string, when: number): void {
  const time = Date.now() / 1000 + when;
  utimesSync(join(folder, path), time, time);
}

function run(environment: NodeJS.ProcessEnv = {}, ...v8Flags: string[]): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      '-e',
      'require(process.argv[1]).run(process.argv[2], "main", process.argv.slice(3))',
      program,
      folder,
      ...v8Flags,
    ],
    { env: { ...process.env, ...environment }, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

test('a program runs from its bundle', () => {
  made('dist/.tsbuildinfo', -10);
  expect(run()).toBe('bundled');
});

test('a program of which a part was built later than its bundle runs as it is', () => {
  made('dist/.tsbuildinfo', 10);
  expect(run()).toBe('unbundled');
});

test('a program that is not bundled runs as it is', () => {
  rmSync(join(folder, 'dist/main.bundle.cjs'));
  expect(run()).toBe('unbundled');
});

test('a program leaves what was compiled of it where it is asked to, and runs from that as well', () => {
  const cache = join(folder, 'dist/main.bundle.cjs.cache');
  expect(run()).toBe('bundled');
  expect(existsSync(cache)).toBe(false);
  expect(run({ YARD_COMPILE: '1' })).toBe('bundled');
  expect(existsSync(cache)).toBe(true);
  expect(run()).toBe('bundled');
  writeFileSync(cache, 'what another program left there');
  expect(run()).toBe('bundled');
});

test('what was compiled for a program that sets flags of V8 is good for its next start', () => {
  const flag = '--semi-space-growth-factor=1';
  write(
    'dist/main.bundle.cjs',
    `/* .. */require('node:v8').setFlagsFromString('${flag}'); process.stdout.write('bundled')`,
  );
  run({ YARD_COMPILE: '1' }, flag);
  const isGood = `
    require('node:v8').setFlagsFromString('${flag}');
    const { readFileSync } = require('node:fs');
    const text = require('node:module').wrap(readFileSync(process.argv[1], 'latin1'));
    const cachedData = readFileSync(process.argv[1] + '.cache');
    process.exit(new (require('node:vm').Script)(text, { cachedData }).cachedDataRejected ? 1 : 0)`;
  const { status } = spawnSync(process.execPath, ['-e', isGood, join(folder, 'dist/main.bundle.cjs')]);
  expect(status).toBe(0);
});

test('modules that hardly a start needs are loaded when something of them is used', () => {
  write(
    'dist/main.bundle.cjs',
    `/* .. */const [programs, assert] = [require('node:child_process'), require('assert')];
    const loaded = () => process.moduleLoadList.includes('NativeModule child_process');
    const early = loaded();
    const { spawnSync } = programs;
    assert(typeof spawnSync === 'function');
    assert.equal(programs.spawnSync, spawnSync);
    process.stdout.write([early, loaded(), 'spawn' in programs, Object.keys(programs).includes('exec')].join());`,
  );
  expect(run()).toBe('false,true,true,true');
});
