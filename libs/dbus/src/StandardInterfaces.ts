import { DBusError, ErrorName } from './DBusError.js';
import type { CallContext, Interface, Property } from './Interface.js';
import { introspectionXml } from './introspection/Introspection.js';
import { machineId } from './MachineId.js';
import type { ObjectTree } from './ObjectTree.js';
import { Variant } from './Variant.js';

/** The interfaces that every exported object has without saying so. */

export const peer: Interface = {
  name: 'org.freedesktop.DBus.Peer',
  methods: {
    Ping: { call: () => [] },
    GetMachineId: { out: 's', outNames: ['machine_uuid'], call: () => [machineId()] },
  },
};

export function introspectable(tree: ObjectTree): Interface {
  return {
    name: 'org.freedesktop.DBus.Introspectable',
    methods: {
      Introspect: {
        out: 's',
        outNames: ['xml_data'],
        call: ({ message }) => {
          const path = message.path!;
          return [introspectionXml(tree.interfacesAt(path), tree.childrenOf(path))];
        },
      },
    },
  };
}

export function properties(tree: ObjectTree): Interface {
  return {
    name: 'org.freedesktop.DBus.Properties',
    methods: {
      Get: {
        in: 'ss',
        out: 'v',
        inNames: ['interface_name', 'property_name'],
        outNames: ['value'],
        async call(context: CallContext, ...[name, key]: [string, string]) {
          const property = find(tree, context.message.path!, name, key);
          return [new Variant(property.type, await property.get(context))];
        },
      },
      Set: {
        in: 'ssv',
        inNames: ['interface_name', 'property_name', 'value'],
        async call(context: CallContext, ...[name, key, value]: [string, string, Variant]) {
          const property = find(tree, context.message.path!, name, key);
          if (!property.set)
            throw new DBusError(ErrorName.propertyReadOnly, `Property ${key} of ${name} is read-only`);
          if (value.signature !== property.type)
            throw new DBusError(
              ErrorName.invalidArgs,
              `Property ${key} is of type '${property.type}', not '${value.signature}'`,
            );
          await property.set(value.value, context);
        },
      },
      GetAll: {
        in: 's',
        out: 'a{sv}',
        inNames: ['interface_name'],
        outNames: ['properties'],
        async call(context: CallContext, ...[name]: [string]) {
          const all = new Map<string, Variant>();
          for (const one of tree.interfacesNamed(context.message.path!, name))
            for (const [key, property] of Object.entries(one.properties ?? {}))
              all.set(key, new Variant(property.type, await property.get(context)));
          return [all];
        },
      },
    },
    signals: {
      PropertiesChanged: {
        args: 'sa{sv}as',
        names: ['interface_name', 'changed_properties', 'invalidated_properties'],
      },
    },
  };
}

function find(tree: ObjectTree, path: string, name: string, key: string): Property {
  for (const one of tree.interfacesNamed(path, name))
    if (one.properties && Object.hasOwn(one.properties, key)) return one.properties[key]!;
  throw new DBusError(
    ErrorName.unknownProperty,
    `No property ${key} in interface ${name || '(any)'} of ${path}`,
  );
}
