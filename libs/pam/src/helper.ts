import { spawn } from 'node:child_process';
import { existsSync, readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import native, { type PamDialogue } from '@switchyard/native';
import { encodeJson, type Frame, FrameReader, frameKind } from './Frame.js';
import type { DialogueRequest, SessionProgram } from './Request.js';
import {
  accountRefusal,
  authenticationRefusal,
  isSuccess,
  mustChangeToken,
  type Verdict,
} from './Verdict.js';

/** The socket to who started us. */
const SOCKET = 3;
const item = { terminal: 3, remoteHost: 4 } as const;
const step = {
  authenticate: 0,
  account: 1,
  credentials: 2,
  openSession: 3,
  closeSession: 4,
  changeToken: 5,
} as const;
/** _pam_types.h */
const flag = { none: 0, establish: 2, remove: 4, changeExpired: 0x20 } as const;

/**
 * The process in which PAM works, because its modules wait, load libraries and change the process; one for each dialogue.
 *
 *   started ──request──▶ asking ──refused──▶ over
 *                          └──let in──▶ waiting ──end of the socket──▶ over
 *                                          └──run──▶ session open, program runs ──it ends──▶ session closed, over
 *
 * While a program runs, whoever started us may go: the session lasts as long as the program.
 */
function main(): void {
  const reader = new FrameReader();
  const first = receive(reader);
  if (first?.kind !== frameKind.request) return;
  const request = JSON.parse(first.body.toString()) as DialogueRequest;
  const dialogue = native.pamStart(request.service, request.user, SOCKET);
  if (typeof dialogue === 'number') {
    const detail = dialogue < 0 ? 'libpam.so.0 is not installed' : `pam_start gave ${dialogue}`;
    send(frameKind.verdict, { allowed: false, why: 'unavailable', detail } satisfies Verdict);
    return;
  }
  if (request.terminal) native.pamSetItem(dialogue, item.terminal, request.terminal);
  if (request.remoteHost) native.pamSetItem(dialogue, item.remoteHost, request.remoteHost);
  const verdict = decide(dialogue, request);
  send(frameKind.verdict, verdict);
  const next = verdict.allowed ? receive(reader) : undefined;
  if (next?.kind === frameKind.run) {
    const gate = () => receive(reader);
    runSession(dialogue, request.service, JSON.parse(next.body.toString()) as SessionProgram, gate);
  } else {
    native.pamEnd(dialogue);
  }
}

function decide(dialogue: PamDialogue, { user, mayChange }: DialogueRequest): Verdict {
  const known = native.pamStep(dialogue, step.authenticate, flag.none);
  if (!isSuccess(known)) return refuse(dialogue, authenticationRefusal(known), known);
  let account = native.pamStep(dialogue, step.account, flag.none);
  if (mustChangeToken(account) && mayChange) {
    account = native.pamStep(dialogue, step.changeToken, flag.changeExpired);
  }
  if (!isSuccess(account)) return refuse(dialogue, accountRefusal(account), account);
  return { allowed: true, user: native.pamUser(dialogue) ?? user };
}

function refuse(
  dialogue: PamDialogue,
  why: Exclude<Verdict, { allowed: true }>['why'],
  result: number,
): Verdict {
  if (why !== 'unavailable') return { allowed: false, why };
  return { allowed: false, why, detail: native.pamError(dialogue, result) ?? `PAM error ${result}` };
}

function runSession(
  dialogue: PamDialogue,
  service: string,
  program: SessionProgram,
  gate: () => Frame | undefined,
): void {
  for (const [name, value] of Object.entries(program.environment)) {
    // pam_systemd and its like take what the session is to be from here.
    if (name.startsWith('XDG_')) native.pamPutEnvironment(dialogue, `${name}=${value}`);
  }
  for (const [what, number, flags] of [
    ['pam_setcred', step.credentials, flag.establish],
    ['pam_open_session', step.openSession, flag.none],
  ] as const) {
    const result = native.pamStep(dialogue, number, flags);
    if (isSuccess(result)) continue;
    const why = native.pamError(dialogue, result) ?? `error ${result}`;
    send(frameKind.started, { error: `${what} of service ${service}: ${why}` });
    native.pamEnd(dialogue);
    return;
  }
  const environment = { ...fromPam(native.pamEnvironment(dialogue)), ...program.environment };
  const [path, ...rest] = program.argv;
  const child = spawn(path!, rest, {
    stdio: [program.gated ? 'pipe' : 'ignore', 'inherit', 'inherit'],
    cwd: existsSync(program.directory) ? program.directory : '/',
    env: environment,
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  if (!program.gated) {
    child.on('spawn', () => send(frameKind.started, { pid: child.pid }));
  } else if (child.pid !== undefined) {
    send(frameKind.started, { pid: child.pid });
    // It waits, and so do we.
    const frame = gate();
    child.stdin?.on('error', () => {});
    if (frame?.kind === frameKind.open)
      child.stdin?.end(`${(JSON.parse(frame.body.toString()) as string[]).join('\n')}\n`);
    else child.kill('SIGKILL');
  }
  child.on('error', (error) => {
    send(frameKind.started, { error: error.message });
    close(dialogue);
  });
  child.on('exit', (code, signal) => {
    close(dialogue);
    send(frameKind.ended, { status: statusOf(code, signal) });
  });
}

function close(dialogue: PamDialogue): void {
  native.pamStep(dialogue, step.closeSession, flag.none);
  native.pamStep(dialogue, step.credentials, flag.remove);
  native.pamEnd(dialogue);
}

function statusOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}

function fromPam(variables: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    variables.map((variable) => {
      const at = variable.indexOf('=');
      return [variable.slice(0, at), variable.slice(at + 1)];
    }),
  );
}

/** The next frame, or undefined when the other side is gone. */
function receive(reader: FrameReader): Frame | undefined {
  const bytes = Buffer.alloc(65536);
  for (;;) {
    const length = readSync(SOCKET, bytes);
    if (length === 0) return undefined;
    // One frame at a time is sent: the next is an answer to what we say then.
    for (const frame of reader.feed(bytes.subarray(0, length))) return frame;
  }
}

function send(kind: number, value: unknown): void {
  try {
    writeSync(SOCKET, encodeJson(kind, value));
  } catch {
    // Nobody listens any more; the session goes on.
  }
}

main();
