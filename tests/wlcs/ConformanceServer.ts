import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(
  new URL('../../services/display/dist/testing/conformance/main.js', import.meta.url),
);

/** The display's conformance process: each connection to its socket is a display of its own. */
export class ConformanceServer {
  readonly path: string;
  readonly #process: ChildProcess;
  #complaints = '';

  private constructor(path: string, process: ChildProcess) {
    this.path = path;
    this.#process = process;
    process.stderr?.on('data', (chunk: Buffer) => {
      this.#complaints += chunk.toString();
    });
  }

  /** `lenient`: for suites that attach buffers before the first ack_configure. */
  static async start(path: string, lenient: boolean): Promise<ConformanceServer> {
    const child = spawn(process.execPath, [main, '--listen', path], {
      env: { ...process.env, SWITCHYARD_LENIENT_CONFIGURE: lenient ? '1' : '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new ConformanceServer(path, child);
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once('data', () => resolve());
      child.once('exit', () => reject(new Error(`the conformance server ended:\n${server.#complaints}`)));
    });
    return server;
  }

  get alive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }
  /** What it said of errors of its own. */
  get complaints(): string {
    return this.#complaints;
  }
  get openFiles(): number {
    return readdirSync(`/proc/${this.#process.pid}/fd`).length;
  }

  /** Resolves with its exit status. */
  async stop(): Promise<number | null> {
    if (!this.alive) return this.#process.exitCode;
    const ended = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()));
    this.#process.kill('SIGTERM');
    await ended;
    return this.#process.exitCode;
  }
}
