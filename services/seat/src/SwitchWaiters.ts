import { SwitchSuperseded } from './SwitchSuperseded.js';

/** Who asked for a switch and is told how it ends. */
export interface SwitchWaiter {
  resolve(): void;
  reject(error: Error): void;
}

/** All who wait for the switch that is going on; each is told once. */
export class SwitchWaiters {
  readonly #waiting: SwitchWaiter[] = [];

  get any(): boolean {
    return this.#waiting.length > 0;
  }

  add(waiter: SwitchWaiter): void {
    this.#waiting.push(waiter);
  }

  /** The seat is where they wanted it. */
  arrived(): void {
    for (const waiter of this.#waiting.splice(0)) waiter.resolve();
  }

  refused(error: Error): void {
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
  }

  /** `by` is the goal that took the place of theirs; undefined: theirs has ended. */
  superseded(by: string | undefined): void {
    for (const waiter of this.#waiting.splice(0)) waiter.reject(new SwitchSuperseded(by));
  }
}
