import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const yardScript = fileURLToPath(new URL('../../cli/bin/yard.js', import.meta.url));

export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SessionListing {
  readonly id: string;
  readonly seat: string;
  readonly name: string;
  readonly type: string;
  readonly class: string;
  readonly state: string;
  readonly locked: boolean;
  readonly user: string;
  readonly leader: number;
}

export interface TreeInfo {
  readonly pid: number;
  readonly seat: string;
  readonly url: string;
  readonly waylandDisplay: string;
  readonly bus: string;
  readonly runtimeDir: string;
}

/** Runs the command as a person would and collects what it says. */
export function yard(
  args: readonly string[],
  options: { environment?: NodeJS.ProcessEnv; input?: string; patience?: number } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [yardScript, ...args], {
      env: { ...process.env, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.patience ?? 120_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ status: code ?? -1, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

/** A whole tree in a runtime directory of its own, reached through the command as a person would. */
export class YardTree {
  readonly info: TreeInfo;
  readonly #directory: string;

  private constructor(info: TreeInfo, directory: string) {
    this.info = info;
    this.#directory = directory;
  }

  static async up(...args: string[]): Promise<YardTree> {
    const directory = mkdtempSync(join(tmpdir(), 'yard-e2e-'));
    const result = await yard(
      ['up', '--detach', '--json', '--port', '0', '--runtime-dir', join(directory, 'run'), ...args],
      {
        // Nobody's own settings.
        environment: {
          PS1: '$ ',
          SHELL: '/bin/sh',
          ENV: '',
          XDG_RUNTIME_DIR: directory,
          XDG_CONFIG_HOME: join(directory, 'config'),
        },
      },
    );
    if (result.status !== 0) throw new Error(`yard up: ${result.stderr}`);
    return new YardTree(JSON.parse(result.stdout) as TreeInfo, directory);
  }

  get runtimeDir(): string {
    return this.info.runtimeDir;
  }

  /** A `yard` command on this tree; throws with its words when it fails. */
  async yard(command: string, ...args: string[]): Promise<string> {
    const result = await this.attempt(command, ...args);
    if (result.status !== 0)
      throw new Error(`yard ${command} ${args.join(' ')}: ${result.status} ${result.stderr}`);
    return result.stdout;
  }

  /** The same, whatever its end. */
  attempt(command: string, ...args: string[]): Promise<CommandResult> {
    const words = command.split(' ');
    return yard([...words, '--runtime-dir', this.runtimeDir, ...args], {
      environment: { XDG_RUNTIME_DIR: this.#directory },
    });
  }

  async sessions(): Promise<SessionListing[]> {
    return JSON.parse(await this.yard('sessions', '--json')) as SessionListing[];
  }

  async services(): Promise<Map<string, { pid: number; state: string; restarts: number; rss: number }>> {
    const status = JSON.parse(await this.yard('status', '--json')) as {
      services: { name: string; pid: number; state: string; restarts: number; rss: number }[];
    };
    return new Map(status.services.map((service) => [service.name, service]));
  }

  /** Starts a program as a session and returns its id. */
  async run(...argv: string[]): Promise<string> {
    return (await this.yard('run', '--', ...argv)).trim();
  }

  /** Takes it down and removes its directory. */
  async down(): Promise<void> {
    await this.attempt('down');
    // Programs that were killed may have left others that write here still.
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Waits until `look` gives something, asking again every few milliseconds; the last refusal is the error. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  patience = 60_000,
): Promise<T> {
  const deadline = Date.now() + patience;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${patience} ms: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
