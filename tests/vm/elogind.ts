import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CacheLock } from './CacheLock.js';
import { hostProgram } from './hostProgram.js';
import { cacheFolder } from './SavedMachine.js';

/** Debian's elogind, unpacked: installed it would take the place of systemd's own. */
export async function elogindRoot(): Promise<string> {
  const cache = cacheFolder();
  const root = join(cache, 'elogind');
  mkdirSync(cache, { recursive: true });
  await using _lock = await CacheLock.take(join(cache, 'lock'));
  if (existsSync(join(root, 'lib/elogind/elogind'))) return root;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  await hostProgram('apt-get', ['download', '-qq', 'elogind', 'libelogind0'], { cwd: root });
  for (const file of readdirSync(root).filter((name) => name.endsWith('.deb')))
    await hostProgram('dpkg-deb', ['-x', join(root, file), root]);
  return root;
}
