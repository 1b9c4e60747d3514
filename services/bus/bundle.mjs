// Makes one file of yard-busd and all that it imports: reading one is several times faster than reading a hundred, and
// test suites start a bus for every case. Beside it goes what V8 compiled of it while it started and served one client.
// bin/yard-busd.js uses both as long as they are newer than what they are made of.
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { Connection } from '@switchyard/dbus';
import { rolldown } from 'rolldown';

const input = fileURLToPath(new URL('dist/yard-busd.js', import.meta.url));
const file = fileURLToPath(new URL('dist/yard-busd.bundle.cjs', import.meta.url));

const bundle = await rolldown({
  input,
  platform: 'node',
  // The addon finds its binary beside its own files.
  external: [/^node:/, '@switchyard/native'],
  // Nothing of ours does anything by being imported.
  treeshake: { moduleSideEffects: false },
});
// V8 tells a cache of other source by its length only: an old one must not stay.
rmSync(`${file}.cache`, { force: true });
await bundle.write({ file, format: 'cjs', minify: true });

const folder = mkdtempSync(join(tmpdir(), 'yard-busd-'));
const address = `unix:path=${folder}/bus`;
writeFileSync(
  join(folder, 'bus.conf'),
  `<busconfig><type>session</type><listen>${address}</listen>
    <policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
);
process.argv = [
  process.execPath,
  file,
  `--config-file=${folder}/bus.conf`,
  '--nofork',
  `--print-address=${openSync('/dev/null', 'w')}`,
];
const script = new Script(Module.wrap(readFileSync(file, 'utf8')), { filename: file });
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
const client = await Connection.connect(address);
await client.requestName('org.example.Client');
await client.proxy('org.freedesktop.DBus', '/org/freedesktop/DBus').call('org.freedesktop.DBus', 'ListNames');
client.close();
writeFileSync(`${file}.cache`, script.createCachedData());
rmSync(folder, { recursive: true });
process.exit(0);
