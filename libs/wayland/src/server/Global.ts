import type { Interface } from '../wire/Interface.js';
import type { Client } from './Client.js';
import type { Resource, ResourceClass } from './Resource.js';

export type GlobalOptions = {
  /** Clients for which this is false neither see nor can bind the global. It must not change its mind. */
  visibleTo?: (client: Client) => boolean;
};

/** Something that clients find in the registry and bind. Made by `Display.addGlobal`. */
export class Global {
  readonly name: number;
  readonly interface: Interface;
  readonly version: number;
  readonly #bind: (client: Client, id: number, version: number) => void;
  readonly #visibleTo: ((client: Client) => boolean) | undefined;
  readonly #remove: (global: Global) => void;

  private constructor(
    name: number,
    type: Interface,
    version: number,
    bind: (client: Client, id: number, version: number) => void,
    options: GlobalOptions,
    remove: (global: Global) => void,
  ) {
    if (version < 1 || version > type.version) {
      throw new RangeError(
        `${type.name}: version ${version} cannot be offered, the protocol has 1 to ${type.version}`,
      );
    }
    this.name = name;
    this.interface = type;
    this.version = version;
    this.#bind = bind;
    this.#visibleTo = options.visibleTo;
    this.#remove = remove;
  }

  /** For the runtime. */
  static create<R extends Resource>(
    name: number,
    type: ResourceClass<R>,
    version: number,
    bound: (resource: R) => void,
    options: GlobalOptions,
    remove: (global: Global) => void,
  ): Global {
    const bind = (client: Client, id: number, wanted: number): void =>
      bound(client.createRequested(type, id, wanted));
    return new Global(name, type.interface, version, bind, options, remove);
  }

  visibleTo(client: Client): boolean {
    return this.#visibleTo === undefined || this.#visibleTo(client);
  }

  /** For the runtime. */
  bind(client: Client, id: number, version: number): void {
    this.#bind(client, id, version);
  }

  /** Announces that it is gone; a bind that is already on its way still works for a while. */
  remove(): void {
    this.#remove(this);
  }
}
