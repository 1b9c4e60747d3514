import { spawn } from 'node:child_process';
import type { Log } from '@switchyard/runtime';
import { Leader } from './Leader.js';
import type { Seat } from './Seat.js';
import type { SeatManager } from './SeatManager.js';
import type { Session } from './Session.js';

/** A session that the manager itself has a shell run: who cannot be asked for one makes none. */
export interface CommandSession {
  readonly class: 'emergency' | 'lock-screen';
  readonly title: string;
  /** What a shell runs as the leader, with XDG_SESSION_ID and XDG_SEAT. */
  readonly command: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** The session that it stands for while that one is locked. */
  readonly standsFor?: string;
}

/**
 * Starts it in the background. Its leader is held at a gate until its session exists, whose fifo it then holds as fd 3,
 * also when this manager is gone. Undefined when it cannot be started; the log says why.
 */
export function startCommandSession(
  manager: SeatManager,
  seat: Seat,
  { command, title, environment, standsFor, class: sessionClass }: CommandSession,
  log: Log,
): Session | undefined {
  const gate = 'IFS= read -r XDG_SESSION_ID && IFS= read -r fifo && exec 3>"$fifo" && export XDG_SESSION_ID';
  const child = spawn('/bin/sh', ['-c', `${gate} && ${command}`], {
    stdio: ['pipe', 'inherit', 'inherit'],
    // A process group of its own, so that all of it can be killed.
    detached: true,
    env: {
      ...process.env,
      NOTIFY_SOCKET: undefined,
      XDG_SEAT: seat.id,
      XDG_SESSION_CLASS: sessionClass,
      XDG_SESSION_TYPE: 'tty',
      ...environment,
    },
  });
  // It died at its gate; its exit tells.
  child.stdin?.on('error', () => {});
  child.on('error', (error) => log.error(`the ${sessionClass} session does not start: ${error.message}`));
  const leader = child.pid === undefined ? undefined : Leader.open(child.pid);
  if (!leader) return undefined;
  try {
    const { session, writer } = manager.createSession(
      {
        uid: process.getuid?.() ?? 0,
        seat: seat.id,
        type: 'tty',
        class: sessionClass,
        tty: '',
        vt: { vtnr: 0, choice: 'new' },
        title,
        display: '',
        background: true,
        sharesLeader: false,
        standsFor,
        identity: { service: sessionClass, desktop: '', remote: false, remoteUser: '', remoteHost: '' },
      },
      leader,
    );
    child.on('exit', () => writer.close());
    child.stdin?.end(`${session.id}\n${manager.fifoPath(session.id)}\n`);
    child.unref();
    return session;
  } catch (error) {
    child.kill('SIGKILL');
    log.error(`there is no ${sessionClass} session: ${(error as Error).message}`);
    return undefined;
  }
}

/** All that its leader, who leads a process group, has started. */
export function killCommandSession({ leader }: Session): void {
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch {
    leader.signal('SIGKILL');
  }
}
