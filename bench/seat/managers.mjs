// The two session managers, each on sockets of its own.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@switchyard/dbus';
import { DeviceProvider, login1, switchyard } from '@switchyard/seat';
import { Daemon } from './Daemon.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Of virtual devices; the kernel's have others. */
const virtualMajor = 4095;

/** Our bus and manager. `hardware`, `vts`: of the machine. */
export async function startOurs(place, { hardware, vts }) {
  const bus = Daemon.start(process.execPath, [
    join(root, 'services/bus/dist/main.js'),
    '--runtime-dir',
    place,
  ]);
  await bus.until(() => existsSync(join(place, 'bus')));
  const daemon = Daemon.start(process.execPath, [
    join(root, 'services/seat/dist/main.js'),
    ...['--runtime-dir', place, hardware ? '--hardware' : '--no-hardware', vts ? '--vt' : '--no-vt'],
  ]);
  const address = `unix:path=${join(place, 'bus')}`;
  const connection = await Connection.connect(address);
  await new Promise((appeared) => connection.watchName(login1.name, { appeared }));
  return { name: 'yard-seatd', daemon, address, connection, socket: join(place, 'seatd.sock') };
}

/** Two keyboards and a mouse, which this process provides; their numbers. */
export async function provideDevices(connection) {
  const provider = new DeviceProvider();
  provider.connected(connection);
  for (const name of ['keys', 'more keys']) provider.attachKeyboard('seat0', name);
  provider.attachPointer('seat0', 'mouse', 1000);
  for (;;) {
    const [all] = await connection.call({
      destination: login1.name,
      path: login1.path,
      interface: switchyard.deviceManager,
      member: 'ListDevices',
      signature: 's',
      body: [''],
    });
    const devices = all.filter(([major]) => major === virtualMajor);
    if (devices.length === 3) return devices.map(([major, minor]) => [major, minor]);
  }
}

/** Debian's. Its socket's path is fixed: it gets a /run of its own, and where there are no devices, nodes in their place. */
export async function startSeatd(place, { standIns, vts }) {
  const run = join(place, 'run');
  mkdirSync(run);
  const nodes = [
    ...standIns.map((path) => `mknod ${path} c 1 3`),
    ...[0, ...vts].map((vt) => `mknod /dev/tty${vt} c 4 ${vt}`),
  ];
  const replace = `mount -t tmpfs dev /dev && mkdir /dev/input && ${nodes.join(' && ')} &&`;
  const inside = `mount --bind "$0" /run && ${standIns.length > 0 ? replace : ''} exec seatd -l silent`;
  const daemon = Daemon.start('unshare', ['-m', 'sh', '-c', inside, run], {
    SEATD_VTBOUND: vts.length > 0 ? '1' : '0',
  });
  const socket = join(run, 'seatd.sock');
  await daemon.until(() => existsSync(socket));
  return { name: 'seatd', daemon, socket };
}
