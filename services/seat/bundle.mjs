// Makes one file of each of yard-seatd and yard-open-session, and all that it imports: reading one is several times faster
// than reading a hundred, and a machine waits for its session manager before it shows anything, and a person for his
// session. bin/program.js uses them as long as they are newer than what they are made of.
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

for (const name of ['yard-seatd', 'login/openSession']) {
  const path = (suffix) => fileURLToPath(new URL(`dist/${name}${suffix}`, import.meta.url));
  const bundle = await rolldown({
    input: path('.js'),
    platform: 'node',
    // The addon finds its binary beside its own files.
    external: [/^node:/, '@switchyard/native'],
    // Nothing of ours does anything by being imported.
    treeshake: { moduleSideEffects: false },
  });
  await bundle.write({ file: path('.bundle.js'), format: 'esm', minify: true });
}
