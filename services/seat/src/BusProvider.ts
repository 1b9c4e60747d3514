import type { Connection } from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { switchyard } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { Provider, VirtualDevice } from './VirtualDevice.js';

/** How long a provider may take to accept a channel. */
const OPEN_CHANNEL_TIMEOUT_MS = 5000;
/** Longer than a client needs for the next of its devices, shorter than anybody between a switch and the first key. */
const LATER_MS = 2;

interface Opening {
  readonly device: VirtualDevice;
  readonly session: string;
  readonly end: Fd;
}

/** For one device. A switch needs one, the manager's own ear at it another. */
const OUTSTANDING_MAX = 4;

/**
 * A caller of AttachDevice, which gets its ends of a device's channels by org.switchyard.DeviceProvider1, before the
 * session on the other side hears of its own: no key is pressed for nobody. Only to clients of seatd's protocol it comes
 * a little later than they, of all their devices together.
 *
 * While it or the bus does not keep up, ends wait here, and those whose channels are revoked meanwhile never go:
 * sessions that switch faster than a provider follows make nobody hold more than what is open.
 */
export class BusProvider implements Provider {
  readonly #connection: Connection;
  readonly #log: Log;
  readonly #waiting = new Set<Opening>();
  #outstanding = 0;
  #later: NodeJS.Timeout | undefined;

  constructor(
    connection: Connection,
    readonly name: string,
    log: Log,
  ) {
    this.#connection = connection;
    this.#log = log;
  }

  openChannel(device: VirtualDevice, session: string, end: Fd, later: boolean): Disposable {
    const opening = { device, session, end };
    this.#waiting.add(opening);
    if (later) this.#later ??= setTimeout(() => this.#send(), LATER_MS);
    else this.#send();
    return {
      [Symbol.dispose]: () => {
        if (this.#waiting.delete(opening)) end.close();
      },
    };
  }

  #send(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    if (this.#outstanding < OUTSTANDING_MAX) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#outstanding++;
    for (let [next] = this.#waiting; next; [next] = this.#waiting) {
      this.#waiting.delete(next);
      await this.#tell(next);
    }
    this.#outstanding--;
  }

  async #tell({ device, session, end }: Opening): Promise<void> {
    try {
      await this.#connection.call({
        destination: this.name,
        path: switchyard.deviceProviderPath,
        interface: switchyard.deviceProvider,
        member: 'OpenChannel',
        signature: 'uush',
        body: [device.major, device.minor, session, end],
        timeout: OPEN_CHANNEL_TIMEOUT_MS,
      });
    } catch (error) {
      const { message } = error as Error;
      this.#log.warn({ device: device.key, session, error: message }, 'provider refused a channel');
    }
  }
}
