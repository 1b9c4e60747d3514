import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../bin/yard.js', import.meta.url));

export type Ran = { status: number; stdout: string; stderr: string };

/** The command as a person runs it; `stop` is a Ctrl+C. */
export class RunningYard {
  readonly done: Promise<Ran>;
  readonly #child: ReturnType<typeof spawn>;
  #stdout = '';

  constructor(...args: string[]) {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let stderr = '';
    child.stdout.on('data', (bytes: Buffer) => (this.#stdout += bytes));
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes));
    this.done = new Promise((resolve) =>
      child.once('close', (code) => resolve({ status: code ?? -1, stdout: this.#stdout, stderr })),
    );
  }

  /** Its output so far, as soon as that contains a text. */
  async shows(text: string): Promise<string> {
    while (!this.#stdout.includes(text)) await new Promise((resolve) => setTimeout(resolve, 10));
    return this.#stdout;
  }

  stop(): Promise<Ran> {
    this.#child.kill('SIGINT');
    return this.done;
  }
}

export function runYard(...args: string[]): Promise<Ran> {
  return new RunningYard(...args).done;
}
