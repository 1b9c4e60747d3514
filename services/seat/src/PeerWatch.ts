import type { Connection } from '@switchyard/dbus';

/** Follows unique names until they vanish. One watch a name, however many sessions it controls. */
export class PeerWatch {
  readonly #connection: Connection;
  readonly #vanished: (name: string) => void;
  readonly #watches = new Map<string, Disposable>();

  constructor(connection: Connection, vanished: (name: string) => void) {
    this.#connection = connection;
    this.#vanished = vanished;
  }

  /** Also tells of a name that has vanished already. */
  watch(name: string): void {
    if (this.#watches.has(name)) return;
    this.#watches.set(
      name,
      this.#connection.watchName(name, {
        vanished: () => {
          this.#watches.get(name)?.[Symbol.dispose]();
          this.#watches.delete(name);
          this.#vanished(name);
        },
      }),
    );
  }

  close(): void {
    for (const watch of this.#watches.values()) watch[Symbol.dispose]();
    this.#watches.clear();
  }
}
