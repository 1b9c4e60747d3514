import type { InterfaceModel, Protocol } from './Protocol.js';

/** The module that an interface is generated into, and the interface. */
export type Home = { module: string; model: InterfaceModel };

/** Where each interface is generated, so that a protocol can use another's; and what a module turned out to use. */
export class ModuleImports {
  readonly #homes: ReadonlyMap<string, Home>;
  readonly #own: string;
  readonly #used = new Map<string, Set<string>>();

  /** @param own the module being written. */
  constructor(homes: ReadonlyMap<string, Home>, own: string) {
    this.#homes = homes;
    this.#own = own;
  }

  /** Registers the use of a name that is generated for an interface, and returns the name. */
  use(interfaceName: string, name: string): string {
    const { module } = this.home(interfaceName);
    if (module !== this.#own) {
      const names = this.#used.get(module) ?? new Set();
      this.#used.set(module, names.add(name));
    }
    return name;
  }

  /** Registers the use of a name that is a type only. */
  useType(interfaceName: string, name: string): string {
    this.use(interfaceName, `type ${name}`);
    return name;
  }

  home(interfaceName: string): Home {
    const home = this.#homes.get(interfaceName);
    if (home === undefined)
      throw new Error(`${this.#own}: no protocol defines the interface ${interfaceName}`);
    return home;
  }

  lines(): string[] {
    const modules = [...this.#used].sort(([a], [b]) => a.localeCompare(b));
    return modules.map(([home, names]) => `import { ${[...names].sort().join(', ')} } from './${home}.js';`);
  }
}

export function interfaceHomes(protocols: ReadonlyMap<string, Protocol>): Map<string, Home> {
  const homes = new Map<string, Home>();
  for (const [module, protocol] of protocols) {
    for (const model of protocol.interfaces) {
      const other = homes.get(model.name)?.module;
      if (other !== undefined) {
        throw new Error(`the interface ${model.name} is defined by both ${other} and ${module}`);
      }
      homes.set(model.name, { module, model });
    }
  }
  return homes;
}
