import { DBusError, ErrorName, isWellKnownName, MessageType, Variant } from '@switchyard/dbus';
import type { SocketType } from '@switchyard/sys';
import type { Bus } from '../Bus.js';
import type { DriverCall, DriverInterface } from '../DriverMethod.js';
import type { Peer } from '../Peer.js';
import { accessEntries, type WireEntries } from './AccessTable.js';
import { Inbox } from './Inbox.js';
import { metadataItems } from './Metadata.js';
import { closeEntry, PeerExtension } from './PeerExtension.js';

export const extensionName = 'org.switchyard.Bus1';
/** Calls of WaitForRoom that one connection may have open. */
const maximumWaiting = 64;
const entriesSignature = 'a(sa(sus))';

/** The extension (docs/dbus.md). Nobody sees it who has not negotiated it. */
export const extensionInterface: DriverInterface = {
  name: extensionName,
  onlyHere: true,
  isHidden: (peer) => peer.extension === undefined,
  methods: {
    Negotiate: {
      in: 'a{sv}',
      out: 'a{sv}',
      inNames: ['options'],
      outNames: ['in_force'],
      call({ bus, peer }, ...[options]: [Map<string, Variant>]) {
        negotiate(bus, peer, options);
        return [inForce(peer.extension!)];
      },
    },
    WaitForRoom: {
      in: 'stu',
      inNames: ['name', 'bytes', 'fds'],
      call({ bus, peer, message }, ...[name, bytes, fds]: [string, bigint, number]) {
        const extension = extended(peer);
        const receiver = visible(bus, peer, name);
        const { inbox } = receiver.extension ?? {};
        const queue = inbox ?? receiver.backlog;
        const size = Number(bytes);
        if (queue.room(peer, size, fds) === 'room') return [];
        if (extension.waiting >= maximumWaiting)
          throw new DBusError(ErrorName.limitsExceeded, `At most ${maximumWaiting} calls may wait for room`);
        extension.waiting++;
        const go = () => {
          extension.waiting--;
          if (peer.state !== 'active') return;
          if (receiver.state === 'gone') bus.delivery.postError(peer, message.serial, noOwner(name));
          else bus.delivery.postReply(peer, message.serial);
        };
        queue.whenRoom({ sender: peer, bytes: size, fds, go });
        return undefined;
      },
    },
    Take: {
      in: 'a{sv}',
      out: 'bt',
      inNames: ['options'],
      outNames: ['found', 'lost'],
      call({ bus, peer }, ...[options]: [Map<string, Variant>]) {
        const extension = extended(peer);
        if (!extension.inbox) throw new DBusError(ErrorName.failed, 'The connection has no inbox');
        const priority = option<bigint>(options, 'priority', 'x');
        const [peek, drop] = [option<boolean>(options, 'peek', 'b'), option<boolean>(options, 'drop', 'b')];
        if (priority !== undefined && drop)
          throw new DBusError(ErrorName.invalidArgs, 'What is dropped is the oldest, whatever its priority');
        const entry = extension.inbox.next({ priority, peek: peek ?? false });
        const { lost } = extension;
        extension.lost = 0;
        if (entry && drop && !peek) {
          closeEntry(entry);
          if (entry.message.asks) bus.failCall(entry.message.sender, entry.message.serial, peer);
        } else if (entry) bus.extended.release(peer, entry, peek);
        return [entry !== undefined, lost];
      },
    },
    Leave: {
      call({ peer }) {
        const { inbox } = extended(peer);
        if (!inbox)
          throw new DBusError(ErrorName.notSupported, 'Without an inbox nobody knows what is on its way');
        if (inbox.length > 0)
          throw new DBusError(ErrorName.failed, `${inbox.length} messages wait in the inbox`);
        return [];
      },
      afterReply: ({ peer }) => peer.disconnect('left'),
    },
    ListPeers: {
      out: 'a(sa{sv})',
      outNames: ['peers'],
      call({ bus, peer }) {
        extended(peer);
        const seen = [...bus.peers].filter((one) => bus.access.maySeePeer(peer, one));
        return [seen.map((one) => [one.uniqueName, describe(bus, peer, one)])];
      },
    },
    Activate: {
      in: 's',
      inNames: ['name'],
      call({ bus, peer }, ...[name]: [string]) {
        extended(peer);
        trusted(peer);
        if (!isWellKnownName(name))
          throw new DBusError(ErrorName.invalidArgs, `Not a name: ${JSON.stringify(name)}`);
        bus.activators.add(peer, name);
        return [];
      },
    },
    SetPolicy: {
      in: entriesSignature,
      inNames: ['entries'],
      call({ bus, peer }, ...[wire]: [WireEntries]) {
        extended(peer);
        trusted(peer);
        bus.access.holders.set(peer, accessEntries(wire, { wildcards: true }));
        bus.reviewChannels();
        return [];
      },
    },
    CreateEndpoint: {
      in: `s${entriesSignature}u`,
      out: 's',
      inNames: ['name', 'entries', 'mode'],
      outNames: ['address'],
      call({ bus, peer }, ...[name, wire, mode]: [string, WireEntries, number]) {
        extended(peer);
        trusted(peer);
        const entries = accessEntries(wire, { wildcards: false });
        return [bus.endpoints.create(peer, peer.uid, name, mode, entries).address];
      },
    },
    UpdateEndpoint: {
      in: `s${entriesSignature}`,
      inNames: ['name', 'entries'],
      call({ bus, peer }, ...[name, wire]: [string, WireEntries]) {
        extended(peer);
        bus.endpoints.get(peer, name).entries = accessEntries(wire, { wildcards: false });
        bus.reviewChannels();
        return [];
      },
    },
    RemoveEndpoint: {
      in: 's',
      inNames: ['name'],
      call({ bus, peer }, ...[name]: [string]) {
        extended(peer);
        bus.endpoints.remove(bus.endpoints.get(peer, name));
        return [];
      },
    },
    OpenChannel: {
      in: 'ss',
      out: 'uh',
      inNames: ['name', 'type'],
      outNames: ['id', 'channel'],
      call: openChannel,
    },
  },
  signals: {
    Lost: { args: 't', names: ['signals'] },
    Waiting: { args: '' },
    ActivationWaiting: { args: 's', names: ['name'] },
    Refused: { args: 'uss', names: ['serial', 'error', 'text'] },
    ChannelOpened: { args: 'sush', names: ['from', 'id', 'type', 'channel'] },
  },
};

function openChannel({ bus, peer }: DriverCall, ...[name, type]: [string, string]): unknown[] {
  extended(peer);
  if (type !== 'stream' && type !== 'seqpacket')
    throw new DBusError(ErrorName.invalidArgs, `${JSON.stringify(type)} is neither stream nor seqpacket`);
  if (!peer.takesFds) throw new DBusError(ErrorName.notSupported, 'The connection takes no file descriptors');
  const to = visible(bus, peer, name);
  if (!to.extension?.channels || !to.takesFds)
    throw new DBusError(ErrorName.notSupported, `${to.uniqueName} takes no direct channels`);
  if (!bus.mayOpenChannel(peer, to))
    throw new DBusError(ErrorName.accessDenied, `Policy forbids a channel to ${name}`);
  if (to.room(peer, 512, 1) !== 'room')
    throw new DBusError(ErrorName.limitsExceeded, `${to.uniqueName} does not read what it is sent`);
  const { id, ends } = bus.channels.open(peer, to, type as SocketType);
  bus.tellExtension(to, 'ChannelOpened', 'sush', [peer.uniqueName, id, type, ends[1]]);
  return [id, ends[0]];
}

function negotiate(bus: Bus, peer: Peer, options: Map<string, Variant>): void {
  const metadata = option<string[]>(options, 'metadata', 'as');
  const items = metadata && metadataItems(metadata);
  const overflow = option<string>(options, 'overflow', 's');
  if (overflow !== undefined && overflow !== 'error' && overflow !== 'wait')
    throw new DBusError(
      ErrorName.invalidArgs,
      `overflow is 'error' or 'wait', not ${JSON.stringify(overflow)}`,
    );
  const inbox = option<boolean>(options, 'inbox', 'b');
  const channels = option<boolean>(options, 'channels', 'b');
  const description = option<string>(options, 'description', 's');
  if (inbox === false && (peer.extension?.inbox?.length ?? 0) > 0)
    throw new DBusError(ErrorName.failed, 'The inbox is not empty');
  peer.extension ??= new PeerExtension();
  const { extension } = peer;
  if (items !== undefined) {
    extension.metadata = items;
    bus.credentialsWanted(items);
  }
  if (overflow !== undefined) extension.waits = overflow === 'wait';
  if (inbox !== undefined) extension.inbox = inbox ? (extension.inbox ?? new Inbox(peer.account)) : undefined;
  if (channels !== undefined) extension.channels = channels;
  if (description !== undefined) extension.description = description.slice(0, 256);
}

function inForce(extension: PeerExtension): Map<string, Variant> {
  return new Map<string, Variant>([
    ['version', new Variant('u', 1)],
    ['overflow', new Variant('s', extension.waits ? 'wait' : 'error')],
    ['inbox', new Variant('b', extension.inbox !== undefined)],
    ['channels', new Variant('b', extension.channels)],
    ['description', new Variant('s', extension.description)],
  ]);
}

function describe(bus: Bus, asker: Peer, peer: Peer): Map<string, Variant> {
  const names = bus.namesOf(peer).filter((name) => bus.access.maySee(asker, name));
  const { uid, groups } = peer.identity;
  return new Map<string, Variant>([
    ['Names', new Variant('as', names)],
    ['UnixUserID', new Variant('u', uid)],
    ['UnixGroupIDs', new Variant('au', [...groups])],
    ['ProcessID', new Variant('u', peer.pid)],
    ['Activators', new Variant('as', bus.activators.namesOf(peer))],
    ['Description', new Variant('s', peer.extension?.description ?? '')],
    ['Endpoint', new Variant('s', peer.endpoint?.name ?? '')],
    ['QueuedBytes', new Variant('t', peer.backlog.bytes)],
    ['QueuedMessages', new Variant('u', peer.backlog.messages + (peer.extension?.inbox?.length ?? 0))],
  ]);
}

function option<Value>(options: Map<string, Variant>, key: string, signature: string): Value | undefined {
  const variant = options.get(key);
  if (!variant) return undefined;
  if (variant.signature !== signature)
    throw new DBusError(
      ErrorName.invalidArgs,
      `Option ${key} is of type '${signature}', not '${variant.signature}'`,
    );
  return variant.value as Value;
}

function extended(peer: Peer): PeerExtension {
  if (!peer.extension)
    throw new DBusError(ErrorName.accessDenied, `${extensionName} has to be negotiated first (Negotiate)`);
  return peer.extension;
}

function trusted(peer: Peer): void {
  if (!peer.isTrusted || peer.endpoint)
    throw new DBusError(
      ErrorName.accessDenied,
      'This is for root and the owner of the bus, and not at endpoints',
    );
}

function visible(bus: Bus, peer: Peer, name: string): Peer {
  const found = bus.findFor(peer, name);
  if (!found) throw noOwner(name);
  return found;
}

function noOwner(name: string): DBusError {
  return new DBusError(ErrorName.nameHasNoOwner, `The name ${JSON.stringify(name)} has no owner`);
}

/** What a channel is, to a configuration's policy: a call with an fd. */
export const channelSubject = {
  type: MessageType.methodCall,
  interface: extensionName,
  member: 'OpenChannel',
  path: '/org/freedesktop/DBus',
  errorName: undefined,
  isReply: false,
  unixFds: 1,
} as const;
