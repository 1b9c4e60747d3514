import type { Log } from '@switchyard/runtime';
import type { Device } from './Device.js';
import type { Emergency } from './Emergency.js';
import type { IdleLock } from './IdleLock.js';
import { KeyboardWatch } from './KeyboardWatch.js';
import type { SeatManager } from './SeatManager.js';

/** The manager's ears: what each keyboard says to its seat, whatever the sessions do. */
export class KeyboardWatches {
  readonly #manager: SeatManager;
  readonly #chords: readonly string[];
  readonly #emergency: Emergency;
  readonly #idleLock: IdleLock | undefined;
  readonly #log: Log;
  readonly #watches = new Map<Device, KeyboardWatch>();

  /** `chords`: those that call for the emergency session. */
  constructor(
    manager: SeatManager,
    chords: readonly string[],
    emergency: Emergency,
    idleLock: IdleLock | undefined,
    log: Log,
  ) {
    this.#manager = manager;
    this.#chords = chords;
    this.#emergency = emergency;
    this.#idleLock = idleLock;
    this.#log = log;
  }

  /** What has no keys is not listened to. Idempotent. */
  watch(device: Device): void {
    if (this.#watches.has(device)) return;
    const seat = this.#manager.seats.require(device.seat);
    const idleLock = this.#idleLock;
    const watch = KeyboardWatch.of(device, this.#chords, {
      attention: () => this.#emergency.attention(seat),
      switch: (to) => {
        const place = this.#manager.neighbour(seat, to);
        if (place !== undefined) seat.switch.start(place);
      },
      ...(idleLock ? { used: () => idleLock.used(seat) } : {}),
      closed: () => this.#log.debug({ device: device.key }, 'the watch on this device was closed'),
    });
    if (watch) this.#watches.set(device, watch);
  }

  /** It is gone. */
  forget(device: Device): void {
    this.#watches.get(device)?.close();
    this.#watches.delete(device);
  }
}
