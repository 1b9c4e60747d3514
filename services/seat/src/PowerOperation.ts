import type { Log } from '@switchyard/runtime';
import type { InhibitorEvents, InhibitorRegistry } from './InhibitorRegistry.js';
import { loginError } from './LoginError.js';
import type { PowerExecutor } from './PowerExecutor.js';
import { inhibitClass, type PowerVerb } from './PowerVerb.js';

/**
 * The machine's way down, or to sleep. One at a time.
 *
 *   idle ──start──▶ delayed ──no delay inhibitor left | delay over──▶ executing ──done | failed──▶ idle
 *            "prepare: true" is told                                                    "prepare: false"
 *
 * Who holds a delay inhibitor hears `prepare` and lets go when it is ready; what blocks is asked about before.
 */
export class PowerOperation implements InhibitorEvents {
  readonly #inhibitors: InhibitorRegistry;
  readonly #execute: PowerExecutor;
  readonly #delay: number;
  readonly #prepare: (what: 'shutdown' | 'sleep', begins: boolean) => void;
  readonly #log: Log;
  #verb: PowerVerb | undefined;
  #executing = false;
  #clock: NodeJS.Timeout | undefined;

  /** `delay`: how long delay inhibitors may hold it up, in ms. */
  constructor(
    inhibitors: InhibitorRegistry,
    execute: PowerExecutor,
    delay: number,
    prepare: (what: 'shutdown' | 'sleep', begins: boolean) => void,
    log: Log,
  ) {
    this.#inhibitors = inhibitors;
    this.#execute = execute;
    this.#delay = delay;
    this.#prepare = prepare;
    this.#log = log;
    inhibitors.listen(this);
  }

  /** What is under way; no delay inhibitor may be taken against it any more. */
  get what(): 'shutdown' | 'sleep' | undefined {
    return this.#verb && inhibitClass(this.#verb);
  }

  /** Throws OperationInProgress. */
  start(verb: PowerVerb): void {
    this.requireIdle();
    this.#verb = verb;
    this.#log.info({ verb }, 'power operation');
    this.#prepare(inhibitClass(verb), true);
    this.#clock = setTimeout(() => this.#go(), this.#delay);
    this.inhibitorsChanged();
  }

  /** Throws OperationInProgress. */
  requireIdle(): void {
    if (this.#verb === undefined) return;
    throw loginError.operationInProgress(`There is a ${this.#verb} in progress already`);
  }

  inhibitorsChanged(): void {
    if (this.#verb === undefined || this.#executing) return;
    if (!this.#inhibitors.inhibited('delay').has(inhibitClass(this.#verb))) this.#go();
  }

  #go(): void {
    clearTimeout(this.#clock);
    const verb = this.#verb;
    if (verb === undefined || this.#executing) return;
    this.#executing = true;
    this.#execute(verb)
      .catch((error: Error) => this.#log.error({ verb, error: error.message }, 'power operation failed'))
      .finally(() => {
        this.#executing = false;
        this.#verb = undefined;
        this.#prepare(inhibitClass(verb), false);
      });
  }
}
