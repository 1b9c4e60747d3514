import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readableYardBusd } from './readableYardBusd.js';

export type Daemon = 'reference' | 'ours';

const yardBusd = fileURLToPath(new URL('../../services/bus/bin/yard-busd.js', import.meta.url));
const referenceDaemon = '/usr/bin/dbus-daemon';

/**
 * A folder with a program `dbus-daemon`, which is the reference or ours: those who look for one in PATH find it there if
 * the folder is first. Each start is counted, so that a test knows whether its bus was really this one.
 */
export class DaemonFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'daemon-'));
  readonly #starts = join(this.path, 'starts');

  /** `otherUsers`: it is going to be started by users who cannot read this project. */
  constructor(daemon: Daemon, otherUsers = false) {
    const script = otherUsers && daemon === 'ours' ? readableYardBusd(this.path) : yardBusd;
    const command = daemon === 'ours' ? `'${process.execPath}' '${script}'` : referenceDaemon;
    // exec: the process that a suite started is the bus, with its pid, its signals and its fds.
    writeFileSync(this.program, `#!/bin/sh\necho >> '${this.#starts}'\nexec ${command} "$@"\n`);
    chmodSync(this.program, 0o755);
    chmodSync(this.path, 0o755);
    writeFileSync(this.#starts, '');
    chmodSync(this.#starts, 0o666);
  }

  get program(): string {
    return join(this.path, 'dbus-daemon');
  }

  get starts(): number {
    return readFileSync(this.#starts, 'utf8').length;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 10 });
  }
}
