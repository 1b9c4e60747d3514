import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CacheLock } from './CacheLock.js';
import { hostProgram } from './hostProgram.js';
import { initramfsOf } from './Initramfs.js';
import { kernelOf } from './Kernel.js';
import { type Machine, shapeParameters } from './Machine.js';
import { type Boot, Qemu } from './Qemu.js';

/** What is older than this and was not used since goes: a saved machine has some 150 MB. */
const keptFor = 3 * 24 * 3600 * 1000;
const bootPatience = 600_000;
/** What QEMU writes per second at most: it is a file, not a network. */
const bandwidth = 8 * 2 ** 30;

/** Debian's packages without which no machine can be built or started; the first of each pair is a file of it. */
const needs = [
  ['/usr/bin/qemu-system-x86_64', 'qemu-system-x86'],
  ['/bin/busybox', 'busybox-static'],
  ['/sbin/modprobe', 'kmod'],
  ['/usr/bin/cpio', 'cpio'],
  ['/usr/bin/gcc', 'gcc'],
  ['/bin/udevadm', 'udev'],
  ['/lib/udev/libinput-device-group', 'libinput-bin'],
] as const;

/** Which of the packages that a machine needs are not installed. */
export const missingPackages = (): string[] =>
  needs.filter(([file]) => !existsSync(file)).map(([, name]) => name);

export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return process.env['SWITCHYARD_VM_CACHE'] || join(base, 'switchyard-vm');
}

/**
 * A machine of this shape that has booted up to where its drivers are loaded and nothing of the host is mounted, in a
 * file. The cache has it, or else it is made: kernel, initramfs, boot; a minute the first time. What goes into it names
 * it, so nothing stale is ever used.
 */
export async function savedMachine(machine: Machine, work: string): Promise<Boot> {
  const missing = missingPackages();
  if (missing.length > 0)
    throw new Error(`the VM needs Debian packages that are missing: apt-get install ${missing.join(' ')}`);
  const cache = cacheFolder();
  mkdirSync(cache, { recursive: true });
  await using _lock = await CacheLock.take(join(cache, 'lock'));
  const kernel = await kernelOf(cache);
  const initramfs = await initramfsOf(cache, guestSources(), kernel);
  const boot: Boot = { machine, kernel: kernel.image, initramfs, work };
  const key = createHash('sha256')
    .update(await hostProgram('qemu-system-x86_64', ['--version']))
    .update(shapeParameters(machine, kernel.image, initramfs).join('\n'));
  const saved = join(cache, `machine-${key.digest('hex').slice(0, 12)}`);
  if (!existsSync(saved)) await save(boot, saved);
  const now = new Date();
  utimesSync(saved, now, now);
  discardOld(cache);
  return { ...boot, saved };
}

/** Where the guest's C and shell programs are, also for a program that was compiled to somewhere below the repository. */
export function guestSources(): string {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    const sources = fileURLToPath(new URL('tests/vm/guest', folder));
    if (existsSync(join(sources, 'agent.c'))) return sources;
    if (folder.pathname === '/') throw new Error('tests/vm/guest is not there');
  }
}

async function save(boot: Boot, path: string): Promise<void> {
  const qemu = await Qemu.start(boot);
  try {
    const deadline = Date.now() + bootPatience;
    while (!qemu.console.includes('vm-ready-to-save')) {
      if (!qemu.running || Date.now() > deadline) throw new Error(`the VM does not boot:\n${qemu.console}`);
      await sleep(100);
    }
    await sleep(500); // until the guest is idle
    await qemu.qmp.command('stop');
    await qemu.qmp.command('migrate-set-parameters', { 'max-bandwidth': bandwidth });
    await qemu.qmp.command('migrate', { uri: `exec:cat > '${path}.new'` });
    for (;;) {
      const { status } = await qemu.qmp.command<{ status: string }>('query-migrate');
      if (status === 'completed') break;
      if (status === 'failed') throw new Error('QEMU cannot save the machine');
      await sleep(50);
    }
  } finally {
    await qemu.stop();
  }
  renameSync(`${path}.new`, path);
}

function discardOld(cache: string): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (!name.startsWith('machine-') || Date.now() - statSync(path).mtimeMs < keptFor) continue;
    rmSync(path, { force: true });
  }
}
