import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { hostProgram } from './hostProgram.js';

/** Drivers of the machine's devices; what they depend on comes along. The order decides which card is card0. */
const drivers = [
  ...['virtio_pci', 'virtio_console', '9pnet_virtio', '9p', 'overlay'],
  ...['virtio_input', 'evdev', 'uinput', 'uhid', 'hid-generic'],
  ...['virtio-gpu', 'bochs', 'cirrus', 'vgem'],
  ...['cuse', 'vsock_loopback'],
];

/** Debian's kernel, and of its drivers those that the machine needs. */
export interface Kernel {
  readonly image: string;
  /** Has the drivers, and the file `order`: their names in the order in which they are loaded. */
  readonly modules: string;
  /** Of Debian's package. */
  readonly release: string;
}

/** After so long the archive is asked again: it forgets the packages of old kernels. */
const keptFor = 30 * 24 * 3600 * 1000;

/** Downloads and unpacks the current kernel of Debian's archive, unless the cache has one. The caller holds the cache's lock. */
export async function kernelOf(cache: string): Promise<Kernel> {
  const key = createHash('sha256').update(drivers.join(' ')).digest('hex').slice(0, 12);
  const folder = join(cache, `kernel-${key}`);
  const fresh = existsSync(folder) && Date.now() - statSync(folder).mtimeMs < keptFor;
  if (!fresh) await unpack(cache, folder);
  return {
    image: join(folder, 'vmlinuz'),
    modules: join(folder, 'modules'),
    release: readFileSync(join(folder, 'release'), 'utf8'),
  };
}

/** linux-image-amd64 depends on the package with the version in its name. */
async function packageName(): Promise<string> {
  const find = async () =>
    /Depends: (linux-image-\d\S+)/.exec(
      await hostProgram('apt-cache', ['depends', 'linux-image-amd64']).catch(() => ''),
    )?.[1];
  const name = await find();
  if (name) return name;
  // Containers come without apt's lists.
  await hostProgram('apt-get', ['update', '-qq']);
  const found = await find();
  if (!found) throw new Error("apt-cache knows no linux-image-amd64: the VM runs Debian's kernel");
  return found;
}

async function unpack(cache: string, folder: string): Promise<void> {
  const name = await packageName();
  const work = mkdtempSync(join(cache, 'unpacking-'));
  try {
    await hostProgram('apt-get', ['download', '-qq', name], { cwd: work });
    const archive = readdirSync(work).find((file) => file.endsWith('.deb'));
    if (!archive) throw new Error(`apt-get download ${name} has brought no package`);
    await hostProgram('dpkg-deb', ['-x', join(work, archive), work]);
    const result = join(work, 'result');
    const modules = join(result, 'modules');
    mkdirSync(modules, { recursive: true });
    const release = readdirSync(join(work, 'lib/modules'))[0]!;
    await hostProgram('depmod', ['-b', work, release]);
    const order: string[] = [];
    for (const driver of drivers) {
      const needs = await hostProgram('modprobe', ['-d', work, '-S', release, '--show-depends', driver]);
      for (const [, path] of needs.matchAll(/^insmod (\S+)/gm)) {
        const file = basename(path!);
        if (order.includes(file)) continue;
        order.push(file);
        cpSync(path!, join(modules, file));
      }
    }
    await hostProgram('strip', ['-g', ...order.map((file) => join(modules, file))]);
    writeFileSync(join(modules, 'order'), `${order.join('\n')}\n`);
    cpSync(join(work, `boot/vmlinuz-${release}`), join(result, 'vmlinuz'));
    writeFileSync(join(result, 'release'), archive);
    rmSync(folder, { recursive: true, force: true });
    renameSync(result, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
