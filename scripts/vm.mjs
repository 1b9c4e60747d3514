// `npm run vm`: bundles tests/vm/command.ts, which is TypeScript, and runs it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { installMissing } from './packages.mjs';
import { root } from './setup.mjs';

const file = join(root, 'node_modules/.cache/vm/command.mjs');
const bundle = await rolldown({
  input: join(root, 'tests/vm/command.ts'),
  platform: 'node',
  transform: { target: 'node20' },
});
await bundle.write({ file, format: 'esm' });
await bundle.close();
process.argv[1] = file;
installMissing([
  'qemu-system-x86',
  'busybox-static',
  'kmod',
  'cpio',
  'gcc',
  'libc6-dev',
  'udev',
  'libinput-bin',
]);
await import(pathToFileURL(file).href);
