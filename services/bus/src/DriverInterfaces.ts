import { DBusError, ErrorName, introspectionXml, machineId, parseMatchRule, Variant } from '@switchyard/dbus';
import type { Bus } from './Bus.js';
import { checkPrivileged, mainInterface } from './DriverMainInterface.js';
import type { DriverInterface } from './DriverMethod.js';
import { driverName, driverPath } from './DriverName.js';
import { statsInterface } from './DriverStats.js';
import { extensionInterface } from './extension/Bus1Interface.js';

/** What of the specification's optional features this bus has ("Message Bus Properties"). */
function featuresOf(bus: Bus): Map<string, Variant> {
  const features = ['ActivatableServicesChanged', 'HeaderFiltering'];
  if (bus.activation.setup.systemd) features.push('SystemdActivation');
  return new Map([
    ['Features', new Variant('as', features)],
    ['Interfaces', new Variant('as', ['org.freedesktop.DBus.Monitoring', statsInterface.name])],
  ]);
}

const introspectable: DriverInterface = {
  name: 'org.freedesktop.DBus.Introspectable',
  methods: {
    Introspect: {
      out: 's',
      outNames: ['xml_data'],
      call({ message, peer }) {
        const here = message.path === driverPath;
        const interfaces = driverInterfaces.filter((one) => (here || !one.onlyHere) && !one.isHidden?.(peer));
        // All that is below, as dbus-daemon tells it: nothing is in between.
        const child = driverPath.slice(message.path === '/' ? 1 : (message.path?.length ?? 0) + 1);
        const isAbove = message.path === '/' || driverPath.startsWith(`${message.path}/`);
        return [introspectionXml(interfaces, isAbove ? [child] : [])];
      },
    },
  },
};

const properties: DriverInterface = {
  name: 'org.freedesktop.DBus.Properties',
  onlyHere: true,
  methods: {
    Get: {
      in: 'ss',
      out: 'v',
      inNames: ['interface_name', 'property_name'],
      outNames: ['value'],
      call: ({ bus }, ...[name, key]: [string, string]) => [property(bus, name, key)],
    },
    GetAll: {
      in: 's',
      out: 'a{sv}',
      inNames: ['interface_name'],
      outNames: ['properties'],
      call({ bus }, ...[name]: [string]) {
        checkInterface(name);
        return [name === driverName || name === '' ? featuresOf(bus) : new Map()];
      },
    },
    Set: {
      in: 'ssv',
      inNames: ['interface_name', 'property_name', 'value'],
      call({ bus }, ...[name, key]: [string, string, Variant]) {
        property(bus, name, key);
        throw new DBusError(ErrorName.propertyReadOnly, `${key} cannot be set`);
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

const monitoring: DriverInterface = {
  name: 'org.freedesktop.DBus.Monitoring',
  onlyHere: true,
  methods: {
    BecomeMonitor: {
      in: 'asu',
      inNames: ['rules', 'flags'],
      call({ peer }, ...[rules, flags]: [string[], number]) {
        if (flags !== 0) throw new DBusError(ErrorName.invalidArgs, 'BecomeMonitor has no flags');
        checkPrivileged(peer);
        rules.forEach(parseMatchRule);
        return [];
      },
      afterReply({ bus, peer }, ...[rules]: [string[], number]) {
        bus.makeMonitor(peer);
        for (const rule of rules.length > 0 ? rules : [''])
          bus.delivery.monitors.add(peer, parseMatchRule(rule));
      },
    },
  },
};

const peer: DriverInterface = {
  name: 'org.freedesktop.DBus.Peer',
  methods: {
    Ping: { call: () => [] },
    GetMachineId: { out: 's', outNames: ['machine_uuid'], call: () => [machineId()] },
  },
};

export const driverInterfaces: readonly DriverInterface[] = [
  mainInterface,
  introspectable,
  properties,
  monitoring,
  statsInterface,
  peer,
  extensionInterface,
];

function checkInterface(name: string): void {
  if (name !== '' && !driverInterfaces.some((one) => one.name === name))
    throw new DBusError(ErrorName.unknownInterface, `${driverName} has no interface ${name}`);
}

function property(bus: Bus, name: string, key: string): Variant {
  checkInterface(name);
  const value = name === driverName || name === '' ? featuresOf(bus).get(key) : undefined;
  if (!value)
    throw new DBusError(ErrorName.unknownProperty, `${driverName} has no property ${key} in ${name}`);
  return value;
}
