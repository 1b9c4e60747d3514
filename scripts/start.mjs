// `npm start`: sets a clone up, then becomes `yard up`.
import { spawn } from 'node:child_process';
import { root, setUp } from './setup.mjs';

setUp('cli');
const child = spawn(process.execPath, [`${root}cli/bin/yard.js`, 'up', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// The terminal's Ctrl+C reaches yard itself; this process only waits for its end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
