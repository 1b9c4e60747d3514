import type { Connection, Emission } from '@switchyard/dbus';

/** Each is a connection of root's or of the display's own user: of those there are a page's server and a few tools. Over it the first goes. */
const LISTENERS = 64;

/**
 * Who is told of a field's state, each by a message of its own: what people edit, and where on the screen, is not for everybody on the
 * bus. Whoever may ask for the state and has done so is told of changes from then on, for as long as it is on the bus.
 */
export class StateListeners {
  readonly #connection: Connection;
  readonly #watches = new Map<string, Disposable>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** `name`: its unique name. */
  add(name: string): void {
    if (this.#watches.has(name)) return;
    const [first] = this.#watches.keys();
    if (first !== undefined && this.#watches.size >= LISTENERS) this.#remove(first);
    this.#watches.set(name, this.#connection.watchName(name, { vanished: () => this.#remove(name) }));
  }

  tell(signal: Omit<Emission, 'destination'>): void {
    for (const destination of this.#watches.keys()) this.#connection.emit({ ...signal, destination });
  }

  close(): void {
    for (const name of this.#watches.keys()) this.#remove(name);
  }

  #remove(name: string): void {
    this.#watches.get(name)?.[Symbol.dispose]();
    this.#watches.delete(name);
  }
}
