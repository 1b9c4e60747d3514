import { type BusLink, DBusError } from '@switchyard/dbus';

const supervisor1 = 'org.switchyard.Supervisor1';
const mirror1 = 'org.switchyard.Mirror1';

/** A session of somebody's that runs already and can come to this seat too. */
export interface SharedSession {
  /** The seat that it runs on, which is nobody's screen. */
  readonly seat: string;
  readonly title: string;
  readonly shownOn: readonly string[];
}

/** The tree's word on sessions that several seats can show. Where there is no tree, there are none. */
export class SharedSessions {
  readonly #link: BusLink;

  constructor(link: BusLink) {
    this.#link = link;
  }

  async of(uid: number): Promise<SharedSession[]> {
    const [rows] = (await this.#ask('SharedSessions', 'u', uid)) ?? [[]];
    return (rows as [string, string, string[]][]).map(([seat, title, shownOn]) => ({ seat, title, shownOn }));
  }

  /** A place for a session that other seats may want too; undefined where this seat is the only one. */
  async place(
    seat: string,
    title: string,
    uid: number,
  ): Promise<{ seat: string; display: string } | undefined> {
    const supervisor = await this.#supervisor();
    const seats = (await supervisor.get(supervisor1, 'Seats').catch(() => [])) as string[];
    if (seats.length < 2) return undefined;
    const [shared, display] = (await supervisor.call(
      supervisor1,
      'AddSharedSeat',
      'ssu',
      seat,
      title,
      uid,
    )) as [string, string];
    return { seat: shared, display };
  }

  /** Brings it to the front of a seat. */
  async show(shared: string, seat: string): Promise<void> {
    const connection = await this.#link.connectedOnce();
    const mirror = connection.proxy(`org.switchyard.Mirror.${shared}`, '/org/switchyard/Mirror1');
    await mirror.call(mirror1, 'Show', 's', seat);
  }

  /** Takes a place back that no session came to. */
  async remove(shared: string): Promise<void> {
    await this.#ask('RemoveSeat', 's', shared);
  }

  async #ask(member: string, signature: string, ...body: unknown[]): Promise<unknown[] | undefined> {
    try {
      return await (await this.#supervisor()).call(supervisor1, member, signature, ...body);
    } catch (error) {
      if (error instanceof DBusError) return undefined;
      throw error;
    }
  }

  async #supervisor() {
    const connection = await this.#link.connectedOnce();
    return connection.proxy('org.switchyard.Supervisor', '/org/switchyard/Supervisor1');
  }
}
