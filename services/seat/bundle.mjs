// Makes one file of yard-seatd and all that it imports: reading one is several times faster than reading a hundred, and a
// machine waits for its session manager before it shows anything. bin/yard-seatd.js uses it as long as it is newer than
// what it is made of.
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const input = fileURLToPath(new URL('dist/yard-seatd.js', import.meta.url));
const file = fileURLToPath(new URL('dist/yard-seatd.bundle.js', import.meta.url));

const bundle = await rolldown({
  input,
  platform: 'node',
  // The addon finds its binary beside its own files.
  external: [/^node:/, '@switchyard/native'],
  // Nothing of ours does anything by being imported.
  treeshake: { moduleSideEffects: false },
});
await bundle.write({ file, format: 'esm', minify: true });
