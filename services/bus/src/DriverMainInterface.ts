import { DBusError, ErrorName, isWellKnownName, parseMatchRule } from '@switchyard/dbus';
import { startReply } from './activation/Activation.js';
import type { Bus } from './Bus.js';
import { credentialsOf, ownCredentials } from './Credentials.js';
import type { DriverInterface } from './DriverMethod.js';
import { driverName } from './DriverName.js';
import type { Peer } from './Peer.js';

/** org.freedesktop.DBus itself. */
export const mainInterface: DriverInterface = {
  name: driverName,
  methods: {
    Hello: {
      out: 's',
      outNames: ['unique_name'],
      call({ bus, peer }) {
        if (peer.state !== 'greeting') throw new DBusError(ErrorName.failed, 'Hello was said already');
        return [bus.admit(peer)];
      },
      afterReply: ({ bus, peer }) => bus.announce(peer.uniqueName, undefined, peer),
    },
    RequestName: {
      in: 'su',
      out: 'u',
      inNames: ['name', 'flags'],
      outNames: ['reply'],
      call({ bus, peer }, ...[name, flags]: [string, number]) {
        checkOwnable(name);
        if (peer.policy?.mayOwn(name) === false)
          throw new DBusError(
            ErrorName.accessDenied,
            `Connection "${peer.uniqueName}" is not allowed to own the service "${name}" due to security policies in the configuration file`,
          );
        if (bus.access.isActive && !bus.access.mayOwn(peer, name))
          throw new DBusError(ErrorName.accessDenied, `Policy forbids to own ${name}`);
        return [bus.names.request(peer, name, flags)];
      },
    },
    ReleaseName: {
      in: 's',
      out: 'u',
      inNames: ['name'],
      outNames: ['reply'],
      call({ bus, peer }, ...[name]: [string]) {
        checkOwnable(name);
        return [bus.names.release(peer, name)];
      },
    },
    StartServiceByName: {
      in: 'su',
      out: 'u',
      inNames: ['name', 'flags'],
      outNames: ['reply'],
      call({ bus, peer, message }, ...[name]: [string, number]) {
        const service = bus.activation.find(name);
        if (bus.names.owner(service.name)) return [startReply.alreadyRunning];
        bus.activation.start(peer, message.serial, message.expectsReply, name);
        return undefined;
      },
    },
    UpdateActivationEnvironment: {
      in: 'a{ss}',
      inNames: ['environment'],
      onlyHere: true,
      call({ bus, peer }, ...[variables]: [Map<string, string>]) {
        if (bus.type === 'system')
          throw new DBusError(
            ErrorName.accessDenied,
            'Cannot change activation environment on a system bus.',
          );
        checkPrivileged(peer);
        bus.activation.updateEnvironment(variables);
        return [];
      },
    },
    NameHasOwner: {
      in: 's',
      out: 'b',
      inNames: ['name'],
      outNames: ['has_owner'],
      call: ({ bus, peer }, ...[name]: [string]) => [
        name === driverName || bus.findFor(peer, name) !== undefined,
      ],
    },
    ListNames: {
      out: 'as',
      outNames: ['names'],
      call: ({ bus, peer }) => [
        [
          driverName,
          ...[...bus.peers].filter((one) => bus.access.maySeePeer(peer, one)).map((one) => one.uniqueName),
          ...[...bus.names.names()].filter((name) => bus.access.maySee(peer, name)),
        ],
      ],
    },
    ListActivatableNames: {
      out: 'as',
      outNames: ['names'],
      call: ({ bus }) => [[driverName, ...bus.activation.names()]],
    },
    AddMatch: {
      in: 's',
      inNames: ['rule'],
      call({ bus, peer }, ...[rule]: [string]) {
        const parsed = parseMatchRule(rule);
        bus.delivery.matches.add(peer, parsed);
        if (parsed.eavesdrop && peer.policy) bus.delivery.eavesdroppers.add(peer, parsed);
        return [];
      },
    },
    RemoveMatch: {
      in: 's',
      inNames: ['rule'],
      call({ bus, peer }, ...[rule]: [string]) {
        const parsed = parseMatchRule(rule);
        bus.delivery.matches.remove(peer, parsed);
        if (parsed.eavesdrop && peer.policy) bus.delivery.eavesdroppers.remove(peer, parsed);
        return [];
      },
    },
    GetNameOwner: {
      in: 's',
      out: 's',
      inNames: ['name'],
      outNames: ['unique_name'],
      call: ({ bus, peer }, ...[name]: [string]) => [
        name === driverName ? driverName : owner(bus, peer, name).uniqueName,
      ],
    },
    ListQueuedOwners: {
      in: 's',
      out: 'as',
      inNames: ['name'],
      outNames: ['unique_names'],
      call({ bus, peer }, ...[name]: [string]) {
        if (name === driverName) return [[driverName]];
        if (name.startsWith(':')) return [[owner(bus, peer, name).uniqueName]];
        owner(bus, peer, name);
        return [bus.names.queue(name).map((one) => one.uniqueName)];
      },
    },
    GetConnectionUnixUser: {
      in: 's',
      out: 'u',
      inNames: ['name'],
      outNames: ['uid'],
      call: ({ bus, peer }, ...[name]: [string]) => [
        name === driverName ? (process.getuid?.() ?? 0) : owner(bus, peer, name).uid,
      ],
    },
    GetConnectionUnixProcessID: {
      in: 's',
      out: 'u',
      inNames: ['name'],
      outNames: ['pid'],
      call({ bus, peer }, ...[name]: [string]) {
        const pid = name === driverName ? process.pid : owner(bus, peer, name).pid;
        if (pid === 0)
          throw new DBusError(
            ErrorName.unixProcessIdUnknown,
            `The process of ${name} is in no namespace of ours`,
          );
        return [pid];
      },
    },
    GetConnectionCredentials: {
      in: 's',
      out: 'a{sv}',
      inNames: ['name'],
      outNames: ['credentials'],
      call: ({ bus, peer }, ...[name]: [string]) => [
        name === driverName
          ? ownCredentials(peer.takesFds)
          : credentialsOf(owner(bus, peer, name), peer.takesFds),
      ],
    },
    GetAdtAuditSessionData: {
      in: 's',
      out: 'ay',
      inNames: ['name'],
      outNames: ['data'],
      call({ bus, peer }, ...[name]: [string]) {
        if (name !== driverName) owner(bus, peer, name);
        throw new DBusError(ErrorName.adtAuditDataUnknown, `Linux has no ADT audit data for ${name}`);
      },
    },
    GetConnectionSELinuxSecurityContext: {
      in: 's',
      out: 'ay',
      inNames: ['name'],
      outNames: ['context'],
      call({ bus, peer }, ...[name]: [string]) {
        if (name !== driverName) owner(bus, peer, name);
        throw new DBusError(
          ErrorName.seLinuxSecurityContextUnknown,
          `No SELinux context is known of ${name}`,
        );
      },
    },
    ReloadConfig: {
      call({ bus, peer }) {
        checkPrivileged(peer);
        bus.reload();
        return [];
      },
    },
    GetId: { out: 's', outNames: ['id'], call: ({ bus }) => [bus.guid] },
  },
  properties: {
    Features: { type: 'as', emits: 'const' },
    Interfaces: { type: 'as', emits: 'const' },
  },
  signals: {
    NameOwnerChanged: { args: 'sss', names: ['name', 'old_owner', 'new_owner'] },
    NameLost: { args: 's', names: ['name'] },
    NameAcquired: { args: 's', names: ['name'] },
    ActivatableServicesChanged: { args: '' },
  },
};

/** The owner of a name, whatever kind of name it is, if the asker may see it. Throws NameHasNoOwner. */
function owner(bus: Bus, peer: Peer, name: string): Peer {
  const found = bus.findFor(peer, name);
  if (!found) throw new DBusError(ErrorName.nameHasNoOwner, `The name ${JSON.stringify(name)} has no owner`);
  return found;
}

/** For what changes the bus itself. */
export function checkPrivileged(peer: Peer): void {
  if (!peer.isTrusted || peer.endpoint)
    throw new DBusError(ErrorName.accessDenied, 'Only root and the owner of the bus may do this');
}

function checkOwnable(name: string): void {
  if (!isWellKnownName(name))
    throw new DBusError(
      ErrorName.invalidArgs,
      `Not a name that a connection can own: ${JSON.stringify(name)}`,
    );
  if (name === driverName) throw new DBusError(ErrorName.invalidArgs, `${driverName} is the bus's own`);
}
