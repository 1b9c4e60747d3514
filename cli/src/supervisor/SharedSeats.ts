import { type Connection, DBusError } from '@switchyard/dbus';
import type { RunRequest } from './SessionPrograms.js';
import type { TreeSeat } from './TreeSeat.js';
import type { TreeSeats } from './TreeSeats.js';

const login1 = 'org.freedesktop.login1';
const mirror1 = 'org.switchyard.Mirror1';

/** Whose seats they are. */
export interface SeatKeeper {
  readonly seats: TreeSeats;
  connection(): Connection;
  run(request: RunRequest): Promise<{ session: string; pid: number }>;
}

/** A session that several seats can show. */
export interface SharedSession {
  readonly seat: string;
  readonly title: string;
  readonly shownOn: readonly string[];
}

/**
 * Seats that are nobody's screen, each there for one session that other seats show.
 *
 *   added ──its session comes──▶ in use ──the session ends──▶ removed
 */
export class SharedSeats implements Disposable {
  readonly #keeper: SeatKeeper;
  /** Those that have had their session. */
  readonly #used = new Set<string>();
  #watches: Disposable[] = [];

  constructor(keeper: SeatKeeper) {
    this.#keeper = keeper;
  }

  connected(connection: Connection): void {
    this[Symbol.dispose]();
    const watch = (member: string) =>
      connection.match(
        { type: 'signal', sender: login1, interface: `${login1}.Manager`, member },
        () => void this.#look().catch(() => {}),
      );
    this.#watches = [watch('SessionNew'), watch('SessionRemoved')];
    void this.#look().catch(() => {});
  }

  [Symbol.dispose](): void {
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]();
  }

  /** Their names. */
  get names(): string[] {
    return this.#keeper.seats.all.filter(({ options }) => options.shared).map(({ name }) => name);
  }

  /** A seat of the size of `like`, for a session of that user's. */
  add(like: string, title: string, uid: number, follow = false): Promise<TreeSeat> {
    const shown = this.#keeper.seats.find(like);
    if (!shown) throw new DBusError(`${login1}.NoSuchSeat`, `no seat ${like} has a display`);
    let number = 1;
    while (this.#keeper.seats.has(`seat-shared${number}`)) number++;
    const place = { seat: `seat-shared${number}`, further: true, listen: '', port: 0, console: false };
    return this.#keeper.seats.add({ ...place, size: shown.options.size, shared: { title, uid, follow } });
  }

  /** Starts a program as a shared session and shows it on the seat that the request names. */
  async run(request: RunRequest, follow: boolean): Promise<{ session: string; pid: number }> {
    const title = request.title ?? request.argv[0]?.split('/').at(-1) ?? 'Terminal';
    const seat = await this.add(request.seat, title, process.getuid!(), follow);
    try {
      const started = await this.#keeper.run({ ...request, seat: seat.name });
      if (!request.background) await this.#mirror(seat).call(mirror1, 'Show', 's', request.seat);
      return started;
    } catch (error) {
      await this.#keeper.seats.remove(seat.name);
      throw error;
    }
  }

  /** That user's shared sessions. */
  async of(uid: number): Promise<SharedSession[]> {
    const found: SharedSession[] = [];
    for (const seat of this.#keeper.seats.all) {
      const { shared } = seat.options;
      if (shared?.uid !== uid || !this.#used.has(seat.name)) continue;
      const shown = (await this.#mirror(seat).get(mirror1, 'Seats')) as [string, string][];
      found.push({ seat: seat.name, title: shared.title, shownOn: shown.map(([name]) => name) });
    }
    return found;
  }

  #mirror({ place }: TreeSeat) {
    return this.#keeper.connection().proxy(place.busName('org.switchyard.Mirror'), '/org/switchyard/Mirror1');
  }

  async #look(): Promise<void> {
    const manager = this.#keeper.connection().proxy(login1, '/org/freedesktop/login1');
    const [sessions] = (await manager.call(`${login1}.Manager`, 'ListSessions', '')) as [
      [string, number, string, string, string][],
    ];
    const occupied = new Set(sessions.map(([, , , seat]) => seat));
    for (const { name, options } of this.#keeper.seats.all) {
      if (!options.shared) continue;
      if (occupied.has(name)) this.#used.add(name);
      else if (this.#used.delete(name)) await this.#keeper.seats.remove(name);
    }
  }
}
