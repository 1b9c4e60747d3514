import type { Log } from '@switchyard/runtime';
import { MAX_NR_CONSOLES } from '@switchyard/uapi/tables';
import { loginError } from '../LoginError.js';
import type { Seat } from '../Seat.js';
import type { Session } from '../Session.js';
import type { Place } from '../SwitchGoal.js';
import type { AutoVts } from './AutoVts.js';
import type { KernelVts } from './KernelVts.js';
import type { VtGuard } from './VtGuard.js';
import type { VtLedger } from './VtLedger.js';
import { isTerminalError, makeGraphical, makeText, readVtState, type VtState } from './VtState.js';

/** The kernel lets go of a closed VT in a worker of its own, of which nothing tells. */
const FREE_AGAIN_MS = 100;
/** Longer than any worker takes: somebody else has it open, and it stays as it is. */
const FREE_TRIES_MAX = 50;

/** Which VT a new session gets. `new`: a free one for it alone; `shared`: one for all that say so. */
export interface VtWish {
  /** 0: none is named. */
  readonly vtnr: number;
  readonly choice: 'new' | 'shared' | undefined;
  readonly class: string;
}

/** A VT on which sessions draw. */
interface Prepared {
  readonly before: VtState;
  readonly sessions: Set<Session>;
  /** By which the kernel asked somebody else, from whom we took that: he hears nothing of it any more (FormerOwner). */
  signal?: number | undefined;
}

/**
 * The kernel's VTs as a seat has them: which session is on which, and what becomes of a VT while sessions have it.
 *
 *   text ──TakeControl──▶ graphical, switching is ours ──ReleaseControl | session ends | manager ends──▶ text
 *
 * How a VT was is in the ledger before it is changed.
 */
export class SeatVts {
  readonly #kernel: KernelVts;
  readonly #ledger: VtLedger;
  readonly #guard: VtGuard;
  readonly #prompts: AutoVts | undefined;
  readonly #seat: Seat;
  readonly #log: Log;
  readonly #prepared = new Map<number, Prepared>();
  /** Those that were free when we chose them, and are to be so again; with the VT that was in front then. */
  readonly #chosen = new Map<number, number>();
  #shared: number | undefined;
  #freeing: NodeJS.Timeout | undefined;

  constructor(kernel: KernelVts, ledger: VtLedger, guard: VtGuard, seat: Seat, log: Log, prompts?: AutoVts) {
    this.#kernel = kernel;
    this.#ledger = ledger;
    this.#guard = guard;
    this.#prompts = prompts;
    this.#seat = seat;
    this.#log = log;
  }

  /** Which one is in front, as the kernel has it at this moment. */
  get active(): number {
    return this.#kernel.active;
  }
  activate(vt: number): void {
    this.#attempt(`VT ${vt} is not asked for`, () => this.#kernel.activate(vt));
  }
  release(allow: boolean): boolean {
    return this.#attempt('a VT is not released', () => this.#kernel.release(allow)) ?? false;
  }

  /** Takes the switching of a VT from whoever set its mode after us. False: no session draws there, we leave it alone. */
  own(vt: number): boolean {
    const prepared = this.#prepared.get(vt);
    if (!prepared) return false;
    this.#attempt(`VT ${vt} is not ours`, () => {
      prepared.signal = this.#kernel.othersSignal(vt) ?? prepared.signal;
      this.#kernel.own(vt);
    });
    this.#written();
    return true;
  }

  /** By which the session would have been asked to leave its VT, had we not taken that from it; undefined when it is asked. */
  signalTakenFrom(session: Session): number | undefined {
    const prepared = session.vt === undefined ? undefined : this.#prepared.get(session.vt);
    if (!prepared?.signal || !prepared.sessions.has(session)) return undefined;
    // It set the mode anew.
    if (this.#othersSignal(prepared.before.number) !== undefined) prepared.signal = undefined;
    return prepared.signal;
  }

  /** Whether somebody else is asked by the kernel before it leaves the VT in front: an X server. */
  get asksOther(): boolean {
    return this.#othersSignal(this.active) !== undefined;
  }

  /** Of several on one VT, the one that was active last. */
  sessionOn(vt: number): Session | undefined {
    let best: Session | undefined;
    for (const session of this.#seat.sessions) {
      if (session.vt !== vt || session.state === 'closing') continue;
      if (!best || session.lastActive >= best.lastActive) best = session;
    }
    return best;
  }

  /** What a VT's number means to a switch. */
  at(number: number): Place | undefined {
    if (!(number >= 1 && number <= MAX_NR_CONSOLES)) return undefined;
    return this.sessionOn(number) ?? number;
  }

  /** A VT for a new session. Throws InvalidArgs, SessionBusy, LimitsExceeded. */
  choose({ vtnr, choice, class: sessionClass }: VtWish): number {
    if (vtnr !== 0) {
      if (vtnr > MAX_NR_CONSOLES) throw loginError.invalid(`There is no VT ${vtnr}: 1…${MAX_NR_CONSOLES}`);
      const there = this.sessionOn(vtnr);
      // A greeter makes place for the session that it lets in, and comes back to where one was.
      if (there && there.class !== 'greeter' && sessionClass !== 'greeter') {
        throw loginError.vtBusy(vtnr, there.id);
      }
      return vtnr;
    }
    if (choice === undefined) {
      throw loginError.invalid(
        `Seat ${this.#seat.id} has VTs: vtnr must be 1…${MAX_NR_CONSOLES}, or the property VT "new" or "shared"`,
      );
    }
    if (choice === 'new') return this.#choose();
    if (this.#shared === undefined || !this.#chosen.has(this.#shared)) this.#shared = this.#choose();
    return this.#shared;
  }

  /** The session has a controller: its VT is for pictures, and whether it may be left is ours to say. */
  prepare(session: Session): void {
    const { vt } = session;
    if (vt === undefined) return;
    const known = this.#prepared.get(vt);
    const prepared = known ?? { before: readVtState(this.#kernel, vt), sessions: new Set() };
    const again = prepared.sessions.has(session);
    prepared.sessions.add(session);
    this.#prepared.set(vt, prepared);
    try {
      this.#write();
      this.#guard.start();
      makeGraphical(this.#kernel, prepared.before, session.uid);
    } catch (error) {
      if (!again) this.restore(session);
      throw error;
    }
    this.#seat.switch.terminalChanged();
  }

  /** Nobody controls the session any more. When that holds for all of its VT, the VT is as it was. Idempotent. */
  restore(session: Session): void {
    const prepared = session.vt === undefined ? undefined : this.#prepared.get(session.vt);
    if (!prepared?.sessions.delete(session)) return;
    if (prepared.sessions.size === 0) {
      this.#prepared.delete(prepared.before.number);
      this.#makeText(prepared.before);
    }
    this.#written();
    this.#seat.switch.terminalChanged();
  }

  /** The session is over. */
  leave(session: Session): void {
    this.restore(session);
    this.sweep();
  }

  /** Where to go when nobody is in front: away from a VT that is to be free again, to who had the seat last or what was there. */
  refuge(): Place | undefined {
    const home = this.#chosen.get(this.active);
    if (home === undefined) return undefined;
    return this.#seat.successorOf(undefined) ?? home;
  }

  /** Another one is in front. */
  shown(): void {
    this.#seat.switch.kernelShows();
    this.sweep();
    const { active } = this;
    if (this.sessionOn(active) || this.#chosen.has(active)) return;
    this.#attempt(`no login prompt on VT ${active}`, () => this.#prompts?.shown(active, this.#kernel));
  }

  /** The kernel wants to leave one of ours. */
  releaseAsked(): void {
    this.#seat.switch.kernelAsks();
  }

  /**
   * What a dead manager left: VTs of sessions that live stay graphical, and are ours from now on; the others are
   * restored.
   */
  adopt(): void {
    for (const { before, sessions: ids, chosen, signal } of this.#ledger.left()) {
      const sessions = this.#seat.sessions.filter(({ id, vt }) => vt === before.number && ids.includes(id));
      if (chosen !== undefined) this.#chosen.set(before.number, chosen);
      if (sessions.length === 0) {
        this.#makeText(before);
        continue;
      }
      this.#log.info({ vt: before.number, sessions: ids }, 'took over a VT');
      this.#prepared.set(before.number, { before, sessions: new Set(sessions), signal });
      this.#guard.start();
      this.own(before.number);
      // Whether it has left the VT when it was asked last, only the manager before this one knew.
      for (const session of sessions) session.missedLeaving = true;
    }
    this.#written();
    this.sweep();
  }

  /** Gives back what was chosen and has no session any more. */
  sweep(tries = 1): void {
    clearTimeout(this.#freeing);
    let again = false;
    for (const number of this.#chosen.keys()) {
      if (this.#seat.sessions.some(({ vt }) => vt === number) || number === this.active) continue;
      const freed = this.#attempt(`VT ${number} is not freed`, () => this.#kernel.disallocate(number));
      if (freed || tries >= FREE_TRIES_MAX) this.#chosen.delete(number);
      else again = true;
    }
    if (again) this.#freeing = setTimeout(() => this.sweep(tries + 1), FREE_AGAIN_MS).unref();
  }

  /** All VTs are as they were; sessions live on. */
  close(): void {
    clearTimeout(this.#freeing);
    for (const { before } of this.#prepared.values()) this.#makeText(before);
    this.#prepared.clear();
    this.#written();
  }

  #choose(): number {
    // What is to be gone back to is not free, even if nobody has it open.
    const taken = new Set([...this.#chosen.keys(), ...this.#chosen.values()]);
    for (const { vt } of this.#seat.sessions) if (vt !== undefined) taken.add(vt);
    const number = this.#kernel.findFree((one) => taken.has(one));
    if (number === undefined) throw loginError.limit(`Seat ${this.#seat.id} has no free VT`);
    const front = this.active;
    this.#chosen.set(number, this.#chosen.get(front) ?? front);
    return number;
  }

  #othersSignal(vt: number): number | undefined {
    try {
      return this.#kernel.othersSignal(vt);
    } catch (error) {
      if (isTerminalError(error)) return undefined;
      throw error;
    }
  }

  #makeText(before: VtState): void {
    this.#attempt(`VT ${before.number} is not restored`, () => makeText(this.#kernel, before));
  }

  #written(): void {
    this.#attempt('the VTs are not saved', () => this.#write());
  }

  /** No descriptor may be left, a terminal may be hung up just now: that is no reason to end, and a switch tries again. */
  #attempt<T>(failing: string, what: () => T): T | undefined {
    try {
      return what();
    } catch (error) {
      if (!isTerminalError(error)) throw error;
      this.#log.error(`${failing}: ${error.message}`);
      return undefined;
    }
  }

  #write(): void {
    this.#ledger.write(
      [...this.#prepared.values()].map(({ before, sessions, signal }) => ({
        before,
        sessions: [...sessions].map(({ id }) => id),
        chosen: this.#chosen.get(before.number),
        signal,
      })),
    );
  }
}
