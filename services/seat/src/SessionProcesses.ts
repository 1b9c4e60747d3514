import type { CgroupTree } from './CgroupTree.js';
import type { Session } from './Session.js';

/** Between SIGTERM and SIGKILL: what `yard kill` and systemd's user sessions find enough in practice. */
const TERMINATE_GRACE_MS = 5000;

/** What sessions' processes have to do with their sessions' ends, and what becomes of them then. */
export class SessionProcesses {
  readonly #cgroups: CgroupTree | undefined;
  readonly #killAll: boolean;
  readonly #ended: (session: Session, why: string) => void;
  readonly #kills = new Map<Session, NodeJS.Timeout>();

  /** `killAll`: what is left of a session when it ends is killed, unless it is root's. `ended`: the session is to end. */
  constructor(
    cgroups: CgroupTree | undefined,
    killAll: boolean,
    ended: (session: Session, why: string) => void,
  ) {
    this.#cgroups = cgroups;
    this.#killAll = killAll;
    this.#ended = ended;
  }

  /** Its leader, and what that starts, is in a group of its own from now on. */
  enter(session: Session): void {
    session.scope = this.#cgroups?.enter(session);
  }

  watch(session: Session): void {
    session.scope?.onEmpty(() => this.#ended(session, 'no process is left'));
    session.leader.onExit(() => this.#ended(session, 'leader ended'));
    session.fifo.onEnd(() => this.#ended(session, 'fifo closed'));
  }

  /**
   * SIGTERM to its processes, or where it has no control group to the leader, SIGKILL when that did not help. False: that
   * has begun before.
   */
  terminate(session: Session): boolean {
    (session.scope ?? session.leader).signal('SIGTERM');
    if (this.#kills.has(session)) return false;
    const timer = setTimeout(() => {
      session.leader.signal('SIGKILL');
      session.scope?.signal('SIGKILL');
    }, TERMINATE_GRACE_MS);
    this.#kills.set(session, timer.unref());
    return true;
  }

  /** The session is over. What it leaves behind lives on in its group, or has a while to end. */
  leave(session: Session): void {
    const terminated = this.#kills.has(session);
    clearTimeout(this.#kills.get(session));
    this.#kills.delete(session);
    const { scope, uid } = session;
    if (!scope) return;
    this.#cgroups?.leave(scope);
    if (scope.empty) return;
    if (!terminated && (uid === 0 || !this.#killAll)) return;
    // Shells end by SIGHUP, not by SIGTERM.
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) scope.signal(signal);
    setTimeout(() => scope.signal('SIGKILL'), TERMINATE_GRACE_MS).unref();
  }
}
