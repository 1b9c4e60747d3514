import { WlDisplayError, type WlRegistryRequests, type WlRegistryResource } from '../generated/wayland.js';
import type { Display } from './Display.js';
import type { Global } from './Global.js';

/** A client's wl_registry: announces globals and binds them. */
export class RegistryHandler implements WlRegistryRequests {
  readonly #display: Display;
  readonly #registry: WlRegistryResource;

  constructor(display: Display, registry: WlRegistryResource) {
    this.#display = display;
    this.#registry = registry;
    const announce = (global: Global): void => this.#announce(global);
    const remove = (global: Global): void => {
      if (global.visibleTo(registry.client)) registry.sendGlobalRemove(global.name);
    };
    const unsubscribe = display.subscribeGlobals(announce, remove);
    registry.onDestroy(unsubscribe);
  }

  announceAll(): void {
    for (const global of this.#display.globals) this.#announce(global);
  }

  bind(
    registry: WlRegistryResource,
    name: number,
    id: { interface: string; version: number; id: number },
  ): void {
    const global = this.#display.bindable(name);
    const wanted = id.version;
    if (global === undefined || !global.visibleTo(registry.client)) {
      this.#invalid(`invalid global ${id.interface} (${name})`);
      return;
    }
    const { interface: have, version } = global;
    if (have.name !== id.interface) {
      this.#invalid(`invalid interface for global ${name}: have ${have.name}, wanted ${id.interface}`);
      return;
    }
    if (wanted === 0) {
      this.#invalid(`invalid version for global ${have.name} (${name}): 0 is not a valid version`);
      return;
    }
    if (wanted > version) {
      this.#invalid(`invalid version for global ${have.name} (${name}): have ${version}, wanted ${wanted}`);
      return;
    }
    global.bind(registry.client, id.id, wanted);
  }

  #announce(global: Global): void {
    if (!global.visibleTo(this.#registry.client)) return;
    this.#registry.sendGlobal(global.name, global.interface.name, global.version);
  }

  /** libwayland posts wl_display's code on the registry, which has none of its own; clients know it so. */
  #invalid(message: string): void {
    this.#registry.postError(WlDisplayError.invalid_object, message);
  }
}
