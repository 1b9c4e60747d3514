import type { Seat } from './Seat.js';
import { goalIsShown, type SwitchGoal } from './SwitchGoal.js';

/**
 * How the VT in front is left: who the kernel asks about it, and who releases it.
 *
 *   its mode is
 *   ours ──────────────────────────▶ the kernel asks us ──────────────────▶ we release it
 *    ▲
 *    │ no answer: taken from him
 *   another's ─────he answers──────▶ the kernel asks him ─────────────────▶ he releases it   (leaves itself)
 *
 *   taken from him before ─answers─▶ the kernel asks us, we tell him ─────▶ he releases it   (leaves itself, told)
 *
 * An X server sets the mode of its VT itself: the kernel asks it, and it gives its VT up before its devices; those of
 * which it heard a "pause" before that it does not find again. So of its devices only the screens are asked for, which
 * tells whether it lives; then the kernel is asked, and input is its own until its VT is left or its time is over. If it
 * does not live the VT's mode is taken from it first: a stopped X server that finds the kernel's signal waiting leaves a
 * VT that it no longer has, and turns its screens off for good.
 */
export class Departure {
  readonly #seat: Seat;
  #leavesItself = false;
  #told = false;

  constructor(seat: Seat) {
    this.#seat = seat;
  }

  /** Whoever set the mode of the VT in front leaves it himself, once it is known that he lives. */
  get leavesItself(): boolean {
    return this.#leavesItself;
  }
  /** He was told to, by us: the kernel does not ask him any more. */
  get told(): boolean {
    return this.#told;
  }

  /** What the session in front answered before, to another request, says nothing about now. */
  begin(): void {
    if (this.#seat.active) this.#seat.active.answered = false;
  }

  /** Settles, before it is asked to pause, whether whoever is in front leaves for the goal himself. */
  prepare(goal: SwitchGoal): void {
    const leaving = this.#seat.active;
    this.#leavesItself =
      this.#isOthers(goal) || (!goalIsShown(goal, this.#seat) && (leaving?.missesTurns ?? false));
  }

  /** The kernel must not ask it either: what waits for a process that hangs, it would do when it is long in the background. */
  takeFor(goal: SwitchGoal): void {
    if (this.#isOthers(goal)) this.own();
  }

  /** Whoever the kernel would ask about the VT in front, it asks us from now on. */
  own(): void {
    const { vts } = this.#seat;
    if (vts?.asksOther) vts.own(vts.active);
  }

  /**
   * Of a session from which its VT's mode was taken: what the kernel asks us, it is asked. False: it is not there to be;
   * `refused` is called when that is found out later.
   */
  tell(refused: () => void): boolean {
    if (!this.#told && this.#leavesItself) {
      const leaving = this.#seat.active;
      const foundOut = () => {
        if (this.#told && this.#seat.active === leaving) refused();
      };
      this.#told = leaving?.tellToLeave(foundOut) ?? false;
    }
    return this.#told;
  }

  /** Nothing is awaited any more of who was told. */
  end(): void {
    this.#told = false;
  }

  /** The VT in front is to be left, and the kernel would ask another process about it. */
  #isOthers(goal: SwitchGoal): boolean {
    return goal !== 'kernel' && !goalIsShown(goal, this.#seat) && (this.#seat.vts?.asksOther ?? false);
  }
}
