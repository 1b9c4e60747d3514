import { BusLink } from '@switchyard/dbus';
import { login1, switchyard } from '@switchyard/seat';

/** Titles change as fast as a program likes; the bus hears of one this often (ms). */
const interval = 100;
/** Characters; listings show fewer. */
const limit = 256;

/** What the session is called in listings and on the session bar. */
export class SessionTitle {
  readonly #link: BusLink;
  readonly #session: string;
  #title: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(busAddress: string, session: string) {
    this.#session = session;
    this.#link = new BusLink(busAddress, { connected: () => this.#tell() });
  }

  set(title: string): void {
    const shown = title.slice(0, limit);
    if (shown === this.#title) return;
    this.#title = shown;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#tell();
    }, interval);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#link.close();
  }

  async #tell(): Promise<void> {
    const { connection } = this.#link;
    if (!connection || this.#title === undefined) return;
    try {
      const manager = connection.proxy(login1.name, login1.path);
      const [path] = await manager.call(login1.manager, 'GetSession', 's', this.#session);
      await connection
        .proxy(login1.name, String(path))
        .call(switchyard.session, 'SetTitle', 's', this.#title);
    } catch {
      // The manager is being started again, or the session is over: the next title may tell.
    }
  }
}
