// Debian packages that programs of this repository use: installed when that can be, asked for otherwise.
import { spawnSync } from 'node:child_process';
import { run } from './setup.mjs';

/** Installs, as root, those of the packages that are missing; ends with their names when it is not root. */
export function installMissing(packages) {
  const missing = missingOf(packages);
  if (missing.length === 0) return;
  if (process.getuid() !== 0) {
    console.error(
      `This uses real programs. These Debian packages are missing:\n\n  apt-get install ${missing.join(' ')}\n`,
    );
    process.exit(1);
  }
  console.error(`installing ${missing.length} Debian packages …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another's apt may be at work, and a mirror may be out of breath.
  const patient = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  run('apt-get', [...patient, 'update', '-qq'], { env });
  run('apt-get', [...patient, 'install', '-y', '-qq', '--no-install-recommends', ...missing], {
    env,
    stdio: ['ignore', 'ignore', 2],
  });
}

// dpkg-query's own placeholders, not a template's.
const field = (name) => `\${${name}}`;

function missingOf(packages) {
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
