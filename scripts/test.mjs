// `npm test`: sets a clone up, sees to the programs that the tests use, checks the style, and runs the tests.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { installMissing } from './packages.mjs';
import { root, run, setUp } from './setup.mjs';

const packages = readFileSync(`${root}tests/debian-packages.txt`, 'utf8')
  .split('\n')
  .map((line) => line.replace(/#.*/, '').trim())
  .filter(Boolean);
installMissing(packages);

setUp();
const only = process.argv.slice(2);
if (only.length === 0) run('npx', ['biome', 'check', '.']);
const { status } = spawnSync(`${root}node_modules/.bin/vitest`, ['run', ...only], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
