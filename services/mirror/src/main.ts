import { parseArgs } from 'node:util';
import { BusLink } from '@switchyard/dbus';
import {
  createLog,
  notifyReady,
  notifyStatus,
  onTerminate,
  RuntimeDir,
  SeatPlace,
} from '@switchyard/runtime';
import { login1, parseMonitorSize } from '@switchyard/seat';
import { Mirror } from './Mirror.js';
import { mirror1, mirrorInterface } from './MirrorInterface.js';
import { ShownFile } from './ShownFile.js';

/** A shared session's hardware: `main.js --runtime-dir DIR --seat SEAT [--size 1280x720] [--follow] [--title TEXT] [--uid UID]`. */
const { values } = parseArgs({
  options: {
    'runtime-dir': { type: 'string' },
    seat: { type: 'string' },
    size: { type: 'string', default: '1280x720' },
    follow: { type: 'boolean', default: false },
    title: { type: 'string', default: 'Shared' },
    uid: { type: 'string', default: String(process.getuid!()) },
    // Every further seat's services are told.
    further: { type: 'boolean', default: false },
  },
});
const size = parseMonitorSize(values.size);
if (values.seat === undefined || !size) {
  process.stderr.write(
    values.seat === undefined
      ? 'mirror: --seat says where it runs\n'
      : `mirror: --size ${values.size}: a size looks like 1280x720, or 2560x1440@2\n`,
  );
  process.exit(2);
}

const log = createLog('mirror');
const directory = RuntimeDir.resolve(values['runtime-dir']);
const place = new SeatPlace(values.seat, true);
const shown = new ShownFile(place.state(directory));
/** What the service before this one showed comes again. */
let restoring: string[] | undefined = shown.read();
const mirror = new Mirror({
  seat: values.seat,
  size,
  follow: values.follow,
  title: values.title,
  uid: Number(values.uid),
  log,
  changed: () => {
    if (!restoring) shown.write(mirror.seats);
    link.connection?.emitPropertiesChanged(mirror1.path, mirror1.interface, ['Seats']);
  },
});

const link = new BusLink(directory.busAddress, {
  connected: async (connection) => {
    mirror.connected(connection);
    connection.export(mirror1.path, mirrorInterface(mirror));
    connection.watchName(login1.name, {
      appeared: () => void mirror.provider.settled().then(() => restore()),
    });
    await connection.requestName(place.busName(mirror1.name));
  },
  lost: () => {
    notifyStatus('waiting for the bus');
    mirror.lost();
  },
});

async function restore(): Promise<void> {
  const seats = restoring;
  if (!seats) return;
  restoring = undefined;
  for (const seat of seats)
    await mirror
      .show(seat)
      .catch((error: Error) => log.warn({ seat, error: error.message }, 'not shown again'));
  shown.write(mirror.seats);
  notifyReady(`the hardware of ${values.seat}`);
}

onTerminate(async () => {
  // What is shown stays written down.
  restoring = [];
  await mirror.close();
  link.close();
});
