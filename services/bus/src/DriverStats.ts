import { DBusError, ErrorName, Variant } from '@switchyard/dbus';
import type { DriverInterface } from './DriverMethod.js';
import { driverName } from './DriverName.js';

type Numbers = Readonly<Record<string, number>>;

/** org.freedesktop.DBus.Debug.Stats: dbus-daemon's, without what is about its own memory pools. */
export const statsInterface: DriverInterface = {
  name: 'org.freedesktop.DBus.Debug.Stats',
  onlyHere: true,
  methods: {
    GetStats: {
      out: 'a{sv}',
      outNames: ['statistics'],
      call({ bus }) {
        const rules = bus.delivery.matches.counter;
        const names = bus.names.counter;
        return [
          variants({
            Serial: bus.delivery.serial,
            ActiveConnections: bus.peers.size,
            IncompleteConnections: bus.unsettled,
            MatchRules: rules.total,
            PeakMatchRules: rules.peakTotal,
            PeakMatchRulesPerConnection: rules.peakOfOne,
            // Unique names are names too, one for each connection.
            BusNames: names.total + bus.peers.size,
            PeakBusNames: names.peakTotal + bus.peers.peak,
            PeakBusNamesPerConnection: names.peakOfOne + 1,
          }),
        ];
      },
    },
    GetConnectionStats: {
      in: 's',
      out: 'a{sv}',
      inNames: ['name'],
      outNames: ['statistics'],
      call({ bus }, ...[name]: [string]) {
        if (name === driverName)
          throw new DBusError(
            ErrorName.invalidArgs,
            `GetConnectionStats is not meaningful for the message bus "${driverName}" itself`,
          );
        const peer = bus.find(name);
        if (!peer)
          throw new DBusError(
            ErrorName.nameHasNoOwner,
            `Could not get statistics of name '${name}': no such name`,
          );
        const rules = bus.delivery.matches.counter;
        const names = bus.names.counter;
        const { backlog } = peer;
        const statistics = variants({
          Serial: 0,
          MatchRules: rules.of(peer),
          PeakMatchRules: rules.peakOf(peer),
          BusNames: names.of(peer) + 1,
          PeakBusNames: names.peakOf(peer) + 1,
          // A message that is whole has been routed: none waits on this side.
          IncomingMessages: 0,
          IncomingBytes: peer.incomingBytes,
          IncomingFDs: peer.incomingFds,
          PeakIncomingBytes: peer.peakIncomingBytes,
          PeakIncomingFDs: peer.peakIncomingFds,
          OutgoingMessages: backlog.messages,
          OutgoingBytes: backlog.bytes,
          OutgoingFDs: backlog.fds,
          PeakOutgoingBytes: backlog.peakBytes,
          PeakOutgoingFDs: backlog.peakFds,
        });
        return [statistics.set('UniqueName', new Variant('s', peer.uniqueName))];
      },
    },
    GetAllMatchRules: {
      out: 'a{sas}',
      outNames: ['rules'],
      call: ({ bus }) => [
        new Map([...bus.peers].map((peer) => [peer.uniqueName, bus.delivery.matches.rules(peer)])),
      ],
    },
  },
};

function variants(numbers: Numbers): Map<string, Variant> {
  return new Map(Object.entries(numbers).map(([name, number]) => [name, new Variant('u', number)]));
}
