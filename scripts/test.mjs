// `npm test`: sets a clone up, sees to the programs that the tests use, checks the style, and runs the tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installMissing } from './packages.mjs';
import { root, run, setUp } from './setup.mjs';

/** So many files may have had bad luck; more of them are broken. */
const UNLUCKY_FILES_MAX = 12;

const packages = readFileSync(`${root}tests/debian-packages.txt`, 'utf8')
  .split('\n')
  .map((line) => line.replace(/#.*/, '').trim())
  .filter(Boolean);
installMissing(packages);

setUp();
const only = process.argv.slice(2);
if (only.length === 0) run('npx', ['biome', 'check', '.']);
process.exit(process.env.CI ? withSecondChance(only) : test(only));

function test(files, env = process.env) {
  const { status } = spawnSync(`${root}node_modules/.bin/vitest`, ['run', ...files], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  return status ?? 1;
}

/**
 * Where nobody watches, files in which something failed are run once more, whole and in new processes: a test that is
 * tried again within its file meets what the first try has left, and what is made for all tests of a file is not made anew.
 */
function withSecondChance(files) {
  const folder = mkdtempSync(join(tmpdir(), 'yard-test-'));
  const list = join(folder, 'failed');
  try {
    const status = test(files, { ...process.env, TEST_FAILURES: list });
    if (status === 0) return 0;
    const failed = readFileSync(list, 'utf8').split('\n').slice(0, -1);
    if (failed.length === 0 || failed.length > UNLUCKY_FILES_MAX) return status;
    // Of an error that belongs to no file everything is suspected.
    const again = failed.includes('') ? files : failed;
    console.log(`\nFailed, and run once more:\n  ${again.join('\n  ') || 'everything'}\n`);
    return test(again);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
