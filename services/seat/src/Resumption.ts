import { SystemError } from '@switchyard/sys';
import type { Controller } from './Controller.js';
import type { Session } from './Session.js';
import type { SessionDevice } from './SessionDevice.js';

/** A process that is being killed is gone by then, unless its disk is; after that only the next switch tries again. */
const TRIES = 40;
const PAUSE_MS = 25;
/** Until who waits for an answer has read it, and is back where it hears of something new. */
const REMIND_MS = 100;

/**
 * How a session gets its devices back: at once what can be opened, the rest as soon as it can.
 *
 *   begun ──all work──▶ done ◀──remind()──▶ reminding
 *     │  ▲
 *     ▼  │ PAUSE_MS, a few times
 *   trying
 *
 * A controller may not hear that a device works again: libdbus takes signals off the socket while it waits for an
 * answer, and an X server looks at them only when something else comes. Who acknowledges the pause of a device that
 * works is told again, after a while.
 */
export class Resumption {
  readonly #session: Session;
  #retry: NodeJS.Timeout | undefined;
  #reminder: NodeJS.Timeout | undefined;
  readonly #unheard = new Set<SessionDevice>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Devices in the order in which they are to work again. */
  begin(controller: Controller, devices: readonly SessionDevice[]): void {
    this.#try(controller, devices, TRIES);
  }

  /** It took this device for paused. Whose device has a new file with each turn has asked for that already. */
  remind(controller: Controller, held: SessionDevice): void {
    if (!controller.takesFds || !held.device.resumesInPlace) return;
    this.#unheard.add(held);
    this.#reminder ??= setTimeout(() => {
      this.#reminder = undefined;
      for (const one of this.#unheard) {
        const fd = one.state === 'live' && this.#isControlledBy(controller) ? one.duplicate() : undefined;
        if (fd) controller.resumeDevice(this.#session, one.device, fd);
      }
      this.#unheard.clear();
    }, REMIND_MS).unref();
  }

  close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#reminder);
    this.#unheard.clear();
  }

  #try(controller: Controller, devices: readonly SessionDevice[], tries: number): void {
    clearTimeout(this.#retry);
    let failed = false;
    for (const held of devices) {
      if (held.state === 'pausing') held.revoke();
      if (held.state !== 'paused' || !this.#session.mayUse(held.device)) continue;
      if (!controller.takesFds && !held.device.resumesInPlace) continue;
      try {
        controller.resumeDevice(this.#session, held.device, held.resume());
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        failed = true;
      }
    }
    if (!failed || tries === 0) return;
    this.#retry = setTimeout(() => {
      if (this.#isControlledBy(controller)) this.#try(controller, devices, tries - 1);
    }, PAUSE_MS).unref();
  }

  #isControlledBy(controller: Controller): boolean {
    return this.#session.controller === controller;
  }
}
