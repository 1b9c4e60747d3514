import { Connection, DBusError, type Proxy as RemoteObject, type Variant } from '@switchyard/dbus';
import { RuntimeDir, SeatPlace } from '@switchyard/runtime';
import { exitCode, Failure } from './Failure.js';
import { noTree } from './NoTree.js';
import { awaitTree, type YardFile } from './YardFile.js';

/** How long a command waits for a bus that is just being started again. */
const busPatience = 3_000;
const login1 = 'org.freedesktop.login1';

/** One session as `yard sessions --json` shows it. */
export interface SessionListing {
  readonly id: string;
  readonly seat: string;
  readonly name: string;
  readonly type: string;
  readonly class: string;
  readonly state: string;
  readonly locked: boolean;
  /** One of its programs does not answer. */
  readonly hung: boolean;
  readonly uid: number;
  readonly user: string;
  readonly leader: number;
  readonly remote: boolean;
  readonly vt: number;
}

/** A running tree, as a command reaches it. */
export class Yard {
  readonly file: YardFile;
  readonly bus: Connection;
  readonly manager: RemoteObject;

  private constructor(file: YardFile, bus: Connection) {
    this.file = file;
    this.bus = bus;
    this.manager = bus.proxy(login1, '/org/freedesktop/login1');
  }

  /** Throws Failure 3 when nothing runs in that directory. */
  static async connect(runtimeDir: string | undefined): Promise<Yard> {
    const directory = RuntimeDir.resolve(runtimeDir);
    const file = await awaitTree(directory);
    if (!file) throw noTree(directory);
    const deadline = Date.now() + busPatience;
    for (;;) {
      try {
        return new Yard(file, await Connection.connect(file.bus));
      } catch (error) {
        if (Date.now() > deadline)
          throw new Failure(
            `the bus at ${file.bus} does not answer: ${(error as Error).message}; see yard log bus`,
          );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Does `work` with a connection and closes it afterwards. */
  static async with<T>(runtimeDir: string | undefined, work: (yard: Yard) => Promise<T>): Promise<T> {
    const yard = await Yard.connect(runtimeDir);
    try {
      return await work(yard);
    } finally {
      yard.bus.close();
    }
  }

  get supervisor(): RemoteObject {
    return this.bus.proxy('org.switchyard.Supervisor', '/org/switchyard/Supervisor1');
  }

  /** What shows that seat's sessions. */
  display(seat: string): RemoteObject {
    return this.bus.proxy(this.#place(seat).busName('org.switchyard.Display'), '/org/switchyard/Display1');
  }

  /** What shows that seat in browsers. */
  web(seat: string): RemoteObject {
    return this.bus.proxy(this.#place(seat).busName('org.switchyard.Web'), '/org/switchyard/Web1');
  }

  /** What plays the hardware of a shared session's seat. */
  mirror(seat: string): RemoteObject {
    return this.bus.proxy(this.#place(seat).busName('org.switchyard.Mirror'), '/org/switchyard/Mirror1');
  }

  #place(seat: string): SeatPlace {
    return new SeatPlace(seat, seat !== this.file.seat);
  }

  session(id: string): RemoteObject {
    return this.bus.proxy(login1, `/org/freedesktop/login1/session/${id}`);
  }

  seat(id: string): RemoteObject {
    return this.bus.proxy(login1, `/org/freedesktop/login1/seat/${pathLabel(id)}`);
  }

  /** In the order in which Ctrl+Alt+F1… and Ctrl+Alt+1… count them. */
  async sessions(): Promise<SessionListing[]> {
    const [rows] = (await this.manager.call(`${login1}.Manager`, 'ListSessions', '')) as [
      [string, number, string, string, string][],
    ];
    const listings = await Promise.all(
      rows.map(([id, uid, user, seat, path]) => this.#listing(id, uid, user, seat, path)),
    );
    return listings.filter((listing) => listing !== undefined);
  }

  async #listing(
    id: string,
    uid: number,
    user: string,
    seat: string,
    path: string,
  ): Promise<SessionListing | undefined> {
    try {
      const proxy = this.bus.proxy(login1, path);
      const [session, more] = await Promise.all([
        proxy.getAll(`${login1}.Session`),
        proxy.getAll('org.switchyard.Session1'),
      ]);
      const value = <T>(name: string) => (session.get(name) as Variant).value as T;
      return {
        id,
        seat,
        name: String(more.get('Title')?.value ?? ''),
        type: value('Type'),
        class: value('Class'),
        state: value('State'),
        locked: value('LockedHint'),
        hung: more.get('Hung')?.value === true,
        uid,
        user,
        leader: value('Leader'),
        remote: value('Remote'),
        vt: value('VTNr'),
      };
    } catch (error) {
      // It ended between the list and the look.
      if (error instanceof DBusError) return undefined;
      throw error;
    }
  }

  /** A session by id, by name, or by its number: what Ctrl+Alt+F and it go to, a position from 1 or a VT. */
  async find(which: string): Promise<SessionListing> {
    const sessions = await this.sessions();
    const found =
      sessions.find(({ id }) => id === which) ??
      sessions.find(({ name }) => name === which) ??
      (/^[1-9]\d*$/.test(which)
        ? numbered(
            sessions.filter(({ seat }) => seat === this.file.seat),
            Number(which),
          )
        : undefined);
    if (!found) throw new Failure(`no session ${which}; yard sessions lists them`, exitCode.notFound);
    return found;
  }

  /** The seat, if it is there. */
  async findSeat(id: string | undefined): Promise<string> {
    const wanted = id ?? this.file.seat;
    const [seats] = (await this.manager.call(`${login1}.Manager`, 'ListSeats', '')) as [[string, string][]];
    if (seats.some(([name]) => name === wanted)) return wanted;
    throw new Failure(
      `no seat ${wanted}; there ${seats.length === 1 ? 'is' : 'are'}: ${seats.map(([name]) => name).join(', ')}`,
      exitCode.notFound,
    );
  }
}

/** Of one seat's sessions; where it has VTs, numbers are theirs. Of several on one VT the one that is active, or the newest. */
export function numbered<S extends Pick<SessionListing, 'vt' | 'state'>>(
  sessions: readonly S[],
  number: number,
): S | undefined {
  if (!sessions.some(({ vt }) => vt > 0)) return sessions[number - 1];
  const there = sessions.filter(({ vt }) => vt === number);
  return there.find(({ state }) => state === 'active') ?? there.at(-1);
}

/** An object path's label, escaped as systemd does: all but letters and digits (and a leading digit) as _xx. */
export function pathLabel(name: string): string {
  if (name === '') return '_';
  return name.replaceAll(
    /^\d|[^A-Za-z0-9]/g,
    (character) => `_${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
