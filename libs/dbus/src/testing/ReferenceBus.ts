import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** dbus-daemon as Debian has it, open to its own user, with limits that no test meets. */
const config = (
  socket: string,
) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="max_match_rules_per_connection">50000</limit>
  <limit name="max_replies_per_connection">50000</limit>
  <limit name="max_message_size">134217728</limit>
  <limit name="max_incoming_bytes">1000000000</limit>
  <limit name="max_outgoing_bytes">1000000000</limit>
  <limit name="max_connections_per_user">50000</limit>
  <limit name="max_completed_connections">50000</limit>
</busconfig>
`;

/** A dbus-daemon of a test's own: the yardstick for the client library and for the broker. */
export class ReferenceBus {
  readonly address: string;
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #directory: string;

  private constructor(process: ChildProcess, directory: string) {
    this.#process = process;
    this.#directory = directory;
    this.pid = process.pid!;
    this.address = `unix:path=${join(directory, 'bus')}`;
  }

  /** In a directory of its own, or where another was before. */
  static async start(directory = mkdtempSync(join(tmpdir(), 'reference-bus-'))): Promise<ReferenceBus> {
    const file = join(directory, 'config.xml');
    writeFileSync(file, config(join(directory, 'bus')));
    const child = spawn('dbus-daemon', ['--nofork', `--config-file=${file}`, '--print-address'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout!.once('data', () => resolve());
      child.once('error', reject);
      child.once('exit', () => reject(new Error('dbus-daemon did not start')));
    });
    return new ReferenceBus(child, directory);
  }

  /** Resolves to the directory, in which another may be started. */
  async kill(): Promise<string> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
    return this.#directory;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true, maxRetries: 10 });
  }
}
