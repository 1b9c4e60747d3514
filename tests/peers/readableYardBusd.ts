import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Puts all that yard-busd needs into a folder that anybody may read, and returns its program: a clone may lie where other
 * users cannot go, and some tests start the bus as another user.
 */
export function readableYardBusd(folder: string): string {
  execFileSync(process.execPath, [join(root, 'services/bus/bundle.mjs')], { stdio: 'ignore' });
  const program = join(folder, 'yard-busd.cjs');
  cpSync(join(root, 'services/bus/dist/yard-busd.bundle.cjs'), program);
  const copy = (from: string, to: string) =>
    cpSync(join(root, from), join(folder, 'node_modules', to), { recursive: true, dereference: true });
  for (const file of ['package.json', 'index.cjs', 'build/Release/switchyard.node'])
    copy(`native/${file}`, `@switchyard/native/${file}`);
  copy('node_modules/node-gyp-build', 'node-gyp-build');
  return program;
}
