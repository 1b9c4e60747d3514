import type { Log } from '@switchyard/runtime';
import { killCommandSession, startCommandSession } from './CommandSession.js';
import type { SeatManager } from './SeatManager.js';
import type { Session } from './Session.js';

/** A lock screen that ends sooner does not work: the next one comes after this time, so that none spins. */
const RESTART_PAUSE_MS = 1000;

/**
 * Sessions that the manager keeps locked. Where a session is locked it has no devices, whatever becomes of its lock
 * screen, and whoever goes to it comes to its lock screen instead.
 *
 *   open ──lock──▶ locked ──somebody is to see it──▶ lock screen in front ──unlock──▶ open, in front
 *                    ▲                                 │
 *                    └── it dies: another is started ──┘
 */
export class LockScreens {
  readonly #manager: SeatManager;
  readonly #command: string | undefined;
  readonly #log: Log;
  /** When the last lock screen of a session was started, by the session's id; monotonic ms. */
  readonly #started = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** `command`: what a shell runs as a lock screen; without it sessions are told to lock themselves, as by logind. */
  constructor(manager: SeatManager, command: string | undefined, log: Log) {
    this.#manager = manager;
    this.#command = command;
    this.#log = log;
  }

  /** From here on the session shows nothing and reads no key. */
  lock(session: Session): void {
    const { seat } = session;
    if (this.#command === undefined || !seat || session.guarded) return;
    this.#log.info({ session: session.id }, 'locked');
    session.guarded = true;
    this.#manager.sessionChanged(session, 'LockedHint');
    // A manager that is killed now must not bring it back open.
    this.#manager.flush();
    // Nobody is asked: it has nothing to say about it, and a moment is enough to read something.
    if (seat.active === session || seat.switch.target === session) seat.switch.force(session);
  }

  unlock(session: Session): void {
    if (!session.guarded) return;
    this.#log.info({ session: session.id }, 'unlocked');
    session.guarded = false;
    this.#forget(session.id);
    this.#manager.sessionChanged(session, 'LockedHint');
    this.#manager.flush();
    const { seat } = session;
    const screen = this.#screenOf(session);
    if (!seat) return;
    if (seat.active === session) session.resumeDevices();
    else if (screen ? seat.active === screen : seat.active === undefined) seat.switch.force(session);
    if (screen) this.#end(screen, 'unlocked');
  }

  /** Whom to show when somebody goes to the session: itself, its lock screen, or nobody as long as that one does not start. */
  admit(session: Session): Session | undefined {
    if (!session.guarded || !session.seat) return session;
    const there = this.#screenOf(session);
    if (there || this.#command === undefined) return there;
    const rest =
      (this.#started.get(session.id) ?? Number.NEGATIVE_INFINITY) + RESTART_PAUSE_MS - performance.now();
    if (rest > 0) {
      this.#later(session, rest);
      return undefined;
    }
    this.#started.set(session.id, performance.now());
    const { id, uid, identity, title } = session;
    const screen = startCommandSession(
      this.#manager,
      session.seat,
      {
        class: 'lock-screen',
        title: `Lock of ${title || id}`,
        command: this.#command,
        standsFor: id,
        environment: { YARD_LOCKED_SESSION: id, YARD_LOCKED_USER: identity.user, YARD_LOCKED_UID: `${uid}` },
      },
      this.#log,
    );
    if (!screen) this.#later(session, RESTART_PAUSE_MS);
    return screen;
  }

  /** What stood for it, or what it stood for. */
  sessionEnded(session: Session): void {
    this.#forget(session.id);
    const screen = this.#screenOf(session);
    if (screen) this.#end(screen, 'the session that it locked is over');
  }

  #screenOf(session: Session): Session | undefined {
    return session.seat?.sessions.find((one) => one.standsFor === session.id && one.state !== 'closing');
  }

  #end(screen: Session, why: string): void {
    killCommandSession(screen);
    this.#manager.endSession(screen, why);
  }

  #later(session: Session, ms: number): void {
    if (this.#timers.has(session.id)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(session.id);
      const { seat } = session;
      if (session.guarded && seat && seat.active === undefined) seat.switch.start(session);
    }, ms);
    this.#timers.set(session.id, timer.unref());
  }

  #forget(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#started.delete(id);
  }
}
