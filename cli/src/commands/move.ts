import { existsSync } from 'node:fs';
import { Connection, DBusError, type Proxy as RemoteObject, type Variant } from '@switchyard/dbus';
import { RuntimeDir } from '@switchyard/runtime';
import type { Command } from 'commander';
import { exitCode, Failure } from '../Failure.js';

const login1 = 'org.freedesktop.login1';
const deviceManager = 'org.switchyard.DeviceManager1';

interface MoveOptions {
  readonly bus?: string;
  readonly runtimeDir?: string;
}

/** `yard seat move`: of the session manager that has the machine's devices, which need not be a tree's. */
export function moveCommand(seat: Command): void {
  seat
    .command('move')
    .description('give a connector of a graphics card to a seat, while both are in use')
    .argument('<connector>', 'as in /sys/class/drm: card0-HDMI-A-1')
    .argument('<seat>', 'seat0, seat1, …, which appears if need be; "" is nobody')
    .option('--bus <address>', 'where the session manager is')
    .option('--runtime-dir <dir>', 'where its tree runs')
    .action(async (connector: string, target: string, options: MoveOptions) => {
      const [, card, name] = /^(card\d+)-(.+)$/.exec(connector) ?? [];
      if (card === undefined || name === undefined) {
        throw new Failure(`${connector} is no connector's name; see: ls /sys/class/drm`, exitCode.usage);
      }
      const address = busOf(options);
      const bus = await Connection.connect(address).catch((error: Error) => {
        throw new Failure(`no bus at ${address}: ${error.message}`, exitCode.notRunning);
      });
      try {
        await move(bus.proxy(login1, '/org/freedesktop/login1'), card, name, target);
      } finally {
        bus.close();
      }
    });
}

/** As `yard seat open-session`: of a tree that runs, else the system's. */
function busOf({ bus, runtimeDir }: MoveOptions): string {
  const named = bus ?? (runtimeDir === undefined ? process.env['DBUS_SYSTEM_BUS_ADDRESS'] : undefined);
  if (named) return named;
  const tree = RuntimeDir.resolve(runtimeDir);
  if (runtimeDir !== undefined || existsSync(tree.busSocket)) return tree.busAddress;
  return 'unix:path=/run/dbus/system_bus_socket';
}

async function move(manager: RemoteObject, card: string, connector: string, seat: string): Promise<void> {
  try {
    const [devices] = (await manager.call(deviceManager, 'ListDevices', 's', '')) as [
      [number, number, string, string, string, Map<string, Variant>][],
    ];
    const found = devices.find(([, , kind, , , properties]) => {
      return kind === 'card' && properties.get('path')?.value === `/dev/dri/${card}`;
    });
    if (!found) throw new Failure(`no seat has a ${card}`, exitCode.notFound);
    await manager.call(deviceManager, 'MoveConnector', 'uuss', found[0], found[1], connector, seat);
  } catch (error) {
    throw error instanceof DBusError ? new Failure(error.message) : error;
  }
}
