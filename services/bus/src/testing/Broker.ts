import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The broker as a process of a test's own. */
export class Broker {
  readonly address: string;
  readonly runtimeDir: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, runtimeDir: string) {
    this.#process = process;
    this.runtimeDir = runtimeDir;
    this.address = `unix:path=${join(runtimeDir, 'bus')}`;
  }

  static async start(runtimeDir = mkdtempSync(join(tmpdir(), 'broker-'))): Promise<Broker> {
    const child = spawn(process.execPath, [main, '--runtime-dir', runtimeDir], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    await new Promise<void>((resolve, reject) => {
      child.stderr!.on('data', (text: Buffer) => {
        log = (log + text).slice(-10_000);
        if (log.includes('listening')) resolve();
      });
      child.once('exit', () => reject(new Error(`the broker did not start: ${log}`)));
    });
    return new Broker(child, runtimeDir);
  }

  get pid(): number {
    return this.#process.pid!;
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** How many fds it holds now. */
  get fds(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** Its exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
      this.#process.once('exit', (code, by) => resolve(by ?? code)),
    );
    this.#process.kill(signal);
    return await ended;
  }

  async stop(): Promise<void> {
    if (this.running) await this.end();
    rmSync(this.runtimeDir, { recursive: true, maxRetries: 10 });
  }
}
