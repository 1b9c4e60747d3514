import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const executable = fileURLToPath(new URL('../../bin/yard-busd.js', import.meta.url));

export type YardBusdOptions = {
  /** What stands in `<busconfig>`, beside a place to listen at in the bus's own folder. */
  config?: string;
  args?: string[];
  environment?: NodeJS.ProcessEnv;
  /** Files to be in the bus's folder before it starts. */
  files?: Record<string, string>;
  /** An fd that it inherits, with the number 40. */
  inherited?: number;
  /** What takes dbus-daemon's options: yard-busd, or the reference. */
  command?: readonly [string, ...string[]];
};

const yardBusd = [process.execPath, executable] as const;
export const referenceDaemon = ['dbus-daemon'] as const;

/** yard-busd as a process of a test's own, with a configuration of the test's. */
export class YardBusd {
  readonly address: string;
  /** A folder that anybody may read, with the configuration and whatever the test puts there. */
  readonly folder: string;
  readonly #process: ChildProcess;
  #log = '';

  private constructor(process: ChildProcess, folder: string, address: string) {
    this.#process = process;
    this.folder = folder;
    this.address = address;
  }

  static async start({
    config = '',
    args = [],
    environment,
    files = {},
    inherited,
    command = yardBusd,
  }: YardBusdOptions = {}): Promise<YardBusd> {
    const folder = mkdtempSync(join(tmpdir(), 'yard-busd-'));
    chmodSync(folder, 0o755);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const text = config.replaceAll('@folder@', folder);
    writeFileSync(
      join(folder, 'bus.conf'),
      `<busconfig><listen>unix:path=${folder}/socket</listen>${text}</busconfig>`,
    );
    const stdio: ('ignore' | 'pipe' | number)[] = Array.from({ length: 40 }, () => 'ignore');
    stdio[1] = stdio[2] = 'pipe';
    if (inherited !== undefined) stdio[40] = inherited;
    const [program, ...before] = command;
    const bus = spawn(
      program,
      [...before, `--config-file=${folder}/bus.conf`, '--nofork', '--print-address', '1', ...args],
      { stdio, env: { ...process.env, ...environment } },
    );
    let log = '';
    let told: YardBusd | undefined;
    bus.stderr!.on('data', (bytes: Buffer) => {
      log += bytes;
      if (told) told.#log = log;
    });
    const address = await new Promise<string>((resolve, reject) => {
      bus.stdout!.once('data', (bytes: Buffer) => resolve(String(bytes).trim()));
      bus.once('exit', () => reject(new Error(`yard-busd did not start: ${log}`)));
    });
    told = new YardBusd(bus, folder, address);
    told.#log = log;
    return told;
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** What it said to people so far. */
  get log(): string {
    return this.#log;
  }

  get fds(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** Writes a file into the bus's folder. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text.replaceAll('@folder@', this.folder));
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Its exit code, or the signal that ended it. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return signalCode ?? exitCode;
    return await new Promise((resolve) => this.#process.once('exit', (code, by) => resolve(by ?? code)));
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill();
    await this.ended();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** All that an ordinary session bus allows. */
export const openPolicy = `<policy context="default">
  <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>`;
