import { monotonicNow } from '@switchyard/sys';
import type { LingerStore } from './LingerStore.js';
import { loginError } from './LoginError.js';
import { passwdEntry } from './Passwd.js';
import type { SeatEvents } from './SeatEvents.js';
import type { Session } from './Session.js';
import { User } from './User.js';

/** The users who have sessions, or linger. */
export class UserRegistry {
  readonly #users = new Map<number, User>();
  /** Each user's display session as it was told last. */
  readonly #displays = new Map<User, Session>();
  readonly #events: SeatEvents;
  readonly #lingering: LingerStore;
  readonly #runtimePrefix: string;

  /** `runtimePrefix`: where each user's runtime directory is. */
  constructor(events: SeatEvents, lingering: LingerStore, runtimePrefix: string) {
    this.#events = events;
    this.#lingering = lingering;
    this.#runtimePrefix = runtimePrefix;
  }

  [Symbol.iterator](): IterableIterator<User> {
    return this.#users.values();
  }

  get(uid: number): User | undefined {
    return this.#users.get(uid);
  }

  /** Throws NoSuchUser. */
  require(uid: number): User {
    const user = this.#users.get(uid);
    if (!user) throw loginError.noSuchUser(uid);
    return user;
  }

  /** Those who linger are there from the start. */
  restore(): void {
    for (const uid of this.#lingering.list()) this.#ensure(uid).linger = true;
  }

  addSession(session: Session): void {
    this.#ensure(session.uid, session).sessions.add(session);
    this.displayMayHaveChanged(session);
  }

  removeSession(session: Session): void {
    const user = this.#users.get(session.uid);
    if (!user?.sessions.delete(session)) return;
    this.displayMayHaveChanged(session);
    this.#release(user);
  }

  /** A session began, ended, or became active. */
  displayMayHaveChanged(session: Session): void {
    const user = this.#users.get(session.uid);
    if (!user) return;
    const now = user.display;
    if (now === this.#displays.get(user)) return;
    if (now) this.#displays.set(user, now);
    else this.#displays.delete(user);
    this.#events.userChanged(user, 'Display');
  }

  /** Throws NoSuchUser when nobody has this uid, SystemError when it cannot be kept. */
  setLinger(uid: number, linger: boolean): void {
    const entry = passwdEntry(uid);
    if (!entry) throw loginError.noSuchUser(uid);
    this.#lingering.set(entry.name, linger);
    if (linger) {
      this.#ensure(uid).linger = true;
      return;
    }
    const user = this.#users.get(uid);
    if (!user) return;
    user.linger = false;
    this.#release(user);
  }

  /** `session`: the first one of a user who was not there before; the user is as old as it. */
  #ensure(uid: number, session?: Session): User {
    let user = this.#users.get(uid);
    if (user) return user;
    const entry = passwdEntry(uid);
    user = new User(
      uid,
      entry?.gid ?? uid,
      entry?.name ?? `${uid}`,
      session?.identity.timestamp ?? BigInt(Date.now()) * 1000n,
      session?.identity.timestampMonotonic ?? monotonicNow() / 1000n,
      `${this.#runtimePrefix}/${uid}`,
    );
    this.#users.set(uid, user);
    this.#events.userNew(user);
    return user;
  }

  #release(user: User): void {
    if (user.sessions.size > 0 || user.linger) return;
    this.#users.delete(user.uid);
    this.#displays.delete(user);
    this.#events.userRemoved(user);
  }
}
