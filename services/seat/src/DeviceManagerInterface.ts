import type { CallContext, Interface, Variant } from '@switchyard/dbus';
import { switchyard } from '@switchyard/seat';
import { BusProvider } from './BusProvider.js';
import { Caller } from './Caller.js';
import { deviceKey } from './Device.js';
import { checkSeatName } from './DeviceRegistry.js';
import { loginError } from './LoginError.js';
import type { LoginService } from './LoginService.js';
import { VirtualDevice } from './VirtualDevice.js';

/** org.switchyard.DeviceManager1: virtual hardware for seats. The table is in ARCHITECTURE.md. */
export function deviceManagerInterface(service: LoginService): Interface {
  const { manager } = service;
  return {
    name: switchyard.deviceManager,
    methods: {
      AttachDevice: {
        in: 'sssa{sv}',
        out: 'uu',
        inNames: ['seat', 'kind', 'name', 'properties'],
        outNames: ['major', 'minor'],
        call: async (
          context: CallContext,
          seat: string,
          kind: string,
          name: string,
          properties: Map<string, Variant>,
        ) => {
          // Who provides a keyboard can type into every session of the seat.
          (await Caller.of(context)).requirePrivileged('AttachDevice');
          service.requireCurrent(context);
          const provider = new BusProvider(context.connection, context.sender, service.log);
          const device = manager.attachDevice(seat, kind, name, properties, provider);
          service.watchPeer(context.sender);
          return [device.major, device.minor];
        },
      },
      DetachDevice: {
        in: 'uu',
        inNames: ['major', 'minor'],
        call: (context: CallContext, major: number, minor: number) => {
          const device = manager.devices.get(major, minor);
          if (!(device instanceof VirtualDevice)) throw loginError.noDevice(deviceKey(major, minor));
          if (device.provider?.name !== context.sender) {
            throw loginError.accessDenied(`Device ${device.key} is detached by its provider only`);
          }
          manager.removeDevice(device);
        },
      },
      MoveConnector: {
        in: 'uuss',
        inNames: ['major', 'minor', 'connector', 'seat'],
        call: async (context: CallContext, major: number, minor: number, connector: string, seat: string) => {
          // As AttachDevice of login1's manager: what is on a screen is its seat's.
          service.policy.require('attach-device', await Caller.of(context));
          if (seat !== '') checkSeatName(seat);
          if (!service.hardware) throw loginError.noDevice(deviceKey(major, minor));
          await service.hardware.moveConnector(major, minor, connector, seat);
        },
      },
      ListDevices: {
        in: 's',
        out: 'a(uusssa{sv})',
        inNames: ['seat'],
        outNames: ['devices'],
        call: (_context: CallContext, seat: string) => [
          [...manager.devices].flatMap((device) => {
            const { major, minor, kind, name, properties } = device;
            if (!device.usable || (seat !== '' && device.seat !== seat)) return [];
            const provider = device instanceof VirtualDevice ? (device.provider?.name ?? '') : '';
            return [[major, minor, kind, name, provider, properties]];
          }),
        ],
      },
    },
    signals: {
      DeviceAdded: {
        args: 'suussa{sv}',
        names: ['seat', 'major', 'minor', 'kind', 'name', 'properties'],
      },
      DeviceChanged: {
        args: 'suussa{sv}',
        names: ['seat', 'major', 'minor', 'kind', 'name', 'properties'],
      },
      CardStolen: {
        args: 'suuuuss',
        names: ['seat', 'major', 'minor', 'pid', 'uid', 'name', 'done'],
      },
      DeviceRemoved: { args: 'suu', names: ['seat', 'major', 'minor'] },
    },
  };
}
