'use strict';
// npm's install script: takes a prebuilt addon, or compiles one. Node's own headers, where they lie beside it (every
// tarball of nodejs.org, Debian's nodejs), spare node-gyp a download.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');

const prefix = dirname(dirname(process.execPath));
const environment = { ...process.env };
if (!environment.npm_config_nodedir && existsSync(join(prefix, 'include', 'node', 'node_api.h'))) {
  environment.npm_config_nodedir = prefix;
}
const { status } = spawnSync(process.execPath, [require.resolve('node-gyp-build/bin.js')], {
  cwd: __dirname,
  env: environment,
  stdio: 'inherit',
});
process.exit(status ?? 1);
