import { rmSync } from 'node:fs';
import { type Connection, DBusError } from '@switchyard/dbus';
import type { RuntimeDir } from '@switchyard/runtime';
import { type ConsoleOptions, type MachineOptions, type SeatOptions, seatServices } from './services.js';
import { TreeSeat } from './TreeSeat.js';
import type { TreeServices } from './TreeServices.js';

export interface TreeSeatsOptions {
  readonly directory: RuntimeDir;
  readonly services: TreeServices;
  readonly machine: MachineOptions & ConsoleOptions;
  readonly connection: () => Connection;
  /** A seat came or went. */
  readonly changed: () => void;
  /** A seat that can be seen wants its first session. */
  readonly ready: (seat: TreeSeat) => Promise<unknown>;
  /** Ends the programs of a seat that goes. */
  readonly endPrograms: (seat: string) => Promise<void>;
}

/** The tree's seats by name. The first one is that of `yard up`, and ends with the tree. */
export class TreeSeats {
  readonly #options: TreeSeatsOptions;
  readonly #seats = new Map<string, TreeSeat>();
  /** Seats that are no more, while what was theirs ends: one that hangs takes a while, and its names are taken so long. */
  readonly #leaving = new Set<string>();

  constructor(options: TreeSeatsOptions) {
    this.#options = options;
  }

  get all(): TreeSeat[] {
    return [...this.#seats.values()];
  }

  /** Those that people sit at. */
  get screens(): string[] {
    return this.all.filter(({ options }) => !options.shared).map(({ name }) => name);
  }

  /** Whether the name is taken, also by one whose services are still ending. */
  has(name: string): boolean {
    return this.#seats.has(name) || this.#leaving.has(name);
  }

  find(name: string): TreeSeat | undefined {
    return this.#seats.get(name);
  }

  /** Throws DBusError when there is none. */
  get(name: string): TreeSeat {
    const seat = this.#seats.get(name);
    if (seat) return seat;
    throw new DBusError(
      'org.freedesktop.login1.NoSuchSeat',
      `no seat ${name} has a display; those that have one: ${[...this.#seats.keys()].join(', ')}`,
    );
  }

  /** Its services are not started yet. */
  make(options: SeatOptions): TreeSeat {
    const { directory, services, machine } = this.#options;
    const seat = new TreeSeat(options, services.make(seatServices(directory.path, options, machine)));
    this.#seats.set(seat.name, seat);
    return seat;
  }

  /** One more seat; resolves when it can be seen. Throws DBusError. */
  async add(wanted: SeatOptions): Promise<TreeSeat> {
    const { machine, connection, changed, ready } = this.#options;
    // Whoever comes in by a greeter has a terminal of his own.
    const options = { ...wanted, console: wanted.console && !machine.greeter };
    if (this.has(options.seat))
      throw new DBusError('org.switchyard.Error.SeatExists', `${options.seat} is there already`);
    const bus = connection();
    const seat = this.make(options);
    try {
      await Promise.all(seat.services.map((service) => service.start()));
      await seat.meet(bus);
    } catch (error) {
      await this.#drop(seat);
      throw new DBusError(
        'org.freedesktop.DBus.Error.Failed',
        `${options.seat}: ${(error as Error).message}`,
      );
    }
    changed();
    await ready(seat);
    return seat;
  }

  /** Ends a seat's sessions and services. Throws DBusError. */
  async remove(name: string): Promise<void> {
    const seat = this.get(name);
    if (!seat.options.further)
      throw new DBusError(
        'org.freedesktop.DBus.Error.InvalidArgs',
        `${name} is the tree's first seat: yard down ends it with the tree`,
      );
    await this.#drop(seat);
    this.#options.changed();
  }

  async #drop(seat: TreeSeat): Promise<void> {
    const { directory, services, endPrograms } = this.#options;
    this.#seats.delete(seat.name);
    this.#leaving.add(seat.name);
    try {
      await endPrograms(seat.name);
      await seat.stop();
      services.remove(seat.services);
      for (const path of [seat.place.state(directory), seat.place.sessions(directory)])
        rmSync(path, { recursive: true, force: true });
    } finally {
      this.#leaving.delete(seat.name);
    }
    this.#options.changed();
  }
}
