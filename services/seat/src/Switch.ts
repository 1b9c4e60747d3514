import { Departure } from './Departure.js';
import type { Seat } from './Seat.js';
import type { SeatEvents } from './SeatEvents.js';
import type { Session } from './Session.js';
import { SwitchClock } from './SwitchClock.js';
import { goalIsHere, goalIsShown, goalName, goalVt, type Place, type SwitchGoal } from './SwitchGoal.js';
import { SwitchRefused } from './SwitchRefused.js';
import { type SwitchWaiter, SwitchWaiters } from './SwitchWaiters.js';

/**
 * A seat's change of the active session.
 *
 *            request(B) | the kernel asks               A done | grace over            no other VT is needed
 *   idle ─────────────────────────────────▶ negotiating ──────────────────▶ (A revoked) ────────────────────▶ B active, idle
 *    ▲                                       │      ▲ │                         │                                   ▲
 *    │     request(A) | B ended: A resumed   │      └─┘ request(C): C replaces  │ the kernel is asked, or answered  │
 *    ├◀──────────────────────────────────────┤          B; the clock runs on    ▼                                   │
 *    │                                       └─────────────────────────────  crossing ────── B's VT is in front ───▶┤
 *    │                                                                          │ whoever owns A's VT does not      │
 *    │                                                                          ▼ release it: we do                 │
 *    └◀───────────── it stays: A is resumed, who asked is told ───────────── forcing ─────── B's VT is in front ───▶┘
 *
 *   in any state: another VT is in front all at once ──▶ whoever is there is active
 *
 * A device of A is done when it was acknowledged, released, unplugged, or when A's controller is gone. The grace time
 * runs from the first request, so no stream of requests and no silence can hold a switch up for longer. B hears that it
 * is active when every channel of A is shut down, input first, and the kernel shows B's VT; on a seat without VTs that
 * is one step without waiting. Who answered when it was asked may take a few seconds to let go of its VT; who said
 * nothing, the grace time. Whether A leaves its VT by itself, as an X server does, tells its Departure.
 */
export class Switch {
  readonly #seat: Seat;
  readonly #events: SeatEvents;
  readonly #clock: SwitchClock;
  readonly #departure: Departure;
  readonly #waiters = new SwitchWaiters();
  #state: 'idle' | 'negotiating' | 'crossing' | 'forcing' = 'idle';
  #goal: SwitchGoal | undefined;
  /** The VT of which the seat's active session is the one that counts. */
  #vt: number | undefined;
  #forced = 0;

  /** `grace` in ms; 0 forces at once. */
  constructor(seat: Seat, events: SeatEvents, grace: number) {
    this.#seat = seat;
    this.#events = events;
    this.#clock = new SwitchClock(grace, () => this.expire());
    this.#departure = new Departure(seat);
    this.#vt = seat.vts?.active;
  }

  /** Nothing is going on: the active session may use its devices. */
  get idle(): boolean {
    return this.#state === 'idle';
  }
  /** Who is to become active, where that is known. */
  get target(): Session | undefined {
    return typeof this.#goal === 'object' ? this.#goal : undefined;
  }

  /** Resolves when the seat is there; rejects with SwitchSuperseded or SwitchRefused when it will not be. */
  request(place: Place): Promise<void> {
    return new Promise<void>((resolve, reject) => this.#begin(place, { resolve, reject }));
  }

  /** The same for those who wait for no answer: keys. */
  start(place: Place): void {
    this.#begin(place, undefined);
  }

  /** Nobody is asked: for what may not wait. */
  force(place: Place): void {
    const goal = typeof place === 'object' ? this.#seat.admit(place) : place;
    this.#waiters.superseded(goalName(place));
    if (goal === undefined) {
      // Locked, and its lock screen does not start: nobody has the seat.
      this.#departure.own();
      this.#pass(undefined);
    } else if (goalIsHere(goal, this.#seat)) {
      this.#cancel();
    } else {
      this.#goal = goal;
      this.#departure.begin();
      this.#leaveUnasked();
    }
  }

  /** The kernel wants to leave the VT that we own. */
  kernelAsks(): void {
    if (this.#state === 'idle' || this.#state === 'negotiating') {
      this.#begin('kernel', undefined);
    } else if (this.#state === 'forcing' || !this.#tellToLeave()) {
      // It does what was asked of it, and nobody is left to ask.
      this.#release();
    }
  }

  /** Another VT may be in front. */
  kernelShows(): void {
    const { vts } = this.#seat;
    if (!vts) return;
    const goal = this.#goal;
    const shown = vts.active;
    const moved = shown !== this.#vt;
    const asked = this.#state === 'crossing' || this.#state === 'forcing';
    if (goal !== undefined && goalIsShown(goal, this.#seat) && (asked || moved)) {
      this.#handOver(typeof goal === 'object' ? goal : vts.sessionOn(shown));
    } else if (moved && asked && goal !== undefined && goal !== 'kernel') {
      // It was under way to somewhere else before it heard of us.
      this.#pass(vts.sessionOn(shown));
      this.#negotiate(goal);
    } else if (moved) {
      const there = vts.sessionOn(shown);
      this.#waiters.superseded(goalName(there ?? shown));
      this.#pass(there);
    }
  }

  /** The terminal's mode was set, and with that the kernel has forgotten where it wanted to go. */
  terminalChanged(): void {
    if (this.#state === 'crossing' || this.#state === 'forcing') this.#ask();
  }

  /** A device of the leaving session may be done. */
  progress(): void {
    const leaving = this.#seat.active;
    if (this.#state !== 'negotiating' || leaving?.pausing) return;
    if (this.#departure.leavesItself) this.#cross();
    else if (!leaving?.askForRest()) this.#leave();
  }

  /** The time that the state may take is over. */
  expire(): void {
    if (this.#state === 'negotiating') this.#leaveUnasked();
    // What has happened counts, even if nobody has told us yet.
    else if (this.#hasMoved) this.kernelShows();
    else if (this.#state === 'crossing' && !this.#clock.patient && this.#seat.active?.answered)
      this.#awaitKernel();
    else if (this.#state !== 'idle') this.#forceRelease();
  }

  /** The session is leaving the seat, its devices are revoked already. */
  sessionEnded(session: Session): void {
    if (session === this.#goal) {
      this.#cancel();
      this.#waiters.superseded(undefined);
    }
    const { vts } = this.#seat;
    if (session !== this.#seat.active) {
      vts?.leave(session);
    } else if (!vts) {
      this.#handOver(this.target ?? this.#seat.successorOf(session));
    } else {
      const goal = this.#goal;
      // The kernel waits for an answer, which it would not take any more from a terminal whose mode is another.
      if (goal === 'kernel') vts.release(true);
      this.#pass(vts.sessionOn(vts.active));
      vts.leave(session);
      if (goal !== undefined && goal !== 'kernel') this.#negotiate(goal);
    }
    const refuge = this.idle && !this.#seat.active ? vts?.refuge() : undefined;
    if (refuge !== undefined) this.start(refuge);
  }

  #begin(wish: SwitchGoal, waiter: SwitchWaiter | undefined): void {
    const goal = typeof wish === 'object' ? this.#seat.admit(wish) : wish;
    if (goal === undefined) {
      waiter?.reject(SwitchRefused.byLock((wish as Session).id));
      return;
    }
    if (goal !== this.#goal) this.#waiters.superseded(goalName(goal));
    if (waiter) this.#waiters.add(waiter);
    if (goalIsHere(goal, this.#seat)) {
      this.#cancel();
      this.#waiters.arrived();
    } else if (this.#state === 'idle') {
      this.#negotiate(goal);
    } else if (goal !== this.#goal) {
      this.#goal = goal;
      if (this.#state !== 'negotiating') this.#cross();
    }
  }

  #negotiate(goal: SwitchGoal): void {
    this.#goal = goal;
    this.#state = 'negotiating';
    const leaving = this.#seat.active;
    this.#departure.begin();
    if (leaving && this.#clock.asksNobody) {
      this.#leaveUnasked();
      return;
    }
    this.#departure.prepare(goal);
    if (leaving) {
      this.#clock.startGrace();
      leaving.askToPause(this.#departure.leavesItself || leaving.givesInputUp ? 'screens' : 'all');
    }
    this.progress();
  }

  #leaveUnasked(): void {
    this.#departure.takeFor(this.#goal!);
    this.#leave();
  }

  /** From here on nobody reads a key, until the kernel shows who does. */
  #leave(): void {
    this.#clock.stop();
    const goal = this.#goal!;
    if (!this.#seat.vts) {
      this.#handOver(this.target);
      return;
    }
    this.#forced += this.#seat.active?.revokeDevices() ?? 0;
    this.#state = 'crossing';
    if (goalIsShown(goal, this.#seat)) this.kernelShows();
    else this.#cross();
  }

  /** Asks the kernel for the goal's VT, or gives it the answer that it waits for. */
  #cross(): void {
    this.#clock.stop();
    this.#state = 'crossing';
    const released = this.#goal !== 'kernel' || this.#tellToLeave() || this.#seat.vts?.release(true);
    if (released) this.kernelShows();
    else this.#stay();
    if (this.#state !== 'crossing') return;
    this.#awaitKernel();
    this.#ask();
  }

  #tellToLeave(): boolean {
    return this.#departure.tell(() => this.#release());
  }

  /** The kernel goes where it wanted to go. */
  #release(): void {
    this.#departure.end();
    this.#seat.vts?.release(true);
    this.kernelShows();
  }

  #awaitKernel(): void {
    this.#clock.startCrossing(this.#seat.active?.answered ?? false);
  }

  #ask(): void {
    const vt = goalVt(this.#goal);
    if (vt !== undefined) this.#seat.vts?.activate(vt);
  }

  /** In the name of whoever owns the VT in front: an X server that is stopped, say. */
  #forceRelease(): void {
    const vts = this.#seat.vts!;
    this.#clock.stop();
    if (this.#clock.forcedEnough) {
      this.#stay();
      return;
    }
    this.#departure.end();
    this.#forced += this.#seat.active?.revokeDevices() ?? 0;
    this.#state = 'forcing';
    this.#clock.startAttempt();
    if (vts.release(true)) this.kernelShows();
    // Nothing is pending: it was refused, or not even asked for. Where a session draws, it is ours to say.
    else if (vts.own(vts.active)) this.#ask();
  }

  /** The kernel does not go: back to what was before. */
  #stay(): void {
    const vts = this.#seat.vts!;
    const refused = SwitchRefused.byKernel(goalVt(this.#goal), vts.active);
    this.#reset();
    this.#seat.active?.resumeDevices();
    this.#events.switchRefused(this.#seat, refused.message);
    this.#waiters.refused(refused);
  }

  #cancel(): void {
    if (this.#state === 'idle') return;
    const { vts } = this.#seat;
    if (vts && (this.#goal === 'kernel' || this.#state !== 'negotiating')) {
      // What the kernel has not heard yet, and what it has.
      vts.activate(vts.active);
      vts.release(false);
    }
    this.#reset();
    this.#seat.active?.resumeDevices();
  }

  #reset(): void {
    this.#clock.stop();
    this.#state = 'idle';
    this.#goal = undefined;
    this.#forced = 0;
    this.#departure.end();
  }

  #handOver(to: Session | undefined): void {
    this.#pass(to);
    this.#waiters.arrived();
  }

  #pass(wish: Session | undefined): void {
    const from = this.#seat.active;
    const admitted = wish && this.#seat.admit(wish);
    // A lock screen has a VT of its own, to which the kernel has to go first.
    const elsewhere = this.#seat.vts !== undefined && admitted !== wish;
    if (wish && elsewhere) setImmediate(() => this.start(wish));
    const to = elsewhere ? undefined : admitted;
    const forced = this.#forced + (from?.revokeDevices(this.#departure.told) ?? 0);
    this.#reset();
    this.#vt = this.#seat.vts?.active;
    if (from === to) {
      to?.resumeDevices();
      return;
    }
    this.#seat.passTo(to);
    this.#events.switched(this.#seat, from, to, { forced, awaited: this.#waiters.any });
  }

  /** Another VT is in front than the one that we know of, or the one that the kernel was asked for. */
  get #hasMoved(): boolean {
    const shown = this.#seat.vts?.active;
    return (
      shown !== this.#vt ||
      (this.#goal !== undefined && this.#goal !== 'kernel' && goalIsShown(this.#goal, this.#seat))
    );
  }
}
