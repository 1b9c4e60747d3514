import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hostProgram } from './hostProgram.js';
import type { Kernel } from './Kernel.js';

/** udev's rules for what the machine has. Its database is filled before the machine is saved, so no start pays for it. */
const rules = [
  ...[
    '50-udev-default',
    '60-drm',
    '60-evdev',
    '60-input-id',
    '60-persistent-input',
    '64-xorg-xkb',
    '70-joystick',
  ],
  ...['70-mouse', '70-power-switch', '70-touchpad', '70-uaccess', '71-seat', '73-seat-late'],
  ...['80-libinput-device-groups', '90-libinput-fuzz-override'],
].map((name) => `/lib/udev/rules.d/${name}.rules`);

/** Programs that those rules run. */
const ruleProgramNames = ['libinput-device-group', 'libinput-fuzz-extract', 'libinput-fuzz-to-zero'];
const rulePrograms = ruleProgramNames.map((name) => `/lib/udev/${name}`);

const copies = ['/bin/busybox', '/bin/udevadm', ...rulePrograms, ...rules];

/** Whose names udev's rules know. People come and go (tests make some): a machine is not made anew for that. */
const accounts = ['/etc/passwd', '/etc/group'];
const firstPerson = 1000;
const lastPerson = 60_000;
const systemAccounts = (path: string): string =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => {
      const id = Number(line.split(':')[2]);
      return id < firstPerson || id > lastPerson;
    })
    .map((line) => `${line}\n`)
    .join('');

/** Builds the initramfs from the files in `source` (agent.c, init), unless the cache has it. The caller holds the cache's lock. */
export async function initramfsOf(cache: string, source: string, kernel: Kernel): Promise<string> {
  const key = createHash('sha256').update(`${kernel.image} ${kernel.release}`);
  for (const file of ['agent.c', 'init']) key.update(readFileSync(join(source, file)));
  const present = copies.filter((path) => existsSync(path));
  for (const path of accounts) key.update(systemAccounts(path));
  for (const path of present) key.update(`${path} ${statSync(path).size} ${statSync(path).mtimeMs}\n`);
  const path = join(cache, `initramfs-${key.digest('hex').slice(0, 12)}.cpio`);
  if (!existsSync(path)) await build(cache, source, kernel, present, path);
  return path;
}

async function build(
  cache: string,
  source: string,
  kernel: Kernel,
  present: string[],
  path: string,
): Promise<void> {
  const root = mkdtempSync(join(cache, 'initramfs-'));
  try {
    for (const folder of ['bin', 'sbin', 'proc', 'sys', 'dev', 'run']) mkdirSync(join(root, folder));
    const agent = join(root, 'bin/agent');
    await hostProgram('gcc', ['-O2', '-Wall', '-Werror', '-static', '-o', agent, join(source, 'agent.c')]);
    copyFileSync(join(source, 'init'), join(root, 'init'));
    chmodSync(join(root, 'init'), 0o755);
    cpSync(kernel.modules, join(root, 'modules'), { recursive: true });
    for (const file of present) await copyWithLibraries(file, root);
    mkdirSync(join(root, 'etc'), { recursive: true });
    for (const path of accounts) writeFileSync(join(root, path), systemAccounts(path));
    symlinkSync('/bin/udevadm', join(root, 'sbin/systemd-udevd'));
    const archive = join(root, '..', `${basename(root)}.cpio`);
    await hostProgram('sh', ['-c', `find . | cpio -o -H newc --quiet > '${archive}'`], { cwd: root });
    renameSync(archive, path);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function copyWithLibraries(path: string, root: string): Promise<void> {
  const copy = (from: string) => {
    mkdirSync(join(root, dirname(from)), { recursive: true });
    cpSync(from, join(root, from), { dereference: true });
  };
  copy(path);
  const program = (statSync(path).mode & 0o111) !== 0;
  if (!program) return;
  // Fails for a static program, which needs none.
  const libraries = await hostProgram('ldd', [path]).catch(() => '');
  for (const [library] of libraries.matchAll(/\/\S+/g)) if (library !== `${path}:`) copy(library);
}
