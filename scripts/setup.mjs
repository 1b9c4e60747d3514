// What a fresh clone needs before anything runs: npm's packages (with the native addon, which npm compiles), and the build.
// Plain JavaScript without dependencies, since none are there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.switchyard-setup`;
const oldestNode = [20, 19];
/** What node-gyp compiles the addon and node-pty with: a variable that names another, and the usual names. */
const compilers = [
  ['PYTHON', 'python3'],
  ['MAKE', 'make'],
  ['CC', 'cc', 'gcc', 'clang'],
  ['CXX', 'c++', 'g++', 'clang++'],
];

/** Runs a program in the repository; ends with its status when it fails. Its output goes to stderr: stdout is `yard`'s. */
export function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (error) throw error;
  if (status !== 0) {
    console.error(`\n${program} ${args.join(' ')} failed`);
    process.exit(status ?? 1);
  }
}

/** npm would say it after a minute, in a hundred lines. */
function checkCompilers() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isThere = (name) => folders.some((folder) => existsSync(join(folder, name)));
  const missing = compilers
    .filter(([variable, ...names]) => !process.env[variable] && !names.some(isThere))
    .map(([, name]) => name);
  if (missing.length === 0) return;
  console.error(
    `Switchyard compiles what Node.js lacks, and there is no ${missing.join(', no ')} in PATH; install what is missing (Debian: apt install build-essential python3)`,
  );
  process.exit(1);
}

/** `projects`: what tsc builds; all when none is named. */
export function setUp(...projects) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    console.error(`Switchyard needs Node.js ${oldestNode.join('.')} or newer; this is ${process.version}`);
    process.exit(1);
  }
  const wanted = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .update(process.version)
    .digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    checkCompilers();
    console.error('installing packages and compiling the native addon …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    writeFileSync(stamp, wanted);
  }
  console.error('building …');
  run('npm', ['run', '--silent', 'build:native']);
  run(`${root}node_modules/.bin/tsc`, ['-b', ...projects]);
  run('npm', ['run', '--silent', projects.length === 0 ? 'bundle' : 'bundle:tree']);
}
