import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@switchyard/dbus';
import { login1 } from '@switchyard/seat';

const executable = fileURLToPath(new URL('../../bin/yard-seatd.js', import.meta.url));

/** A bus that lets everybody in and everything through: what is refused, the session manager refuses. */
const busConfiguration = (path: string) => `<busconfig>
  <listen>unix:path=${path}</listen><auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow eavesdrop="true"/><allow send_destination="*" eavesdrop="true"/>
  </policy>
</busconfig>`;

/** Debian's nobody: dbus-daemon wants to know the groups of who comes. */
export const STRANGER = 65534;

/**
 * What `act` does at once, it does as another user: sockets that it connects have that user's credentials for as long
 * as they live, since the kernel takes them when they connect.
 */
export function asStranger<T>(act: () => T): T {
  process.seteuid!(STRANGER);
  try {
    return act();
  } finally {
    process.seteuid!(0);
  }
}

/** A session manager that all users of the machine may talk to, as a system's. Started by root. */
export class PublicTree {
  readonly dir = mkdtempSync(join(tmpdir(), 'yard-public-'));
  readonly address = `unix:path=${join(this.dir, 'bus')}`;
  readonly seatdSocket = join(this.dir, 'seatd.sock');
  seatd!: ChildProcess;
  #bus!: ChildProcess;

  static async start(grace: number): Promise<PublicTree> {
    const tree = new PublicTree();
    chmodSync(tree.dir, 0o755);
    const configuration = join(tree.dir, 'bus.conf');
    writeFileSync(configuration, busConfiguration(join(tree.dir, 'bus')));
    const daemon = ['--nofork', '--print-address=1', `--config-file=${configuration}`];
    tree.#bus = spawn('dbus-daemon', daemon, { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(tree.#bus.stdout!, 'data');
    using connection = await Connection.connect(tree.address);
    const appeared = new Promise<void>((resolve) =>
      connection.watchName(login1.name, { appeared: () => resolve() }),
    );
    const { dir, address, seatdSocket } = tree;
    const state = ['--state-dir', join(dir, 'state'), '--run-systemd-prefix', join(dir, 'systemd')];
    const own = ['--no-vt', '--no-hardware', '--cgroup', 'none', '--run-user-prefix', 'none'];
    const sockets = ['--bus', address, '--seatd-socket', seatdSocket, '--seatd-mode', '666'];
    const options = [...own, '--runtime-dir', dir, '--grace', `${grace}`, ...sockets, ...state];
    const env = { ...process.env, YARD_LOG_LEVEL: 'error' };
    tree.seatd = spawn(executable, options, { stdio: ['ignore', 'ignore', 'inherit'], env });
    await appeared;
    return tree;
  }

  async stop(): Promise<void> {
    for (const child of [this.seatd, this.#bus]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    }
    rmSync(this.dir, { recursive: true, maxRetries: 10 });
  }
}
