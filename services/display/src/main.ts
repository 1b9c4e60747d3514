import { join } from 'node:path';
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
import { SeatClient } from '@switchyard/seat';
import { Compositor } from './Compositor.js';
import { Display1 } from './Display1.js';
import { SeatLayout } from './input/SeatLayout.js';
import { Privileges } from './Privileges.js';
import { defaultPrivilegesFile, readPrivilegesFile } from './PrivilegesFile.js';
import { MonitorWatch } from './session/MonitorWatch.js';
import { listenCommon, removeStaleSockets } from './session/SessionSocket.js';
import { FullscreenPolicy } from './shell/FullscreenPolicy.js';
import { isSealing, type Sealing } from './shm/SharedMemory.js';

/** The compositor as a process: `main.js --runtime-dir DIR [--seat seat0] [--further] [--sealing auto|require|off] [--privileges FILE] [--idle-time SECONDS]`. */
const { values } = parseArgs({
  options: {
    'runtime-dir': { type: 'string' },
    seat: { type: 'string', default: 'seat0' },
    further: { type: 'boolean', default: false },
    sealing: { type: 'string', default: 'auto' },
    privileges: { type: 'string' },
    'idle-time': { type: 'string' },
  },
});

function parseSealing(text: string): Sealing {
  if (isSealing(text)) return text;
  process.stderr.write(`--sealing is auto, require or off, not ${text}\n`);
  process.exit(2);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0) return seconds * 1000;
  process.stderr.write(`--idle-time is a number of seconds, not ${text}\n`);
  process.exit(2);
}

/** A file that cannot be used gives nobody anything. */
function readPrivileges(): Privileges {
  const path = values.privileges ?? defaultPrivilegesFile();
  try {
    const rules = readPrivilegesFile(path);
    if (!rules && values.privileges !== undefined) log.warn({ path }, 'there is no such file of privileges');
    return new Privileges(rules ?? []);
  } catch (error) {
    log.warn({ error: (error as Error).message }, 'the privileges are not read: nobody has any by them');
    return new Privileges([]);
  }
}

const log = createLog('display');
const dir = RuntimeDir.resolve(values['runtime-dir']);
const place = new SeatPlace(values.seat, values.further);
const seatClient = new SeatClient();
const layout = new SeatLayout(join(place.state(dir), 'layout.json'));
const compositor = new Compositor({
  seat: values.seat,
  sealing: parseSealing(values.sealing),
  policy: new FullscreenPolicy(),
  keymap: layout.open(),
  seatClient,
  privileges: readPrivileges(),
  ...(values['idle-time'] === undefined ? {} : { idleTime: parseSeconds(values['idle-time']) }),
  lockFile: join(dir.state, `lock-${values.seat}`),
  log,
});

removeStaleSockets(place.sessions(dir));
const common = listenCommon(compositor, dir.path);
const display1 = new Display1(compositor, place, dir, common.path, layout, log);
let watch: MonitorWatch | undefined;

const link = new BusLink(dir.busAddress, {
  connected: async (connection) => {
    seatClient.connected(connection);
    watch = new MonitorWatch(connection, values.seat, {
      monitor: (device) => void compositor.outputs.attach(device),
      monitorGone: (key) => compositor.outputs.detach(key),
      monitors: (keys) => compositor.outputs.keep(keys),
      touch: (present) => compositor.seat.setTouch(present),
    });
    try {
      compositor.extensions.clipboard.serve(connection);
      compositor.extensions.textInput.serve(connection);
      await display1.serve(connection);
    } catch (error) {
      // Lost in between: the link comes back by itself.
      if (link.connection !== connection) return;
      throw error;
    }
    log.info({ display: common.path }, 'ready');
    notifyReady(`Listening at ${common.path}`);
  },
  lost: () => {
    log.warn('the bus is gone');
    notifyStatus('waiting for the bus');
    watch = undefined;
    seatClient.lost();
  },
});

onTerminate(() => {
  watch?.[Symbol.dispose]();
  display1.close();
  compositor[Symbol.dispose]();
  link.close();
});
