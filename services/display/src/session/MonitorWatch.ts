import type { Connection, Message, Variant } from '@switchyard/dbus';
import { type DeviceKind, login1, switchyard } from '@switchyard/seat';
import type { MonitorDevice } from '../output/Outputs.js';

export interface MonitorWatchEvents {
  /** The seat has a monitor of this mode, as far as its properties say. */
  monitor(device: MonitorDevice): void;
  monitorGone(key: string): void;
  /** There are none but these. */
  monitors(keys: ReadonlySet<string>): void;
  /** Whether there is a touchscreen. */
  touch(present: boolean): void;
}

/**
 * Knows the seat's hardware before any session has it: programs ask for the screen's size as soon as they start.
 */
export class MonitorWatch implements Disposable {
  readonly #connection: Connection;
  readonly #seat: string;
  readonly #on: MonitorWatchEvents;
  readonly #watches: Disposable[];
  readonly #touchscreens = new Set<number>();

  constructor(connection: Connection, seat: string, on: MonitorWatchEvents) {
    this.#connection = connection;
    this.#seat = seat;
    this.#on = on;
    this.#watches = [
      connection.watchName(login1.name, { appeared: () => void this.#list() }),
      connection.match(
        { type: 'signal', sender: login1.name, interface: switchyard.deviceManager, member: 'DeviceAdded' },
        (message: Message) => {
          const [of, major, minor, kind, , properties] = message.body as [
            string,
            number,
            number,
            DeviceKind,
            string,
            ReadonlyMap<string, Variant>,
          ];
          if (of === seat) this.#found({ major, minor }, kind, properties);
        },
      ),
      connection.match(
        { type: 'signal', sender: login1.name, interface: switchyard.deviceManager, member: 'DeviceRemoved' },
        (message: Message) => {
          const [, major, minor] = message.body as [string, number, number];
          on.monitorGone(keyOf({ major, minor }));
          if (this.#touchscreens.delete(minor)) on.touch(this.#touchscreens.size > 0);
        },
      ),
    ];
  }

  [Symbol.dispose](): void {
    for (const watch of this.#watches) watch[Symbol.dispose]();
  }

  async #list(): Promise<void> {
    try {
      const [devices] = (await this.#connection.call({
        destination: login1.name,
        path: login1.path,
        interface: switchyard.deviceManager,
        member: 'ListDevices',
        signature: 's',
        body: [this.#seat],
      })) as [[number, number, DeviceKind, string, string, ReadonlyMap<string, Variant>][]];
      this.#touchscreens.clear();
      const monitors = devices.filter(([, , kind]) => kind === 'monitor');
      for (const [major, minor, kind, , , properties] of devices)
        this.#found({ major, minor }, kind, properties);
      this.#on.monitors(new Set(monitors.map(([major, minor]) => keyOf({ major, minor }))));
      this.#on.touch(this.#touchscreens.size > 0);
    } catch {
      // The manager left again, or there is no such seat yet: DeviceAdded will tell.
    }
  }

  #found(device: Device, kind: DeviceKind, properties: ReadonlyMap<string, Variant>): void {
    if (kind === 'touch') {
      this.#touchscreens.add(device.minor);
      this.#on.touch(true);
    }
    if (kind !== 'monitor') return;
    this.#on.monitor(monitorOf(keyOf(device), properties));
  }
}

interface Device {
  readonly major: number;
  readonly minor: number;
}

export function keyOf({ major, minor }: Device): string {
  return `${major}:${minor}`;
}

export function monitorOf(key: string, properties: ReadonlyMap<string, Variant>): MonitorDevice {
  const mode = {
    width: number(properties, 'width', 1280),
    height: number(properties, 'height', 720),
    refresh: number(properties, 'refresh', 60_000),
    scale: number(properties, 'scale', 120),
  };
  return { key, number: number(properties, 'number', 0), mode };
}

function number(properties: ReadonlyMap<string, Variant>, name: string, otherwise: number): number {
  const value = properties.get(name)?.value;
  return typeof value === 'number' ? value : otherwise;
}
