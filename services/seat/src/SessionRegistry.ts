import { processStat } from '@switchyard/runtime';
import type { CgroupTree } from './CgroupTree.js';
import { loginError } from './LoginError.js';
import type { Session } from './Session.js';

/** logind's own limit; a session costs us an fd for its leader and one for its fifo. */
export const SESSIONS_MAX = 8192;
/** So that one user cannot take all of them. Each Wayland client of a seat is a session. */
export const SESSIONS_PER_USER_MAX = 1024;
/** Ancestors looked at to find the session of a process; deeper trees than this are loops or mischief. */
const ANCESTORS_MAX = 64;

/** All sessions, in order of creation. */
export class SessionRegistry {
  readonly #sessions = new Map<string, Session>();
  readonly #byLeader = new Map<number, Session>();
  readonly #perUser = new Map<number, number>();
  readonly #cgroups: CgroupTree | undefined;

  constructor(cgroups?: CgroupTree) {
    this.#cgroups = cgroups;
  }

  get size(): number {
    return this.#sessions.size;
  }
  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values();
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Throws NoSuchSession. */
  require(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session) throw loginError.noSuchSession(id);
    return session;
  }

  /**
   * Throws SessionBusy or LimitsExceeded when a session of this user and leader cannot be added. Without a leader to
   * ask for, the session may share it: a process can have several connections to seatd.
   */
  check(uid: number, leader: number | undefined): void {
    const other = leader === undefined ? undefined : this.#byLeader.get(leader);
    if (leader !== undefined && other) throw loginError.sessionBusy(leader, other.id);
    if (this.#sessions.size >= SESSIONS_MAX)
      throw loginError.limit(`There are ${SESSIONS_MAX} sessions already`);
    if ((this.#perUser.get(uid) ?? 0) >= SESSIONS_PER_USER_MAX) {
      throw loginError.limit(`User ${uid} has ${SESSIONS_PER_USER_MAX} sessions already`);
    }
  }

  add(session: Session): void {
    this.#sessions.set(session.id, session);
    if (!this.#byLeader.has(session.leader.pid)) this.#byLeader.set(session.leader.pid, session);
    this.#perUser.set(session.uid, (this.#perUser.get(session.uid) ?? 0) + 1);
  }

  remove(session: Session): void {
    this.#sessions.delete(session.id);
    if (this.#byLeader.get(session.leader.pid) === session) this.#byLeader.delete(session.leader.pid);
    const rest = (this.#perUser.get(session.uid) ?? 1) - 1;
    if (rest > 0) this.#perUser.set(session.uid, rest);
    else this.#perUser.delete(session.uid);
  }

  /**
   * The session in whose control group the process is, else the one whose leader it or one of its ancestors is: a
   * process can leave its parents, but not its group.
   */
  ofProcess(pid: number): Session | undefined {
    const grouped = this.#cgroups?.sessionOf(pid);
    if (grouped !== undefined) return this.#sessions.get(grouped);
    for (let at = pid, steps = 0; at > 1 && steps < ANCESTORS_MAX; steps++) {
      const session = this.#byLeader.get(at);
      if (session) return session;
      at = processStat(at)?.parent ?? 0;
    }
    return undefined;
  }
}
