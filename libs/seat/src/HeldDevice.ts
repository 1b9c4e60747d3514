import type { Fd } from '@switchyard/sys';
import type { PauseKind } from './Login1.js';
import type { DeviceInfo } from './SeatClient.js';
import type { SessionEvents } from './SessionEvents.js';

/**
 * A device as the session that took it follows it. Signals may overtake the answer to TakeDevice in this process's
 * own queues, so `taking` remembers what came meanwhile.
 *
 *   taking ──answer: active──▶ open ◀──resume── shut
 *     │                         └──pause | force──▶ ▲
 *     └──────────────answer: inactive───────────────┘          any ──gone──▶ gone
 */
export class HeldDevice {
  readonly info: DeviceInfo;
  readonly #on: SessionEvents;
  #state: 'taking' | 'open' | 'shut' | 'gone' = 'taking';
  /** While taking: the last signal's news, which is newer than the answer. */
  #meanwhile: 'paused' | 'resumed' | undefined;

  /** Counts channels; tells whether the one that somebody means is still the newest. */
  #openings = 0;

  constructor(info: DeviceInfo, on: SessionEvents) {
    this.info = info;
    this.#on = on;
  }

  /** The number of the channel that is open; undefined when none is, as far as the session manager said. */
  get opening(): number | undefined {
    return this.#state === 'open' ? this.#openings : undefined;
  }

  /** The answer to TakeDevice. An inactive session's channel comes revoked and is of no use. */
  taken(channel: Fd, inactive: boolean): void {
    if (this.#state === 'taking' && !inactive && this.#meanwhile === undefined) {
      this.#open(channel);
      return;
    }
    channel.close();
    if (this.#state === 'taking') this.#state = 'shut';
  }

  paused(why: PauseKind | 'lost'): void {
    const before = this.#state;
    if (why === 'gone' || why === 'lost') this.#state = 'gone';
    else if (before === 'open') this.#state = 'shut';
    else if (before === 'taking') this.#meanwhile = 'paused';
    if (before === 'open') this.#on.closed(this.info, why);
  }

  resumed(channel: Fd): void {
    if (this.#state === 'gone') {
      channel.close();
      return;
    }
    // A resume without a pause replaces the channel.
    if (this.#state === 'open') this.#on.closed(this.info, 'force');
    this.#meanwhile = 'resumed';
    this.#open(channel);
  }

  #open(channel: Fd): void {
    this.#state = 'open';
    this.#openings++;
    this.#on.opened(this.info, channel);
  }
}
