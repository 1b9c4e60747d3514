import { constants } from 'node:os';
import { StringDecoder } from 'node:string_decoder';

interface Controls {
  input(bytes: Uint8Array): void;
  endInput(): void;
  kill(signal: number): void;
}

/** Characters of each stream in an error: the end of what may be the log of an hour. */
const TOLD_MAX = 8192;

type Stream = 'stdout' | 'stderr';
type Listener = (stream: Stream, chunk: Buffer) => void;

/** A command that runs in the guest. It lives in a session and process group of its own. */
export class GuestProcess {
  readonly command: string;
  /** The status as a shell has it: what it returned, or 128 + the signal. Rejects when the machine ends before it. */
  readonly status: Promise<number>;
  readonly #controls: Controls;
  readonly #text = { stdout: '', stderr: '' };
  readonly #decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  readonly #listeners = new Set<Listener>();
  /** Of those who wait for output. A promise would keep them, and the output with them, as long as the process runs. */
  readonly #ends = new Set<() => void>();
  #settle: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined;

  constructor(command: string, controls: Controls) {
    this.command = command;
    this.#controls = controls;
    this.status = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.status.catch(() => {}); // who waits hears of it
  }

  get stdout(): string {
    return this.#text.stdout;
  }
  get stderr(): string {
    return this.#text.stderr;
  }
  get running(): boolean {
    return this.#settle !== undefined;
  }

  write(input: string | Uint8Array): void {
    this.#controls.input(typeof input === 'string' ? Buffer.from(input) : input);
  }
  end(): void {
    this.#controls.endInput();
  }
  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.#controls.kill(constants.signals[signal]);
  }

  onOutput(listener: Listener): void {
    this.#listeners.add(listener);
  }

  /** Resolves when the process has written what matches, on either stream; on stdout only behind `from`. */
  async printed(pattern: RegExp, patience = 180_000, from = 0): Promise<RegExpExecArray> {
    const found = () => pattern.exec(this.stdout.slice(from)) ?? (from ? null : pattern.exec(this.stderr));
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        finish(() => {
          const told = `${this.stdout.slice(-TOLD_MAX)}${this.stderr.slice(-TOLD_MAX)}`;
          reject(new Error(`${this.command}: ${why} ${pattern}:\n${told}`));
        });
      const timer = setTimeout(() => fail(`has not printed in ${patience} ms`), patience);
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        this.#ends.delete(ended);
        settle();
      };
      const listener = () => {
        const match = found();
        if (match) finish(() => resolve(match));
      };
      const ended = () => {
        listener();
        fail('ended without printing');
      };
      this.#listeners.add(listener);
      this.#ends.add(ended);
      if (this.running) listener();
      else ended();
    });
  }

  /** For GuestAgent: output has come. */
  received(stream: Stream, chunk: Buffer): void {
    this.#text[stream] += this.#decoders[stream].write(chunk);
    for (const listener of [...this.#listeners]) listener(stream, chunk);
  }

  /** For GuestAgent: the process has ended, or, without a status, the machine. */
  ended(status: number | undefined): void {
    const settle = this.#settle;
    this.#settle = undefined;
    if (status !== undefined) settle?.resolve(status);
    else settle?.reject(new Error(`${this.command}: the machine has ended`));
    for (const tell of [...this.#ends]) tell();
  }
}
