import type { WlRegistryProxy } from '../generated/wayland.js';
import type { DisplayConnection } from './DisplayConnection.js';
import type { HandlerOf, ObjectProxy, ProxyClass } from './ObjectProxy.js';

export type GlobalInfo = { name: number; interface: string; version: number };

/** What the server offers. Made by `DisplayConnection.globals()`. */
export class Globals {
  readonly registry: WlRegistryProxy;
  readonly #globals = new Map<number, GlobalInfo>();
  readonly #added = new Set<(global: GlobalInfo) => void>();
  readonly #removed = new Set<(global: GlobalInfo) => void>();

  constructor(display: DisplayConnection) {
    this.registry = display.display.getRegistry({
      global: (_, name, type, version) => {
        const global = { name, interface: type, version };
        this.#globals.set(name, global);
        for (const callback of this.#added) callback(global);
      },
      globalRemove: (_, name) => {
        const global = this.#globals.get(name);
        if (global === undefined) return;
        this.#globals.delete(name);
        for (const callback of this.#removed) callback(global);
      },
    });
  }

  [Symbol.iterator](): IterableIterator<GlobalInfo> {
    return this.#globals.values();
  }

  /** Called for globals that come later. */
  onAdded(callback: (global: GlobalInfo) => void): void {
    this.#added.add(callback);
  }

  onRemoved(callback: (global: GlobalInfo) => void): void {
    this.#removed.add(callback);
  }

  /** The first global of that interface. */
  find(interfaceName: string): GlobalInfo | undefined {
    for (const global of this.#globals.values()) if (global.interface === interfaceName) return global;
    return undefined;
  }

  /**
   * Binds the first global of the proxy's interface, in `version` or the server's when that is lower; undefined when the
   * server has none.
   */
  bind<P extends ObjectProxy>(type: ProxyClass<P>, version: number, ...handler: HandlerOf<P>): P | undefined {
    const global = this.find(type.interface.name);
    return global === undefined ? undefined : this.bindGlobal(global, type, version, ...handler);
  }

  /**
   * As `bind`, for a global that the client cannot do without.
   *
   * @throws Error when the server does not have it, or only in a version below `minimum`.
   */
  require<P extends ObjectProxy>(
    type: ProxyClass<P>,
    versions: { minimum: number; maximum: number },
    ...handler: HandlerOf<P>
  ): P {
    const { name } = type.interface;
    const global = this.find(name);
    if (global === undefined) throw new Error(`the Wayland server does not offer ${name}`);
    if (global.version < versions.minimum) {
      throw new Error(
        `the Wayland server offers ${name} ${global.version}, at least ${versions.minimum} is needed`,
      );
    }
    return this.bindGlobal(global, type, versions.maximum, ...handler);
  }

  bindGlobal<P extends ObjectProxy>(
    global: GlobalInfo,
    type: ProxyClass<P>,
    version: number,
    ...handler: HandlerOf<P>
  ): P {
    return this.registry.bind(global.name, type, Math.min(version, global.version), ...handler);
  }
}
