import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { XAuthority } from '../XAuthority.js';
import { XClient } from '../XClient.js';

/** An X server without a screen, for tests with clients that do what they should not. */
export class XvfbServer implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #directory: string;
  readonly #authority: XAuthority;
  readonly #display: number;

  private constructor(process: ChildProcess, directory: string, authority: XAuthority, display: number) {
    this.#process = process;
    this.#directory = directory;
    this.#authority = authority;
    this.#display = display;
  }

  static async start(): Promise<XvfbServer> {
    const directory = mkdtempSync(join(tmpdir(), 'xvfb-'));
    const authority = new XAuthority(join(directory, 'authority'));
    const server = spawn('Xvfb', ['-displayfd', '3', '-auth', authority.path, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const display = await new Promise<number>((resolve, reject) => {
      (server.stdio[3] as Readable).once('data', (bytes: Buffer) => resolve(Number(String(bytes))));
      server.once('error', reject);
      server.once('exit', () => reject(new Error('Xvfb ended')));
    });
    return new XvfbServer(server, directory, authority, display);
  }

  connect(): Promise<XClient> {
    return XClient.connect(this.#display, this.#authority.cookie);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill();
    await ended;
    rmSync(this.#directory, { recursive: true, maxRetries: 10 });
  }
}
