import type { Log } from '@switchyard/runtime';
import type { Caller } from './Caller.js';
import { loginError } from './LoginError.js';
import type { Policy } from './Policy.js';
import type { PowerExecutor } from './PowerExecutor.js';
import { PowerOperation } from './PowerOperation.js';
import { actionOf, inhibitClass, isSupported, type PowerVerb } from './PowerVerb.js';
import { ScheduledShutdown } from './ScheduledShutdown.js';
import type { SeatManager } from './SeatManager.js';

export interface PowerOptions {
  readonly execute: PowerExecutor;
  /** InhibitDelayMaxSec=, in ms. */
  readonly inhibitDelay: number;
  /** Where /sys is. */
  readonly sysfs: string;
}

/** How inhibitors are to be heeded (sd-login's SD_LOGIND_… flags). */
export interface PowerFlags {
  /** Also for root, who else overrides them. */
  readonly rootHeedsInhibitors: boolean;
  /** By whom the policy lets. */
  readonly skipInhibitors: boolean;
}

/** Turning the machine off and putting it to sleep: who may, what stands against it, and when. */
export class Power {
  readonly operation: PowerOperation;
  readonly scheduled: ScheduledShutdown;
  readonly options: PowerOptions;
  readonly #manager: SeatManager;
  readonly #policy: Policy;

  constructor(
    options: PowerOptions,
    manager: SeatManager,
    policy: Policy,
    prepare: (what: 'shutdown' | 'sleep', begins: boolean) => void,
    log: Log,
  ) {
    this.options = options;
    this.#manager = manager;
    this.#policy = policy;
    this.operation = new PowerOperation(
      manager.inhibitors,
      options.execute,
      options.inhibitDelay,
      prepare,
      log,
    );
    this.scheduled = new ScheduledShutdown(
      (verb, dry) => {
        if (dry || this.operation.what) log.info({ verb, dry }, 'the planned shutdown is not made');
        else this.operation.start(verb);
      },
      () => {
        manager.schedule = this.scheduled.schedule;
        manager.touch();
      },
    );
    if (manager.schedule) this.scheduled.set(manager.schedule);
  }

  /** Throws SleepVerbNotSupported, AccessDenied, BlockedByInhibitorLock, OperationInProgress. */
  start(verb: PowerVerb, caller: Caller, flags: PowerFlags): void {
    if (!isSupported(verb, this.options.sysfs)) throw loginError.sleepVerbNotSupported(verb);
    this.require(verb, caller, flags);
    this.operation.start(verb);
  }

  /** logind's "yes", "no" and "na"; there is nobody to ask for a password ("challenge"). */
  can(verb: PowerVerb, caller: Caller): 'yes' | 'no' | 'na' {
    if (!isSupported(verb, this.options.sysfs)) return 'na';
    const action = actionOf(verb);
    const allowed =
      this.#policy.allows(action, caller) &&
      (!this.#othersHaveSessions(caller) || this.#policy.allows(`${action}-multiple-sessions`, caller)) &&
      (!this.#blockers(verb, caller, true) || this.#policy.allows(`${action}-ignore-inhibit`, caller));
    return allowed ? 'yes' : 'no';
  }

  /** Throws AccessDenied, BlockedByInhibitorLock. */
  require(verb: PowerVerb, caller: Caller, flags: PowerFlags): void {
    const action = actionOf(verb);
    this.#policy.require(action, caller);
    if (this.#othersHaveSessions(caller)) this.#policy.require(`${action}-multiple-sessions`, caller);
    const blocker = this.#blockers(verb, caller, flags.rootHeedsInhibitors);
    if (!blocker) return;
    if (flags.skipInhibitors) this.#policy.require(`${action}-ignore-inhibit`, caller);
    else throw loginError.blockedByInhibitor(`${blocker} inhibits the ${inhibitClass(verb)}`);
  }

  /** Who stands against it, if anybody does. */
  #blockers(verb: PowerVerb, caller: Caller, rootHeeds: boolean): string | undefined {
    if (caller.uid === 0 && !rootHeeds) return undefined;
    for (const one of this.#manager.inhibitors) {
      if (!one.what.has(inhibitClass(verb)) || one.mode === 'delay') continue;
      // Root overrides the weak ones, and nobody stands in his own way with one.
      if (one.mode === 'block-weak' && (caller.uid === 0 || one.uid === caller.uid)) continue;
      return `${one.who} (${one.why})`;
    }
    return undefined;
  }

  #othersHaveSessions(caller: Caller): boolean {
    for (const session of this.#manager.sessions) {
      if (session.uid !== caller.uid && session.class === 'user' && !session.closing) return true;
    }
    return false;
  }
}
