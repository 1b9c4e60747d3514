import type { Connection } from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { switchyard } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { Provider, VirtualDevice } from './VirtualDevice.js';

/** How long a provider may take to accept a channel. Nobody waits for it; it bounds what is outstanding. */
const OPEN_CHANNEL_TIMEOUT_MS = 5000;

/** A caller of AttachDevice, which gets its ends of channels by org.switchyard.DeviceProvider1. */
export class BusProvider implements Provider {
  readonly #connection: Connection;
  readonly #log: Log;

  constructor(
    connection: Connection,
    readonly name: string,
    log: Log,
  ) {
    this.#connection = connection;
    this.#log = log;
  }

  openChannel(device: VirtualDevice, session: string, end: Fd): void {
    this.#connection
      .call({
        destination: this.name,
        path: switchyard.deviceProviderPath,
        interface: switchyard.deviceProvider,
        member: 'OpenChannel',
        signature: 'uush',
        body: [device.major, device.minor, session, end],
        timeout: OPEN_CHANNEL_TIMEOUT_MS,
      })
      .catch((error: Error) => {
        this.#log.warn({ device: device.key, session, error: error.message }, 'provider refused a channel');
      });
  }
}
