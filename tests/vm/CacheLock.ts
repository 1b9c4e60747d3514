import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * An exclusive lock on a file, kept by flock(1): Node.js has no flock(2). The lock is the child's, and the child ends with
 * the pipe to it, so that it is free again however this process ends.
 */
export class CacheLock implements AsyncDisposable {
  static async take(path: string): Promise<CacheLock> {
    const child = spawn('flock', ['--exclusive', path, 'sh', '-c', 'echo; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'close').then(([status]) => {
        throw new Error(`flock ${path} ended with ${status}`);
      }),
    ]);
    return new CacheLock(async () => {
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
    });
  }

  readonly #release: () => Promise<void>;

  private constructor(release: () => Promise<void>) {
    this.#release = release;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#release();
  }
}
