// `npm run test:wlcs [-- FILTER]`: Debian's Wayland conformance suite against the display; with a googletest filter, those tests alone.
import { spawnSync } from 'node:child_process';
import { root } from './setup.mjs';

const filter = process.argv[2];
const { status } = spawnSync(`${root}node_modules/.bin/vitest`, ['run', 'tests/wlcs/wlcs.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...(filter === undefined ? {} : { WLCS_FILTER: filter }) },
});
process.exit(status ?? 1);
