import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { XAuthority } from './XAuthority.js';

/** Its last words that are kept. */
const wordsLimit = 2048;

/** Where the server writes its display number to (Xserver(1), -displayfd). */
const displayFd = 3;

export class XServerError extends Error {}

/**
 * Xwayland with a root window: one window of the session, as large as the output, in which an X desktop lives. It
 * follows the output's size by itself and tells its clients by RandR.
 *
 *   starting ──display number──▶ running ──exit──▶ over
 *       └──exit──▶ over
 */
export class XServer {
  /** Clients find it as `:display`. */
  readonly display: number;
  /** Resolves with its status when it has ended. */
  readonly ended: Promise<number>;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, ended: Promise<number>, display: number) {
    this.#process = process;
    this.ended = ended;
    this.display = display;
  }

  /**
   * Starts one on a free display number, for the Wayland display of the environment.
   *
   * @throws XServerError when there is no such program, or it ends at once.
   */
  static async start(authority: XAuthority): Promise<XServer> {
    const server = spawn(
      'Xwayland',
      ['-displayfd', String(displayFd), '-auth', authority.path, '-noreset', '-shm', '-nolisten', 'tcp'],
      // It warns at every start of keys that X does not have.
      { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
    );
    let words = '';
    server.stderr!.setEncoding('utf8').on('data', (part: string) => {
      words = (words + part).slice(-wordsLimit);
    });
    const ended = new Promise<number>((resolve, reject) => {
      server.on('error', (error: NodeJS.ErrnoException) =>
        reject(
          new XServerError(
            error.code === 'ENOENT'
              ? 'there is no Xwayland in PATH: install it (Debian: apt install xwayland)'
              : `Xwayland cannot be started: ${error.message}`,
          ),
        ),
      );
      server.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
    });
    const line = await Promise.race([firstLine(server.stdio[displayFd] as Readable), ended]);
    if (typeof line === 'number')
      throw new XServerError(`Xwayland ended at once, with status ${line}: ${words.trim()}`);
    return new XServer(server, ended, Number(line));
  }

  stop(): void {
    this.#process.kill('SIGTERM');
  }
}

/** Pends when the stream ends without one: whoever wrote has ended, and that is told elsewhere. */
function firstLine(stream: Readable): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  return new Promise((resolve) => {
    stream.on('data', (part: string) => {
      text += part;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    stream.on('error', () => {});
  });
}
