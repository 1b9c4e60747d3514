import type { Session } from './Session.js';

/**
 * A user while he has sessions, or lingers.
 *
 *   lingering ──session──▶ online ◀──switch──▶ active      all sessions closing: closing
 *       ▲──last session ends──┘
 */
export class User {
  readonly sessions = new Set<Session>();
  /** Stays when its last session has ended (SetUserLinger). */
  linger = false;

  constructor(
    readonly uid: number,
    readonly gid: number,
    readonly name: string,
    /** µs since the epoch, and CLOCK_MONOTONIC, of the beginning of its first session. */
    readonly timestamp: bigint,
    readonly timestampMonotonic: bigint,
    /** What XDG_RUNTIME_DIR is in its sessions. */
    readonly runtimePath: string,
  ) {}

  get state(): 'lingering' | 'online' | 'active' | 'closing' {
    let best: 'lingering' | 'closing' | 'online' = this.linger ? 'lingering' : 'closing';
    for (const session of this.sessions) {
      if (session.state === 'active') return 'active';
      if (session.state === 'online') best = 'online';
    }
    return best;
  }

  /** The session that means this user where only one can: an active one, else the one that was active last, else the newest. */
  get display(): Session | undefined {
    let best: Session | undefined;
    for (const session of this.sessions) {
      if (session.closing) continue;
      if (!best || rank(session) >= rank(best)) best = session;
    }
    return best;
  }
}

function rank(session: Session): number {
  return session.seat && session.active ? Number.POSITIVE_INFINITY : session.lastActive;
}
