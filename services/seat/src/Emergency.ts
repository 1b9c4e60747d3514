import { spawn } from 'node:child_process';
import type { Log } from '@switchyard/runtime';
import { Leader } from './Leader.js';
import type { Seat } from './Seat.js';
import type { SeatEvents } from './SeatEvents.js';
import type { SeatManager } from './SeatManager.js';
import type { Session } from './Session.js';
import type { SessionRequest } from './SessionRequest.js';

/** Who presses the chord again is told by this that the emergency session itself hangs, and not that a key bounced. */
const AGAIN_MS = 2000;

/**
 * The way out of a seat on which nothing works: the chord brings a session of class `emergency` to the front, and asks
 * nobody.
 *
 *   none ──chord──▶ starting, in front ──▶ in front ──somebody switches──▶ behind ──chord──▶ in front
 *                                             └──chord, some time later: it hangs──▶ killed; another is started
 */
export class Emergency {
  readonly #manager: SeatManager;
  readonly #command: string | undefined;
  readonly #events: SeatEvents;
  readonly #log: Log;
  /** When each seat was last rescued, monotonic ms. */
  readonly #last = new Map<string, number>();

  /** `command`: what a shell runs as the session, where none is there yet. */
  constructor(manager: SeatManager, command: string | undefined, events: SeatEvents, log: Log) {
    this.#manager = manager;
    this.#command = command;
    this.#events = events;
    this.#log = log;
  }

  /** Somebody pressed the chord. */
  attention(seat: Seat): void {
    const now = performance.now();
    const again = now - (this.#last.get(seat.id) ?? now) > AGAIN_MS;
    this.#last.set(seat.id, now);
    this.#log.warn({ seat: seat.id, active: seat.active?.id }, 'secure attention key');
    this.#events.attention(seat);
    const there = seat.sessions.find((one) => one.class === 'emergency' && one.state !== 'closing');
    const hangs = there !== undefined && there === seat.active && again && this.#command !== undefined;
    const session = there && !hangs ? there : this.#start(seat);
    if (!session) return;
    seat.switch.force(session);
    // A manager that is killed now must not bring back what hung.
    this.#manager.flush();
    if (!hangs) return;
    this.#log.warn({ session: there.id }, 'the emergency session itself hung: another is in its place');
    killGroup(there);
    this.#manager.endSession(there, 'replaced by another emergency session');
  }

  #start(seat: Seat): Session | undefined {
    if (this.#command === undefined) {
      this.#log.warn({ seat: seat.id }, 'there is no emergency session, and no --emergency-command');
      return undefined;
    }
    // Held at a gate until its session exists, whose fifo it then holds as fd 3, also when this manager is gone.
    const gate =
      'IFS= read -r XDG_SESSION_ID && IFS= read -r fifo && exec 3>"$fifo" && export XDG_SESSION_ID';
    const child = spawn('/bin/sh', ['-c', `${gate} && ${this.#command}`], {
      stdio: ['pipe', 'inherit', 'inherit'],
      // A process group of its own, so that all of it can be killed.
      detached: true,
      env: {
        ...process.env,
        NOTIFY_SOCKET: undefined,
        XDG_SEAT: seat.id,
        XDG_SESSION_CLASS: 'emergency',
        XDG_SESSION_TYPE: 'tty',
      },
    });
    // It died at its gate; its exit tells.
    child.stdin?.on('error', () => {});
    child.on('error', (error) => this.#log.error(`the emergency session does not start: ${error.message}`));
    const leader = child.pid === undefined ? undefined : Leader.open(child.pid);
    if (!leader) return undefined;
    try {
      const { session, writer } = this.#manager.createSession(emergencySession(seat), leader);
      child.on('exit', () => writer.close());
      child.stdin?.end(`${session.id}\n${this.#manager.fifoPath(session.id)}\n`);
      child.unref();
      return session;
    } catch (error) {
      child.kill('SIGKILL');
      this.#log.error(`there is no emergency session: ${(error as Error).message}`);
      return undefined;
    }
  }
}

/** The leader was made the leader of a process group, of which it lives still. */
function killGroup({ leader }: Session): void {
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch {
    leader.signal('SIGKILL');
  }
}

function emergencySession(seat: Seat): SessionRequest {
  return {
    uid: process.getuid?.() ?? 0,
    seat: seat.id,
    type: 'tty',
    class: 'emergency',
    tty: '',
    vt: { vtnr: 0, choice: 'new' },
    title: 'Emergency',
    display: '',
    background: true,
    sharesLeader: false,
    identity: { service: 'emergency', desktop: '', remote: false, remoteUser: '', remoteHost: '' },
  };
}
