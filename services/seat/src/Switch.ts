import type { Seat } from './Seat.js';
import type { SeatEvents } from './SeatEvents.js';
import type { Session } from './Session.js';
import { SwitchRefused } from './SwitchRefused.js';
import { SwitchSuperseded } from './SwitchSuperseded.js';

/** The kernel hears of a wish for another VT in a worker of its own; before that nobody can answer it in anyone's name. */
const RELEASE_MIN_MS = 20;
/**
 * How long whoever owns the VT may take to release it when it has shown that it lives: an X server leaves its screens and
 * devices first, and does not recover from a release that came without it.
 */
const RELEASE_MAX_MS = 3000;
/** A real screen's mode may be set anew meanwhile. What has not happened by then does not happen: the kernel tells nobody. */
const KERNEL_PATIENCE_MS = 1000;
/** A session can set its VT's mode as often as it likes, and the kernel forgets with that where it wanted to go. */
const FORCE_AGAIN_MS = 50;

/** Where a switch can go: to a session, or to a VT that has none. */
export type Place = Session | number;
/** `kernel`: to wherever the kernel wants. It says so only when it is there, and waits for an answer until then. */
type Goal = Place | 'kernel';

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

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
 * An X server sets the mode of its VT itself: the kernel asks it, and it gives its VT up before its devices; those of
 * which it heard a "pause" before that it does not find again. So of A's devices only the screens are asked for, which
 * tells whether A lives; then the kernel is asked, and input is A's until A's VT is left or its time is over. If A does
 * not live the VT's mode is taken from it first: a stopped X server that finds the kernel's signal waiting leaves a VT
 * that it no longer has, and turns its screens off for good.
 *
 * A device of A is done when it was acknowledged, released, unplugged, or when A's controller is gone. The grace time
 * runs from the first request, so no stream of requests and no silence can hold a switch up for longer. B hears that it
 * is active when every channel of A is shut down, input first, and the kernel shows B's VT; on a seat without VTs that
 * is one step without waiting. Who answered when it was asked may take a few seconds to let go of its VT; who said
 * nothing, the grace time.
 */
export class Switch {
  readonly #seat: Seat;
  readonly #events: SeatEvents;
  readonly #grace: number;
  #state: 'idle' | 'negotiating' | 'crossing' | 'forcing' = 'idle';
  #goal: Goal | undefined;
  /** The VT of which the seat's active session is the one that counts. */
  #vt: number | undefined;
  /** Whoever set the mode of the VT in front leaves it himself, once it is known that he lives. */
  #leavesItself = false;
  /** He was told to, by us: the kernel does not ask him any more. */
  #told = false;
  #forced = 0;
  #attempts = 0;
  /** Crossing may take longer: the session that leaves has answered. */
  #patient = false;
  #clock: NodeJS.Timeout | undefined;
  #waiters: Waiter[] = [];

  /** `grace` in ms; 0 forces at once. */
  constructor(seat: Seat, events: SeatEvents, grace: number) {
    this.#seat = seat;
    this.#events = events;
    this.#grace = grace;
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
    this.#settle((one) => one.reject(new SwitchSuperseded(nameOf(place))));
    if (goal === undefined) {
      // Locked, and its lock screen does not start: nobody has the seat.
      this.#ownVt();
      this.#pass(undefined);
    } else if (this.#isHere(goal)) {
      this.#cancel();
    } else {
      this.#goal = goal;
      this.#unanswered();
      this.#leaveUnasked();
    }
  }

  /** The kernel wants to leave the VT that we own. */
  kernelAsks(): void {
    if (this.#state === 'idle' || this.#state === 'negotiating') {
      this.#begin('kernel', undefined);
    } else if (!this.#tellToLeave()) {
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
    if (goal !== undefined && this.#isShown(goal) && (asked || moved)) {
      this.#handOver(typeof goal === 'object' ? goal : vts.sessionOn(shown));
    } else if (moved && asked && goal !== undefined && goal !== 'kernel') {
      // It was under way to somewhere else before it heard of us.
      this.#pass(vts.sessionOn(shown));
      this.#negotiate(goal);
    } else if (moved) {
      const there = vts.sessionOn(shown);
      this.#settle((waiter) => waiter.reject(new SwitchSuperseded(nameOf(there ?? shown))));
      this.#pass(there);
    }
  }

  /** The terminal's mode was set, and with that the kernel has forgotten where it wanted to go. */
  terminalChanged(): void {
    if (this.#state === 'crossing' || this.#state === 'forcing') this.#ask();
  }

  /** A device of the leaving session may be done. */
  progress(): void {
    if (this.#state !== 'negotiating' || this.#seat.active?.pausing) return;
    if (this.#leavesItself) this.#cross();
    else this.#leave();
  }

  /** The time that the state may take is over. */
  expire(): void {
    if (this.#state === 'negotiating') this.#leaveUnasked();
    // What has happened counts, even if nobody has told us yet.
    else if (this.#hasMoved) this.kernelShows();
    else if (this.#state === 'crossing' && !this.#patient && this.#seat.active?.answered) this.#awaitKernel();
    else if (this.#state === 'crossing') this.#forceRelease(1);
    else if (this.#state === 'forcing') this.#forceRelease(this.#attempts + 1);
  }

  /** The session is leaving the seat, its devices are revoked already. */
  sessionEnded(session: Session): void {
    if (session === this.#goal) {
      this.#cancel();
      this.#settle((waiter) => waiter.reject(new SwitchSuperseded(undefined)));
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

  #begin(wish: Goal, waiter: Waiter | undefined): void {
    const goal = typeof wish === 'object' ? this.#seat.admit(wish) : wish;
    if (goal === undefined) {
      waiter?.reject(SwitchRefused.byLock((wish as Session).id));
      return;
    }
    if (goal !== this.#goal) this.#settle((one) => one.reject(new SwitchSuperseded(nameOf(goal))));
    if (waiter) this.#waiters.push(waiter);
    if (this.#isHere(goal)) {
      this.#cancel();
      this.#settle((one) => one.resolve());
    } else if (this.#state === 'idle') {
      this.#negotiate(goal);
    } else if (goal !== this.#goal) {
      this.#goal = goal;
      if (this.#state !== 'negotiating') this.#cross();
    }
  }

  #negotiate(goal: Goal): void {
    this.#goal = goal;
    this.#state = 'negotiating';
    const leaving = this.#seat.active;
    this.#unanswered();
    if (leaving && this.#grace === 0) {
      this.#leaveUnasked();
      return;
    }
    this.#leavesItself = this.#isOthersToLeave() || (!this.#isShown(goal) && (leaving?.missesTurns ?? false));
    if (leaving) {
      this.#clock = setTimeout(() => this.expire(), this.#grace);
      leaving.askToPause(this.#leavesItself ? 'screens' : 'all');
    }
    this.progress();
  }

  /** The kernel must not ask it either: what waits for a process that hangs, it would do when it is long in the background. */
  #leaveUnasked(): void {
    if (this.#isOthersToLeave()) this.#ownVt();
    this.#leave();
  }

  /** Whoever the kernel would ask about the VT in front, it asks us from now on. */
  #ownVt(): void {
    const { vts } = this.#seat;
    if (vts?.asksOther) vts.own(vts.active);
  }

  /** The VT in front is to be left, and the kernel would ask another process about it. */
  #isOthersToLeave(): boolean {
    const goal = this.#goal!;
    return goal !== 'kernel' && !this.#isShown(goal) && (this.#seat.vts?.asksOther ?? false);
  }

  /** What the session in front answered before, to another request, says nothing about now. */
  #unanswered(): void {
    if (this.#seat.active) this.#seat.active.answered = false;
  }

  /** From here on nobody reads a key, until the kernel shows who does. */
  #leave(): void {
    clearTimeout(this.#clock);
    const goal = this.#goal!;
    if (!this.#seat.vts) {
      this.#handOver(this.target);
      return;
    }
    this.#forced += this.#seat.active?.revokeDevices() ?? 0;
    this.#state = 'crossing';
    if (this.#isShown(goal)) this.kernelShows();
    else this.#cross();
  }

  /** Asks the kernel for the goal's VT, or gives it the answer that it waits for. */
  #cross(): void {
    clearTimeout(this.#clock);
    this.#state = 'crossing';
    const released = this.#goal !== 'kernel' || this.#tellToLeave() || this.#seat.vts?.release(true);
    if (released) this.kernelShows();
    else this.#stay();
    if (this.#state !== 'crossing') return;
    this.#awaitKernel();
    this.#ask();
  }

  /** Of a session from which its VT's mode was taken: what the kernel asks us, it is asked. False: it is not there to be. */
  #tellToLeave(): boolean {
    if (!this.#told && this.#leavesItself && this.#state === 'crossing') {
      const leaving = this.#seat.active;
      const refused = () => {
        if (this.#told && this.#seat.active === leaving) this.#release();
      };
      this.#told = leaving?.tellToLeave(refused) ?? false;
    }
    return this.#told;
  }

  /** The kernel goes where it wanted to go. */
  #release(): void {
    this.#told = false;
    this.#seat.vts?.release(true);
    this.kernelShows();
  }

  #awaitKernel(): void {
    this.#patient = this.#seat.active?.answered ?? false;
    const patience = this.#patient ? RELEASE_MAX_MS : Math.max(this.#grace, RELEASE_MIN_MS);
    this.#clock = setTimeout(() => this.expire(), patience);
  }

  #ask(): void {
    const vt = vtOf(this.#goal);
    if (vt !== undefined) this.#seat.vts?.activate(vt);
  }

  /** In the name of whoever owns the VT in front: an X server that is stopped, say. */
  #forceRelease(attempt: number): void {
    const vts = this.#seat.vts!;
    clearTimeout(this.#clock);
    if (attempt > KERNEL_PATIENCE_MS / FORCE_AGAIN_MS) {
      this.#stay();
      return;
    }
    this.#told = false;
    this.#forced += this.#seat.active?.revokeDevices() ?? 0;
    this.#state = 'forcing';
    this.#attempts = attempt;
    this.#clock = setTimeout(() => this.expire(), FORCE_AGAIN_MS);
    if (vts.release(true)) this.kernelShows();
    // Nothing is pending: it was refused, or not even asked for. Where a session draws, it is ours to say.
    else if (vts.own(vts.active)) this.#ask();
  }

  /** The kernel does not go: back to what was before. */
  #stay(): void {
    const vts = this.#seat.vts!;
    const refused = SwitchRefused.byKernel(vtOf(this.#goal), vts.active);
    this.#reset();
    this.#seat.active?.resumeDevices();
    this.#events.switchRefused(this.#seat, refused.message);
    this.#settle((waiter) => waiter.reject(refused));
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
    clearTimeout(this.#clock);
    this.#state = 'idle';
    this.#goal = undefined;
    this.#forced = 0;
    this.#told = false;
  }

  #handOver(to: Session | undefined): void {
    this.#pass(to);
    this.#settle((waiter) => waiter.resolve());
  }

  #pass(wish: Session | undefined): void {
    const from = this.#seat.active;
    const admitted = wish && this.#seat.admit(wish);
    // A lock screen has a VT of its own, to which the kernel has to go first.
    const elsewhere = this.#seat.vts !== undefined && admitted !== wish;
    if (wish && elsewhere) setImmediate(() => this.start(wish));
    const to = elsewhere ? undefined : admitted;
    const forced = this.#forced + (from?.revokeDevices(this.#told) ?? 0);
    this.#reset();
    this.#vt = this.#seat.vts?.active;
    if (from === to) {
      to?.resumeDevices();
      return;
    }
    this.#seat.active = to;
    if (to) to.lastActive = ++this.#seat.activations;
    if (from) this.#events.sessionChanged(from, 'Active', 'State');
    if (to) {
      this.#events.sessionChanged(to, 'Active', 'State');
      to.resumeDevices();
    }
    this.#events.seatChanged(this.#seat, 'ActiveSession');
    this.#events.switched(this.#seat, from, to, { forced, awaited: this.#waiters.length > 0 });
  }

  /** Another VT is in front than the one that we know of, or the one that the kernel was asked for. */
  get #hasMoved(): boolean {
    const shown = this.#seat.vts?.active;
    return (
      shown !== this.#vt || (this.#goal !== undefined && this.#goal !== 'kernel' && this.#isShown(this.#goal))
    );
  }

  #isHere(goal: Goal): boolean {
    if (typeof goal === 'object') return goal === this.#seat.active;
    return goal === this.#seat.vts?.active && this.#seat.active === undefined;
  }

  /** The kernel need not go anywhere for it. */
  #isShown(goal: Goal): boolean {
    if (goal === 'kernel') return false;
    const vt = vtOf(goal);
    return vt === undefined || vt === this.#seat.vts?.active;
  }

  #settle(how: (waiter: Waiter) => void): void {
    for (const waiter of this.#waiters.splice(0)) how(waiter);
  }
}

function vtOf(goal: Goal | undefined): number | undefined {
  return typeof goal === 'object' ? goal.vt : goal === 'kernel' ? undefined : goal;
}

function nameOf(goal: Goal): string {
  return typeof goal === 'object' ? `session ${goal.id}` : goal === 'kernel' ? 'another VT' : `VT ${goal}`;
}
