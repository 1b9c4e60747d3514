import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Size {
  readonly width: number;
  readonly height: number;
}

/** An X server without a screen, and somebody with a mouse in front of it (Xvfb, xdotool). */
export class XScreen {
  readonly display: string;
  readonly #server: ChildProcess;

  readonly #folder: string;
  readonly #width: number;
  readonly #height: number;

  private constructor(server: ChildProcess, display: string, folder: string, { width, height }: Size) {
    this.#server = server;
    this.display = display;
    this.#folder = folder;
    this.#width = width;
    this.#height = height;
  }

  static async start(width: number, height: number): Promise<XScreen> {
    const folder = mkdtempSync(join(tmpdir(), 'yard-x-screen-'));
    const size = ['-screen', '0', `${width}x${height}x24`];
    const server = spawn('Xvfb', ['-displayfd', '3', ...size, '-nolisten', 'tcp', '-fbdir', folder], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const number = await new Promise<string>((resolve, reject) => {
      server.stdio[3]!.once('data', (data: Buffer) => resolve(data.toString().trim()));
      server.once('error', reject);
      server.once('exit', () => reject(new Error('Xvfb ended')));
    });
    return new XScreen(server, `:${number}`, folder, { width, height });
  }

  /** 0xRRGGBB of what is to be seen there: the screen is an XWD file, and its pixels are the end of it. */
  pixel(x: number, y: number): number {
    const file = readFileSync(join(this.#folder, 'Xvfb_screen0'));
    const pixels = file.length - 4 * this.#width * this.#height;
    return file.readUInt32LE(pixels + 4 * (y * this.#width + x)) & 0xffffff;
  }

  /** What xdotool does by these words. */
  async tool(...words: string[]): Promise<void> {
    await run('xdotool', words, { env: { ...process.env, DISPLAY: this.display } });
  }

  async close(): Promise<void> {
    const ended = once(this.#server, 'exit');
    this.#server.kill();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
