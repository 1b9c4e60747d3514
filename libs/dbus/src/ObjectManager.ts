import type { CallContext, Interface } from './Interface.js';
import type { ObjectTree } from './ObjectTree.js';
import { Variant } from './Variant.js';

export const objectManagerName = 'org.freedesktop.DBus.ObjectManager';

/** An object's interfaces with their properties. */
type Described = Map<string, Map<string, Variant>>;

/** org.freedesktop.DBus.ObjectManager for all objects below a path. */
export function objectManager(tree: ObjectTree, path: string): Interface {
  return {
    name: objectManagerName,
    methods: {
      GetManagedObjects: {
        out: 'a{oa{sa{sv}}}',
        outNames: ['objects'],
        async call(context: CallContext) {
          const objects = new Map<string, Described>();
          for (const [below, interfaces] of tree.objectsBelow(path))
            objects.set(below, await describe(interfaces, context));
          return [objects];
        },
      },
    },
    signals: {
      InterfacesAdded: { args: 'oa{sa{sv}}', names: ['object', 'interfaces'] },
      InterfacesRemoved: { args: 'oas', names: ['object', 'interfaces'] },
    },
  };
}

/** Properties that cannot be read are left out: nobody asked for just them. */
export async function describe(interfaces: Iterable<Interface>, context?: CallContext): Promise<Described> {
  const described: Described = new Map();
  for (const { name, properties = {} } of interfaces) {
    const values = new Map<string, Variant>();
    for (const [key, { type, get }] of Object.entries(properties))
      try {
        values.set(key, new Variant(type, await get(context)));
      } catch {
        // Whoever asks for it alone is told why.
      }
    described.set(name, values);
  }
  return described;
}
