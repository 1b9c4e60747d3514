import type { Log } from '@switchyard/runtime';
import { killCommandSession, startCommandSession } from './CommandSession.js';
import type { Seat } from './Seat.js';
import type { SeatEvents } from './SeatEvents.js';
import type { SeatManager } from './SeatManager.js';
import type { Session } from './Session.js';

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
    killCommandSession(there);
    this.#manager.endSession(there, 'replaced by another emergency session');
  }

  #start(seat: Seat): Session | undefined {
    if (this.#command === undefined) {
      this.#log.warn({ seat: seat.id }, 'there is no emergency session, and no --emergency-command');
      return undefined;
    }
    const session = { class: 'emergency', title: 'Emergency', command: this.#command } as const;
    return startCommandSession(this.#manager, seat, session, this.#log);
  }
}
