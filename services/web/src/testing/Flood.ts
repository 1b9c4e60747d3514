import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Any user of the machine; a test as root plays several. */
export const STRANGER = 65534;

/**
 * Somebody who does nothing but connect to a port, again and again, and holds as many of the connections as are left to
 * him: bash, since another user may not be able to run the tests' own Node.
 */
export class Flood {
  readonly #child: ChildProcess;
  /** Connections made, as told by each hundredth. */
  made = 0;

  constructor(port: number, { uid = STRANGER, held = 300 } = {}) {
    const script = `n=0; while :; do eval "exec $((10 + n % ${held}))<>/dev/tcp/127.0.0.1/${port}" || exit
      n=$((n + 1)); [ $((n % 100)) = 0 ] && echo; done`;
    const limits = `ulimit -n ${held + 20}; ${script}`;
    this.#child = spawn('bash', ['-c', limits], { uid, gid: uid, stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child.stdout!.on('data', (lines: Buffer) => {
      this.made += 100 * lines.length;
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
