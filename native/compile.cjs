'use strict';
// Compiles the addon. `install`, npm's own script: only when there is no prebuilt or compiled one that loads. `build`:
// what has changed since. Node's own headers, where they lie beside it (every tarball of nodejs.org, Debian's nodejs),
// spare node-gyp a download.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');

const prefix = dirname(dirname(process.execPath));
const environment = { ...process.env };
if (!environment.npm_config_nodedir && existsSync(join(prefix, 'include', 'node', 'node_api.h'))) {
  environment.npm_config_nodedir = prefix;
}
const commands = {
  install: [process.execPath, require.resolve('node-gyp-build/bin.js')],
  // npm puts its node-gyp into the path of its scripts.
  build: ['node-gyp', 'configure', 'build', '--loglevel=warn'],
};
const [program, ...args] = commands[process.argv[2]];
const { status, error } = spawnSync(program, args, { cwd: __dirname, env: environment, stdio: 'inherit' });
if (error)
  console.error(`${program}: ${error.message}; run this by npm (npm run ${process.argv[2]} -w native)`);
process.exit(status ?? 1);
