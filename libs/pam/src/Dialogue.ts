import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import { encodeFrame, encodeJson, type Frame, FrameReader, frameKind } from './Frame.js';
import type { DialogueRequest, SessionProgram } from './Request.js';
import { serviceName } from './ServiceName.js';
import type { Verdict } from './Verdict.js';

export type { DialogueRequest, SessionProgram };

/** A file of its own, wherever this one was put. */
const helper = createRequire(import.meta.url).resolve('@switchyard/pam/helper');
/** Nobody sits at a question for longer. */
const PATIENCE_MS = 120_000;

/** Who is asked by PAM's modules. */
export interface Conversation {
  /** `shown`: what is typed may be seen. The answer is wiped when it was passed on; undefined gives up. */
  ask(question: string, shown: boolean): Promise<Uint8Array | undefined>;
  tell?(text: string, isError: boolean): void;
}

/** The program of a session that PAM has opened. */
export interface RunningSession {
  readonly pid: number;
  /** Its exit status, 128 and the signal's number when one killed it. */
  readonly ended: Promise<number>;
  /** What a gated program waits for. Without it, it is killed when this process ends or closes the dialogue. */
  open(lines: readonly string[]): void;
}

/**
 * A dialogue with PAM about one person, in a process of its own: nothing that a module does can hold up or change the
 * one that calls. Secrets go through a socket pair and nowhere else.
 *
 *   asking ──▶ verdict ──refused──▶ over        let in ──run──▶ running ──program ends──▶ over
 *     └── helper dies, or nobody answers ──▶ verdict: unavailable
 */
export class Dialogue {
  /** Never rejects. */
  readonly verdict: Promise<Verdict>;
  readonly #child: ChildProcess;
  readonly #socket: Duplex;
  readonly #conversation: Conversation;
  readonly #timer: NodeJS.Timeout;
  #decide!: (verdict: Verdict) => void;
  #started: { resolve(pid: number): void; reject(error: Error): void } | undefined;
  #ended: ((status: number) => void) | undefined;

  private constructor(request: DialogueRequest, conversation: Conversation) {
    this.#conversation = conversation;
    this.verdict = new Promise((resolve) => {
      this.#decide = resolve;
    });
    this.#child = spawn(process.execPath, [helper], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      // PAM's modules are not to be steered by whoever started us; and a tree is found by its variable.
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        ...(process.env['YARD_TREE'] ? { YARD_TREE: process.env['YARD_TREE'] } : {}),
      },
    });
    this.#socket = this.#child.stdio[3] as Duplex;
    this.#timer = setTimeout(() => this.#fail('nobody answered in time'), PATIENCE_MS);
    this.#child.on('error', (error) => this.#fail(error.message));
    this.#child.on('close', () => this.#fail('the process that asks PAM ended'));
    const reader = new FrameReader();
    this.#socket.on('data', (bytes: Buffer) => {
      try {
        for (const frame of reader.feed(bytes)) this.#hear(frame);
      } catch (error) {
        this.#fail((error as Error).message);
      }
    });
    this.#socket.on('error', (error) => this.#fail(error.message));
    this.#socket.write(encodeJson(frameKind.request, request));
  }

  static begin(
    request: Omit<DialogueRequest, 'service'> & { readonly service?: string | undefined },
    conversation: Conversation,
  ): Dialogue {
    return new Dialogue({ ...request, service: request.service ?? serviceName() }, conversation);
  }

  /** Of the process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Opens PAM's session for whom it let in, and runs a program in it, which inherits what the modules set (limits,
   * audit, groups). Resolves to its pid; rejects with what PAM or execve(2) says. Once.
   */
  async run(program: SessionProgram): Promise<RunningSession> {
    const verdict = await this.verdict;
    if (!verdict.allowed) throw new Error(`no session for who is not let in (${verdict.why})`);
    const ended = new Promise<number>((resolve) => {
      this.#ended = resolve;
    });
    const pid = await new Promise<number>((resolve, reject) => {
      this.#started = { resolve, reject };
      this.#socket.write(encodeJson(frameKind.run, program));
    });
    return { pid, ended, open: (lines) => void this.#socket.write(encodeJson(frameKind.open, lines)) };
  }

  /** Gives the dialogue up. A session's program runs on; its session is closed when it ends. */
  close(): void {
    clearTimeout(this.#timer);
    if (this.#ended) {
      this.#child.unref();
      this.#socket.destroy();
      return;
    }
    this.#decide({ allowed: false, why: 'denied' });
    this.#child.kill('SIGKILL');
    this.#socket.destroy();
  }

  #hear({ kind, body }: Frame): void {
    const text = body.toString();
    switch (kind) {
      case frameKind.hiddenQuestion:
      case frameKind.shownQuestion:
        void this.#ask(text, kind);
        break;
      case frameKind.error:
      case frameKind.information:
        this.#conversation.tell?.(text, kind === frameKind.error);
        break;
      case frameKind.verdict:
        clearTimeout(this.#timer);
        this.#decide(JSON.parse(text) as Verdict);
        break;
      case frameKind.started: {
        const { pid, error } = JSON.parse(text) as { pid?: number; error?: string };
        if (pid === undefined) this.#started?.reject(new Error(error));
        else this.#started?.resolve(pid);
        break;
      }
      case frameKind.ended:
        this.#ended?.((JSON.parse(text) as { status: number }).status);
        break;
    }
  }

  async #ask(question: string, kind: number): Promise<void> {
    this.#timer.refresh();
    const answer = await this.#conversation
      .ask(question, kind === frameKind.shownQuestion)
      .catch(() => undefined);
    if (answer === undefined || answer.includes(0)) {
      this.close();
      return;
    }
    const frame = encodeFrame(kind, answer);
    answer.fill(0);
    this.#socket.write(frame, () => frame.fill(0));
  }

  #fail(detail: string): void {
    clearTimeout(this.#timer);
    this.#decide({ allowed: false, why: 'unavailable', detail });
    this.#started?.reject(new Error(detail));
    this.#ended?.(128);
    this.#child.kill('SIGKILL');
    this.#socket.destroy();
  }
}
