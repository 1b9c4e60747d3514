import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Journal } from './Journal.js';

const source = fileURLToPath(new URL('../../src/testing/libseat-client.c', import.meta.url));
const libraries = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];

/** Debian's package libseat1, and a compiler, are needed. */
export function haveLibseat(): boolean {
  return libraries.some((directory) => existsSync(join(directory, 'libseat.so.1')));
}

let program: string | undefined;
function compile(): string {
  if (program === undefined) {
    program = join(mkdtempSync(join(tmpdir(), 'yard-libseat-')), 'client');
    execFileSync('cc', ['-o', program, source, '-l:libseat.so.1']);
  }
  return program;
}

/** A process that uses the real libseat, told what to do line by line. */
export class LibseatClient {
  readonly process: ChildProcess & { pid: number };
  /** What it said. */
  readonly journal = new Journal();
  #rest = '';

  /** `wrap`: how to spawn a program where the client is to see other things. */
  constructor(
    environment: Record<string, string>,
    wrap: (program: string) => [string, string[]] = (program) => [program, []],
  ) {
    this.process = spawn(...wrap(compile()), {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    }) as ChildProcess & { pid: number };
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop()!;
      for (const line of lines) this.journal.add(line);
    });
  }

  /** Resolves when the client has said `answer` once more than before. */
  async tell(command: string, answer: string): Promise<void> {
    const before = this.journal.entries.filter((entry) => entry === answer).length;
    this.process.stdin!.write(`${command}\n`);
    await this.journal.until(answer, before + 1);
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }
}
