import type { Emission } from './Call.js';
import type { Interface } from './Interface.js';
import { describe, objectManager, objectManagerName } from './ObjectManager.js';
import { ObjectTree } from './ObjectTree.js';
import { changedProperties } from './PropertiesChanged.js';
import type { Variant } from './Variant.js';

/** What a connection exports, and the signals that this brings about by itself: of ObjectManager, and PropertiesChanged. */
export class Exports {
  readonly tree = new ObjectTree({
    added: (path, implementation) => void this.#tellAdded(path, implementation),
    removed: (path, names) => this.#tellRemoved(path, names),
  });
  readonly #emit: (signal: Emission) => void;

  constructor(emit: (signal: Emission) => void) {
    this.#emit = emit;
  }

  /** Makes a path an ObjectManager for all that is exported below it. */
  manage(path: string): Disposable {
    return this.tree.add(path, objectManager(this.tree, path));
  }

  /** `changed`: the values, or the names of properties that are exported at `path` (those that don't emit are left out). */
  propertiesChanged(
    path: string,
    name: string,
    changed: ReadonlyMap<string, Variant> | Iterable<string>,
  ): void {
    const body = changedProperties(this.tree.get(path, name), name, changed);
    if (!body) return;
    const signal = { interface: 'org.freedesktop.DBus.Properties', member: 'PropertiesChanged' };
    this.#emit({ path, ...signal, signature: 'sa{sv}as', body });
  }

  async #tellAdded(path: string, implementation: Interface): Promise<void> {
    if (this.tree.having(objectManagerName, path).next().done) return;
    const interfaces = await describe([implementation]);
    // It may have gone while its properties were read.
    if (this.tree.get(path, implementation.name) !== implementation) return;
    this.#tellManagers(path, 'InterfacesAdded', 'oa{sa{sv}}', interfaces);
  }

  #tellRemoved(path: string, names: string[]): void {
    this.#tellManagers(path, 'InterfacesRemoved', 'oas', names);
  }

  #tellManagers(path: string, member: string, signature: string, what: unknown): void {
    for (const manager of this.tree.having(objectManagerName, path))
      this.#emit({ path: manager, interface: objectManagerName, member, signature, body: [path, what] });
  }
}
