import type {
  ExtIdleNotificationV1Resource,
  ExtIdleNotifierV1Requests,
  WlSeatResource,
} from '@switchyard/wayland';
import type { Activity } from '../input/Activity.js';
import { IdleWatch } from './IdleWatch.js';

/**
 * No shorter one is granted (ms): any client may ask, and must not learn from it when somebody presses the keys of another
 * session.
 */
const shortestTimeout = 1000;

export interface IdleNotifierOptions {
  readonly activity: Activity;
  /** None of our sessions is in front: what happens there is not known. */
  away(): boolean;
  /** A program wants the screen to stay as it is. */
  inhibited(): boolean;
}

/** The ext_idle_notifier_v1 global. */
export class IdleNotifier implements ExtIdleNotifierV1Requests {
  readonly #options: IdleNotifierOptions;

  constructor(options: IdleNotifierOptions) {
    this.#options = options;
  }

  getIdleNotification(
    _: unknown,
    id: ExtIdleNotificationV1Resource,
    timeout: number,
    __: WlSeatResource,
  ): void {
    const { away, inhibited } = this.#options;
    this.#add(id, timeout, () => away() || inhibited());
  }

  getInputIdleNotification(
    _: unknown,
    id: ExtIdleNotificationV1Resource,
    timeout: number,
    __: WlSeatResource,
  ): void {
    this.#add(id, timeout, () => this.#options.away());
  }

  destroy(): void {}

  #add(id: ExtIdleNotificationV1Resource, timeout: number, awake: () => boolean): void {
    id.implement({ destroy() {} });
    const watch = new IdleWatch({
      activity: this.#options.activity,
      timeout: Math.max(shortestTimeout, timeout),
      awake,
      idled: () => id.sendIdled(),
      resumed: () => id.sendResumed(),
    });
    id.onDestroy(() => watch[Symbol.dispose]());
  }
}
