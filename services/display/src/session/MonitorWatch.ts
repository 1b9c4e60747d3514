import type { Connection, Message, Variant } from '@switchyard/dbus';
import { type DeviceKind, login1, type Mode, switchyard } from '@switchyard/seat';

export interface MonitorWatchEvents {
  /** The seat has a monitor of this mode, as far as its properties say. */
  monitor(mode: Mode): void;
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
          const [of, , minor, kind, , properties] = message.body as [
            string,
            number,
            number,
            DeviceKind,
            string,
            ReadonlyMap<string, Variant>,
          ];
          if (of === seat) this.#found(minor, kind, properties);
        },
      ),
      connection.match(
        { type: 'signal', sender: login1.name, interface: switchyard.deviceManager, member: 'DeviceRemoved' },
        (message: Message) => {
          const [, , minor] = message.body as [string, number, number];
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
      for (const [, minor, kind, , , properties] of devices) this.#found(minor, kind, properties);
      this.#on.touch(this.#touchscreens.size > 0);
    } catch {
      // The manager left again, or there is no such seat yet: DeviceAdded will tell.
    }
  }

  #found(minor: number, kind: DeviceKind, properties: ReadonlyMap<string, Variant>): void {
    if (kind === 'touch') {
      this.#touchscreens.add(minor);
      this.#on.touch(true);
    }
    if (kind !== 'monitor') return;
    const number = (name: string, otherwise: number) => {
      const value = properties.get(name)?.value;
      return typeof value === 'number' ? value : otherwise;
    };
    this.#on.monitor({
      width: number('width', 1280),
      height: number('height', 720),
      refresh: number('refresh', 60_000),
      scale: number('scale', 120),
    });
  }
}
