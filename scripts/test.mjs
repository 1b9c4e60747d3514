// `npm test`: sets a clone up, sees to the programs that the tests use, checks the style, and runs the tests.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { root, run, setUp } from './setup.mjs';

const packages = readFileSync(`${root}tests/debian-packages.txt`, 'utf8')
  .split('\n')
  .map((line) => line.replace(/#.*/, '').trim())
  .filter(Boolean);

// dpkg-query's own placeholders, not a template's.
const field = (name) => `\${${name}}`;

function missingPackages() {
  const format = `${field('Package')} ${field('db:Status-Status')}\n`;
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format, ...packages], { encoding: 'utf8' });
  const installed = new Set(
    (stdout ?? '')
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

const missing = missingPackages();
if (missing.length > 0) {
  if (process.getuid() !== 0) {
    console.error(
      `The tests use real programs. These Debian packages are missing:\n\n  apt-get install ${missing.join(' ')}\n`,
    );
    process.exit(1);
  }
  console.error(`installing ${missing.length} Debian packages for the tests …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    env,
    stdio: ['ignore', 'ignore', 2],
  });
}

setUp();
const only = process.argv.slice(2);
if (only.length === 0) run('npx', ['biome', 'check', '.']);
const { status } = spawnSync(`${root}node_modules/.bin/vitest`, ['run', ...only], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
